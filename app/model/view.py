"""How the picture is looked at: where it lies, which of its two sides is seen, and what is drawn over it.

The picture has two sides, A and B, whatever they are: `compare.py` says what. One is seen, or both beside a split line,
or their difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from daub.app.model.camera import Camera
from daub.app.model.signal import Signal

GAINS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)  # of the difference, factors
ZOOM_STEP = 1.5  # factor of one step of the zoom


class Mode(Enum):
    """What is seen."""

    A = "a"
    B = "b"
    SPLIT = "split"  # A on the left, B on the right
    DIFFERENCE = "difference"  # |B - A|, times a gain


@dataclass(frozen=True)
class Look:
    """How the picture is shown.

    Args:
        gain: factor of the difference, one of GAINS.
        at_pixels: Gaussians are drawn at the pixels of the picture, rather than at those of the screen.
        importance: what is more or less important than usual has a tint.
    """

    mode: Mode = Mode.B
    gain: float = 8.0
    at_pixels: bool = False
    importance: bool = False


class View:
    """What a viewport shows of a picture. All positions are device pixels, y down.

    Attributes:
        camera: where the picture lies.
        split: place of the split line, as a share of the width of the viewport.
        peeking: A is seen, as long as somebody holds a key.
        compares: there are two sides to compare.
        pixel: (column, row) of the pixel under the pointer, None where there is none.
        scale: device pixels per logical pixel of the screen.
    """

    def __init__(self):
        self.changed = Signal()  # something else is seen
        self.moved = Signal()  # the picture lies elsewhere
        self.hovered = Signal()  # another pixel, or None, is under the pointer
        self.camera = Camera()
        self.look = Look()
        self.split = 0.5
        self.peeking = False
        self.has_picture = False
        self.compares = False
        self.pixel: tuple[int, int] | None = None
        self.scale = 1.0

    def show(self, width: int, height: int, compares: bool) -> None:
        """Another picture, all of it."""
        self.has_picture, self.compares = True, compares
        if not compares:
            self.look = replace(self.look, mode=Mode.B)
        self.camera.show(width, height)
        self.changed.emit()
        self.moved.emit()

    def compare(self, on: bool) -> None:
        """There are two sides from now on, or no more."""
        if on != self.compares:
            self.compares = on
            if not on:
                self.look = replace(self.look, mode=Mode.B)
            self.changed.emit()

    @property
    def mode(self) -> Mode:
        """What is seen at this moment."""
        return Mode.A if self.peeking else self.look.mode

    @property
    def splits(self) -> bool:
        """Both sides are seen, beside a line."""
        return self.has_picture and self.compares and self.mode is Mode.SPLIT

    def choose(self, mode: Mode) -> None:
        """Shows that; B alone where there is nothing to compare it with."""
        if self.compares or mode is Mode.B:
            self._look(mode=mode)

    def toggle(self, name: str) -> None:
        """Switches one of `at_pixels` and `importance` on or off."""
        self._look(**{name: not getattr(self.look, name)})

    def tint(self, on: bool) -> None:
        """Shows what is important, or hides it."""
        self._look(importance=on)

    def amplify(self, steps: int) -> None:
        """Changes the gain by so many of GAINS, as far as they go."""
        index = GAINS.index(self.look.gain) + steps
        self._look(gain=GAINS[min(max(index, 0), len(GAINS) - 1)])

    def peek(self, on: bool) -> None:
        """Shows A as long as it is on."""
        if self.peeking != (on and self.compares):
            self.peeking = on and self.compares
            self.changed.emit()

    # The split line.

    @property
    def split_at(self) -> float:
        """Where the split line is, a screen x."""
        return self.split * self.camera.view[0]

    def is_at_split(self, x: float, grip: float) -> bool:
        """Whether a screen x is as near to the split line, where one is seen, as so many logical pixels."""
        return self.splits and abs(x - self.split_at) <= grip * self.scale

    def move_split(self, x: float) -> None:
        """Puts the split line to a screen x."""
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

    def resize(self, width: int, height: int, scale: float) -> None:
        """The viewport has this size."""
        self.scale = scale
        self.camera.resize(width, height)
        self.moved.emit()

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

    def point_at(self, x: float, y: float) -> None:
        """The pointer is there."""
        self._point(self.camera.pixel_at(x, y) if self.has_picture else None)

    def point_away(self) -> None:
        """The pointer is nowhere over the picture."""
        self._point(None)

    @property
    def _extent(self) -> tuple[float, float]:
        """Screen x of the left and right edge of the picture."""
        return self.camera.to_screen(0, 0)[0], self.camera.to_screen(*self.camera.image)[0]

    def _point(self, pixel: tuple[int, int] | None) -> None:
        if pixel != self.pixel:
            self.pixel = pixel
            self.hovered.emit()

    def _look(self, **changes: object) -> None:
        self.look = replace(self.look, **changes)
        self.changed.emit()
