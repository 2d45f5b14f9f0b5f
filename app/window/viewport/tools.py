"""What mouse and keys do over the picture: one tool for each kind of gesture, and the hand that holds them.

    Qt events --> Viewport --> Hand --- asks its tools in turn; the first that takes hold gets the rest of the drag
                                 |
                                 +--> Peek, SplitLine, PanZoom --> View, and BrushTool --> Painting

Positions are device pixels, y down. Tools know neither Qt nor widgets, so that a test can be a list of positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from daub.app.model.view.view import View

LOOSE = 4  # logical pixels that a held button may move before it drags
GRIP = 9  # logical pixels on either side of the split line that take hold of it
_ARROW = 60  # logical pixels that an arrow key moves the picture
_NOTCHES = 3  # of the wheel that make the picture twice as large


class Key(Enum):
    """Keys that tools know."""

    SPACE = auto()
    PEEK_A = auto()
    PEEK_B = auto()
    ESCAPE = auto()
    ENTER = auto()
    BACKSPACE = auto()
    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    FAR_LEFT = auto()  # with Shift, as those that follow
    FAR_RIGHT = auto()
    FAR_UP = auto()
    FAR_DOWN = auto()
    SHIFT = auto()  # held while the mouse does something, as those that follow
    CONTROL = auto()
    ALT = auto()
    FORWARD = auto()  # of a flight, as those that follow
    BACK = auto()
    LEFTWARD = auto()
    RIGHTWARD = auto()
    RISE = auto()
    SINK = auto()


ARROWS = Key.LEFT, Key.RIGHT, Key.UP, Key.DOWN
FAR_ARROWS = Key.FAR_LEFT, Key.FAR_RIGHT, Key.FAR_UP, Key.FAR_DOWN
FLIGHT = Key.FORWARD, Key.BACK, Key.LEFTWARD, Key.RIGHTWARD, Key.RISE, Key.SINK


class Button(Enum):
    """Buttons of the mouse that tools know."""

    LEFT = auto()
    MIDDLE = auto()
    RIGHT = auto()


class Cursor(Enum):
    """How the pointer looks."""

    USUAL = auto()
    GRABBING = auto()  # a closed hand
    SPLITTING = auto()  # to the left and to the right
    PAINTING = auto()  # in the middle of a brush, or where a rectangle begins
    MOVING = auto()  # in all directions
    DOWN = auto()  # up and down
    FALLING = auto()  # along the diagonal from the upper left
    RISING = auto()  # along the other one
    PICKING = auto()  # a finger that points


@dataclass(frozen=True)
class Pointer:
    """The mouse at one moment.

    Args:
        x, y: where it is.
        button: the one that was pressed, None for what is done without.
        keys: those that are held down.
        side: that is seen there, "a" or "b".
    """

    x: float
    y: float
    button: Button | None = None
    keys: frozenset[Key] = frozenset()
    side: str = "b"


class Tool:
    """One kind of gesture. What a tool does not take, by returning False, is left to the next."""

    def press(self, at: Pointer) -> bool:
        """A button goes down; a tool that takes it gets the moves and the release."""
        return False

    def move(self, at: Pointer) -> None:
        """The mouse moves while the tool has the button."""

    def release(self, at: Pointer) -> None:
        """The button goes up."""

    def hover(self, at: Pointer) -> None:
        """The mouse moves while no tool has a button."""

    def double_click(self, at: Pointer) -> bool:
        """A button goes down twice in short time; the first time was a press."""
        return False

    def wheel(self, at: Pointer, notches: float) -> bool:
        """The wheel turns, away from the person if positive."""
        return False

    def scroll(self, at: Pointer, dx: float, dy: float) -> bool:
        """Two fingers move on a touchpad."""
        return False

    def pinch(self, at: Pointer, factor: float) -> bool:
        """Two fingers move apart or together."""
        return False

    def key(self, key: Key, down: bool) -> bool:
        """A key goes down, perhaps by repetition, or up."""
        return False

    def wants(self, key: Key | None) -> bool:
        """The tool has use for that key, whatever else it does in the window."""
        return False

    def let_go(self) -> None:
        """The keyboard goes elsewhere: no release will be heard of."""

    def cursor(self, at: Pointer, holds: bool) -> Cursor | None:
        """How the pointer looks there, None if that is for others to say. Args: holds: the tool has the button."""
        return None


class Hand:
    """Holds the tools, and knows which of them has the button.

    Args:
        tools: the first is asked first.
    """

    def __init__(self, tools: Sequence[Tool]):
        self._tools = tools
        self._holder: Tool | None = None
        self._keys: set[Key] = set()

    @property
    def keys(self) -> frozenset[Key]:
        """Those that are held down."""
        return frozenset(self._keys)

    @property
    def holder(self) -> Tool | None:
        """The tool that has the button."""
        return self._holder

    def press(self, at: Pointer) -> bool:
        """Gives the button to the first tool that takes it."""
        self._holder = next((tool for tool in self._tools if tool.press(at)), None)
        return self._holder is not None

    def move(self, at: Pointer) -> None:
        """Tells the tool that has the button, or all of them."""
        if self._holder is not None:
            self._holder.move(at)
            return
        for tool in self._tools:
            tool.hover(at)

    def release(self, at: Pointer) -> None:
        """Takes the button from its tool."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.release(at)

    def double_click(self, at: Pointer) -> bool:
        """A press, and then what the first tool that knows it does."""
        self.press(at)
        return any(tool.double_click(at) for tool in self._tools)

    def wheel(self, at: Pointer, notches: float) -> bool:
        """Whether any tool has taken it, as with the others."""
        return any(tool.wheel(at, notches) for tool in self._tools)

    def scroll(self, at: Pointer, dx: float, dy: float) -> bool:
        """See `Tool.scroll`."""
        return any(tool.scroll(at, dx, dy) for tool in self._tools)

    def pinch(self, at: Pointer, factor: float) -> bool:
        """See `Tool.pinch`."""
        return any(tool.pinch(at, factor) for tool in self._tools)

    def key(self, key: Key, down: bool) -> bool:
        """See `Tool.key`."""
        (self._keys.add if down else self._keys.discard)(key)
        return any(tool.key(key, down) for tool in self._tools)

    def let_go(self) -> None:
        """The keyboard goes elsewhere: releases will not be heard of. A tap that has begun is none."""
        self._keys.clear()
        for tool in self._tools:
            tool.let_go()

    def wants(self, key: Key | None) -> bool:
        """A tool has use for that key, whatever else it does in the window."""
        return any(tool.wants(key) for tool in self._tools)

    def cursor(self, at: Pointer) -> Cursor:
        """How the pointer looks there."""
        if self._holder is not None:
            return self._holder.cursor(at, True) or Cursor.USUAL
        return next((seen for tool in self._tools if (seen := tool.cursor(at, False)) is not None), Cursor.USUAL)


