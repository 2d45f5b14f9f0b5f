"""How the picture is looked at: where it lies, which of its two sides is seen, and what is drawn over it.

The picture has two sides, A and B, whatever they are: `sources/sides.py` says what, and `compare/modes.py` how they can
be seen.
"""

from __future__ import annotations

from dataclasses import replace

from daub.app.model.compare.colour_tables import ColourMap
from daub.app.model.compare.difference import Difference
from daub.app.model.compare.modes import Look, Mode, Pane
from daub.app.model.picture.registration import SAME, Registration
from daub.app.model.view.camera import MARGIN, Camera
from daub.app.model.work.signal import Signal

ZOOM_STEP = 1.5  # factor of one step of the zoom
_GAP = 2  # logical pixels between two panes
_PEEKS = {"a": Mode.A, "b": Mode.B}


class View:
    """What a viewport shows of a picture. All positions are device pixels, y down.

    Side by side there are two panes with the same part of the picture: positions of the camera, and all those below
    that are not called positions of the screen, count from the left edge of the pane that they are in (`in_pane`).

    Attributes:
        camera: where the picture lies.
        split: place of the split line, as a share of the width of the viewport.
        peeked: the side that is seen as long as somebody holds a key, "a", "b", or None.
        compares: there are two sides to compare.
        registration: where what is open lies on the canvas that is seen.
        pixel: (column, row) of the pixel under the pointer, None where there is none.
        size: width and height of the viewport.
        scale: device pixels per logical pixel of the screen.
    """

    def __init__(self):
        self.changed = Signal()  # something else is seen
        self.moved = Signal()  # the picture lies elsewhere
        self.hovered = Signal()  # another pixel, or None, is under the pointer
        self.camera = Camera()
        self.look = Look()
        self.split = 0.5
        self.peeked: str | None = None
        self.has_picture = False
        self.compares = False
        self.registration = SAME
        self.pixel: tuple[int, int] | None = None
        self.size = (1, 1)
        self.scale = 1.0
        self._blinked = False  # B is seen while the sides blink
        self._pointer: tuple[float, float] | None = None  # position on the screen
        self.changed.connect(self._lay_out)
        self.moved.connect(self._point)

    def show(self, width: int, height: int, compares: bool, fills: bool = False) -> None:
        """Another picture, all of it. Args: fills: it is made as large as the viewport, and nothing is left around."""
        self.has_picture, self.compares = True, compares
        self.camera.margin = 0.0 if fills else MARGIN
        if not compares:
            self.look = replace(self.look, mode=Mode.B)
        self.camera.show(width, height)
        self.changed.emit()
        self.moved.emit()

    def lay(self, width: int, height: int, registration: Registration) -> None:
        """The picture lies on another canvas, all of which is shown where that has another size."""
        if registration != self.registration:
            self.registration = registration
            self.changed.emit()
        if self.has_picture and (width, height) != self.camera.image:
            self.camera.show(width, height)
            self.changed.emit()
            self.moved.emit()

    def close(self) -> None:
        """No picture any more."""
        self.has_picture = self.compares = False
        self.changed.emit()

    def compare(self, on: bool) -> None:
        """There are two sides from now on, or no more."""
        if on != self.compares:
            self.compares = on
            self._look(mode=self.look.mode if on else Mode.B)

    # What is seen.

    @property
    def mode(self) -> Mode:
        """What is seen at this moment; of sides that blink, the one that is there."""
        if self.peeked is not None and self.compares:
            return _PEEKS[self.peeked]
        if self.look.mode is Mode.BLINK:
            return Mode.B if self._blinked else Mode.A
        return self.look.mode

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The parts of the viewport, from the left: two for sides that stand side by side, otherwise one."""
        if not self._has_two_panes:
            return (Pane(0, self.size[0], self.mode),)
        width = self.camera.view[0]
        peeks = self.peeked is not None  # the side peeked at comes to the place of the other, and nothing moves
        modes = (self.mode, self.mode) if peeks else (Mode.A, Mode.B)
        return Pane(0, width, modes[0]), Pane(self.size[0] - width, width, modes[1])

    @property
    def splits(self) -> bool:
        """Both sides are seen, beside a line."""
        return self.has_picture and self.compares and self.mode is Mode.SPLIT

    @property
    def blinks(self) -> bool:
        """The sides are seen one after the other."""
        return self.has_picture and self.compares and self.look.mode is Mode.BLINK and self.peeked is None

    @property
    def differs(self) -> bool:
        """Their difference is seen."""
        return self.has_picture and self.compares and self.mode is Mode.DIFFERENCE

    def choose(self, mode: Mode) -> None:
        """Shows that; B alone where there is nothing to compare it with."""
        if self.compares or mode is Mode.B:
            self._blinked = False
            self._look(mode=mode)

    def choose_difference(self, kind: Difference) -> None:
        """Shows that difference."""
        self.look = replace(self.look, difference=kind)
        self.choose(Mode.DIFFERENCE)
        self.changed.emit()

    def next_difference(self) -> None:
        """Shows the difference; if it is shown, the next kind of it."""
        kinds = list(Difference)
        further = 1 if self.look.mode is Mode.DIFFERENCE else 0
        self.choose_difference(kinds[(kinds.index(self.look.difference) + further) % len(kinds)])

    def choose_colour_map(self, colour_map: ColourMap) -> None:
        """Draws differences in those colours."""
        self._look(colour_map=colour_map, by_channel=False)

    def toggle(self, name: str) -> None:
        """Switches a field of `Look` on or off that is one or the other."""
        self._look(**{name: not getattr(self.look, name)})

    def tint(self, on: bool) -> None:
        """Shows what is important, or hides it."""
        self._look(importance=on)

    def amplify(self, steps: int) -> None:
        """Changes the gain of the difference by so many of GAINS, as far as they go."""
        self.look = self.look.amplified(steps)
        self.changed.emit()

    def blink_slower(self, steps: int) -> None:
        """Changes the period by so many of BLINK_PERIODS, as far as they go."""
        self.look = self.look.blinking_slower(steps)
        self.changed.emit()

    def blink(self) -> None:
        """Shows the other side. To be called once in a period while the view `blinks`."""
        self._blinked = not self._blinked
        self.changed.emit()

    def peek(self, side: str | None) -> None:
        """Shows a side, "a" or "b", whatever else is chosen, until it is called with None."""
        if self.peeked != side and (self.compares or side is None):
            self.peeked = side
            self.changed.emit()

    # The split line.

    @property
    def split_at(self) -> float:
        """Where the split line is."""
        return self.split * self.camera.view[0]

    def is_at_split(self, x: float, grip: float) -> bool:
        """Whether an x is as near to the split line, where one is seen, as so many logical pixels."""
        return self.splits and abs(x - self.split_at) <= grip * self.scale

    def move_split(self, x: float) -> None:
        """Puts the split line to an x."""
        self.split = min(max(x / self.camera.view[0], 0.0), 1.0)
        self.changed.emit()

    def jump_split(self, where: float) -> None:
        """Shows both sides, the line 0 left, 0.5 in the middle, 1 right of the part of the picture in view."""
        if self.compares:
            left, right = self._extent
            left, right = max(left, 0), min(right, self.camera.view[0])
            self.split = (left + where * (right - left)) / self.camera.view[0]
            self._look(mode=Mode.SPLIT)

    def cycle_split(self) -> None:
        """From the left to the middle, on to the right, and back to the left."""
        left, right = self._extent
        here = (self.split_at - left) / max(right - left, 1)
        self.jump_split(0.5 if here < 0.25 else 1.0 if here < 0.75 else 0.0)

    # Moving around.

    def resize(self, width: int, height: int, scale: float, raised: int = 0) -> None:
        """The viewport has this size. Args: raised: its upper edge alone has moved, up by so many pixels."""
        self.size, self.scale = (max(1, width), max(1, height)), scale
        self.camera.resize(self._pane_width, height, raised)
        self.moved.emit()

    def in_pane(self, x: float) -> float:
        """The position in the pane that is there, of an x on the screen."""
        return x - self.pane_at(x).left

    def pane_at(self, x: float) -> Pane:
        """The pane at an x on the screen, or left of it."""
        return next(pane for pane in reversed(self.panes) if x >= pane.left or pane.left == 0)

    def side_at(self, x: float) -> str:
        """Which side is seen at an x on the screen, "a" or "b"; of a difference B."""
        pane = self.pane_at(x)
        on_a = pane.mode is Mode.A or (pane.mode is Mode.SPLIT and x - pane.left < self.split_at)
        return "a" if on_a else "b"

    def leave_free(self, inset: int) -> None:
        """Fits the picture above so many pixels at the lower edge."""
        if inset != self.camera.inset:
            self.camera.inset = inset
            if self.camera.fitted:
                self.camera.fit()
                self.moved.emit()

    def fit(self) -> None:
        """Shows the whole picture."""
        if self.has_picture:
            self.camera.fit()
            self.moved.emit()

    def zoom_to(self, zoom: float, x: float | None = None, y: float | None = None) -> None:
        """Sets the zoom, in screen pixels per image pixel; what lies at (x, y), by default the middle, stays there."""
        if self.has_picture:
            self.camera.zoom_to(zoom, x, y)
            self.moved.emit()

    def zoom_by(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Enlarges the picture, likewise."""
        self.zoom_to(self.camera.zoom * factor, x, y)

    def pan(self, dx: float, dy: float) -> None:
        """Moves the picture."""
        if self.has_picture:
            self.camera.pan(dx, dy)
            self.moved.emit()

    @property
    def place(self) -> tuple[float, float, float] | None:
        """x and y of the image position in the middle of the viewport, and the zoom; None for the whole picture."""
        if self.camera.fitted:
            return None
        return (*self.camera.to_image(self.camera.view[0] / 2, self.camera.view[1] / 2), self.camera.zoom)

    def go_to(self, look: Look, split: float, place: tuple[float, float, float] | None) -> None:
        """Looks at the picture as before. Args: place: as of `place`."""
        mode = look.mode if self.compares else Mode.B
        self.split = min(max(split, 0.0), 1.0)
        self.look = replace(look, mode=mode)
        self.changed.emit()
        if place is None:
            self.fit()
        elif self.has_picture:
            self.camera.look_at(*place)
            self.moved.emit()

    def point_at(self, x: float, y: float) -> None:
        """The pointer is there on the screen, over whatever will lie there."""
        self._pointer = x, y
        self._point()

    def point_away(self) -> None:
        """The pointer is nowhere over the picture."""
        self._pointer = None
        self._point()

    @property
    def _extent(self) -> tuple[float, float]:
        """Screen x of the left and right edge of the picture."""
        return self.camera.to_screen(0, 0)[0], self.camera.to_screen(*self.camera.image)[0]

    @property
    def _has_two_panes(self) -> bool:
        return self.has_picture and self.compares and self.look.mode is Mode.SIDE_BY_SIDE

    @property
    def _pane_width(self) -> int:
        if not self._has_two_panes:
            return self.size[0]
        return max(1, (self.size[0] - round(_GAP * self.scale)) // 2)

    def _lay_out(self) -> None:
        """The picture gets the panes that there are."""
        if self.camera.view[0] != self._pane_width:
            self.camera.resize(self._pane_width, self.size[1])
            self.moved.emit()

    def _point(self) -> None:
        pixel = None
        if self._pointer is not None and self.has_picture:
            x, y = self._pointer
            pixel = self.camera.pixel_at(self.in_pane(x), y)
        if pixel != self.pixel:
            self.pixel = pixel
            self.hovered.emit()

    def _look(self, **changes: object) -> None:
        self.look = replace(self.look, **changes)
        self.changed.emit()
