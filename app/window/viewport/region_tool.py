"""Draws, moves and resizes the rectangle of a region."""

from __future__ import annotations

from daub.app.model.compare.region import Region, dragged, spanned
from daub.app.model.view.view import View
from daub.app.window.viewport.tools import GRIP, Button, Cursor, Key, Pointer, Tool

_REACH = 7  # logical pixels on either side of an edge that take hold of it
_CURSORS = {(0, 0): Cursor.MOVING, (1, 0): Cursor.SPLITTING, (0, 1): Cursor.DOWN, (1, 1): Cursor.FALLING,
            (-1, 1): Cursor.RISING}  # fmt: skip


class RegionTool(Tool):
    """Takes the left button while the tool is at hand: not with the space bar, which moves the picture, and not on the
    split line.

    On an edge or a corner it resizes the rectangle, inside it moves it, and elsewhere it draws another one.
    """

    def __init__(self, view: View, region: Region):
        self._view, self._region = view, region
        self._grip: tuple[int, int] | None = None  # as of `dragged`; None while another rectangle is drawn
        self._start = (0.0, 0.0)  # image position
        self._box = None  # at the start

    def press(self, at):
        if at.button is not Button.LEFT or not self._is_at_hand(at):
            return False
        self._start = self._view.camera.to_image(at.x, at.y)
        self._grip, self._box = self._grip_at(at), self._region.box
        self._region.hold(True)
        return True

    def move(self, at):
        here = self._view.camera.to_image(at.x, at.y)
        if self._grip is None:
            self._region.place(spanned(self._start, here))
            return
        dx, dy = (round(end - start) for start, end in zip(self._start, here, strict=True))
        self._region.place(dragged(self._box, self._grip, dx, dy, self._view.camera.image))

    def release(self, at):
        self._region.hold(False)

    def double_click(self, at):
        return self._is_at_hand(at)  # nothing else is meant

    def key(self, key, down):
        if key is not Key.ESCAPE or not self._region.is_on:
            return False
        if down:
            self._region.clear() if self._region.box is not None else self._region.switch(False)
        return True

    def cursor(self, at, holds):
        if not holds and not self._is_at_hand(at):
            return None
        grip = self._grip if holds else self._grip_at(at)
        if grip is None:
            return Cursor.PAINTING
        return _CURSORS.get(grip) or _CURSORS[-grip[0], -grip[1]]

    def _is_at_hand(self, at: Pointer) -> bool:
        return self._region.is_on and Key.SPACE not in at.keys and not self._view.is_at_split(at.x, GRIP)

    def _grip_at(self, at: Pointer) -> tuple[int, int] | None:
        """What of the rectangle is there, as of `dragged`; None beside it."""
        box = self._region.box
        if box is None:
            return None
        left, top = self._view.camera.to_screen(box.left, box.top)
        right, bottom = self._view.camera.to_screen(box.right, box.bottom)
        across, down = (
            _edge(*ends, place, _REACH * self._view.scale)
            for *ends, place in ((left, right, at.x), (top, bottom, at.y))
        )
        return None if across is None or down is None else (across, down)


def _edge(low: float, high: float, place: float, reach: float) -> int | None:
    """-1 at the lower end, 1 at the upper one, 0 between them, None beyond."""
    if not low - reach <= place <= high + reach:
        return None
    inner = min(reach, (high - low) / 4)  # of a small one, the middle can be taken too
    return -1 if place < low + inner else 1 if place > high - inner else 0