class Peek(Tool):
    """Shows a side as long as its key is held; of two keys, the one that was pressed last."""

    _SIDES: ClassVar = {Key.PEEK_A: "a", Key.PEEK_B: "b"}

    def __init__(self, view: View):
        self._view = view
        self._held: list[Key] = []

    def key(self, key, down):
        if key not in self._SIDES:
            return False
        self._held = [held for held in self._held if held is not key] + [key] * down
        self._view.peek(self._SIDES[self._held[-1]] if self._held else None)
        return True

    def let_go(self):
        self._held = []
        self._view.peek(None)


class SplitLine(Tool):
    """Drags the split line; a double click puts it to the left, the middle and the right in turn."""

    def __init__(self, view: View):
        self._view = view

    def press(self, at):
        return at.button is Button.LEFT and Key.SPACE not in at.keys and self._is_over(at)

    def move(self, at):
        self._view.move_split(at.x)

    def double_click(self, at):
        if self._view.splits:
            self._view.cycle_split()
        return self._view.splits

    def cursor(self, at, holds):
        return Cursor.SPLITTING if holds or self._is_over(at) else None

    def _is_over(self, at: Pointer) -> bool:
        return self._view.is_at_split(at.x, GRIP)


class PanZoom(Tool):
    """Moves and enlarges the picture: drag, wheel, touchpad, arrow keys.

    Args:
        on_tap: called when the space bar was pressed and released without a drag in between.
    """

    def __init__(self, view: View, on_tap: Callable[[], None]):
        self._view, self._on_tap = view, on_tap
        self._pressed: Pointer | None = None
        self._last: Pointer | None = None  # where the last drag was, None before it has begun
        self._may_tap = False

    def press(self, at):
        if at.button is None or not self._view.has_picture:
            return False
        self._pressed, self._last = at, None
        return True

    def move(self, at):
        came_from = self._last or self._pressed
        if self._last is None and abs(at.x - came_from.x) + abs(at.y - came_from.y) < LOOSE * self._view.scale:
            return
        self._last, self._may_tap = at, False
        self._view.pan(at.x - came_from.x, at.y - came_from.y)

    def wheel(self, at, notches):
        self._view.zoom_by(2 ** (notches / _NOTCHES), at.x, at.y)
        return True

    def scroll(self, at, dx, dy):
        self._view.pan(dx, dy)
        return True

    def pinch(self, at, factor):
        self._view.zoom_by(factor, at.x, at.y)
        return True

    def key(self, key, down):
        if key is Key.SPACE:
            if not down and self._may_tap:
                self._on_tap()
            self._may_tap = down
            return True
        step = _ARROW * self._view.scale
        ways = ((1, 0), (-1, 0), (0, 1), (0, -1))
        arrows = {
            key: (step * x, step * y) for keys in (ARROWS, FAR_ARROWS) for key, (x, y) in zip(keys, ways, strict=True)
        }
        if key not in arrows or not self._view.has_picture:
            return False
        if down:
            self._view.pan(*arrows[key])
        return True

    def cursor(self, at, holds):
        return Cursor.GRABBING if holds else None

    def let_go(self):
        self._may_tap = False  # the release of the space bar, if any, will be another's


def usual_tools(view: View, on_tap: Callable[[], None], *others: Tool, moves: Sequence[Tool] = ()) -> list[Tool]:
    """Those that are at hand over every picture.

    Args:
        others: asked before those that move something.
        moves: asked before what moves a picture, as it is something else that moves.
    """
    return [Peek(view), *others, SplitLine(view), *moves, PanZoom(view, on_tap)]
