"""The tool that selects or moves Gaussians: which one is at hand, and the gesture that is under way.

press      move            release
begin ---> extend ... ---> end        a shape selects, the frame moves; a click takes the Gaussian that does most
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from daub.app.model.editing import changing
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.frame import Frame, Grip, Point, pulled
from daub.app.model.editing.refitting import Refitting
from daub.app.model.gaussians.picking import ranked
from daub.app.model.picture.brush import LARGEST, SMALLEST
from daub.app.model.work.signal import Signal
from daub.codec.editing.selection import Mode
from daub.codec.editing.shapes import Polygon, Rectangle, Shape, Stroke
from daub.codec.editing.transforms import Affine

SIZE_STEP = 1.25  # factor of one step of the brush's size


class Kind(StrEnum):
    """What it is; the values are shown to people."""

    MOVE = "Move what is selected"
    RECTANGLE = "Select in a rectangle"
    LASSO = "Select with a lasso"
    BRUSH = "Select with a brush"


_VERBS = {Grip.MOVE: "moving", Grip.TURN: "turning"}


class EditTool:
    """See above. Positions are of the image, (0, 0) at the corner of the first pixel.

    Attributes:
        is_on: it is at hand.
        kind: which one.
        diameter: of the brush, image pixels.
        path: where a shape has been drawn so far, empty where none is.
    """

    def __init__(self, editing: Editing, refitting: Refitting):
        self.changed = Signal()
        self.is_on = False
        self.kind = Kind.MOVE
        self.diameter = 48.0
        self.path: list[Point] = []
        self._editing, self._refitting = editing, refitting
        self._mode = Mode.REPLACE
        self._held: tuple[Frame, Grip, Point] | None = None  # while something is moved
        self._map: Affine | None = None  # what has been done with it so far

    def switch(self, on: bool) -> None:
        """Takes it, or puts it away."""
        self.abandon()
        self.is_on = on
        self.changed.emit()

    def choose(self, kind: Kind) -> None:
        """Takes that one; where it is at hand already, puts it away."""
        on = not (self.is_on and self.kind is kind)
        self.abandon()
        self.kind = kind
        self.switch(on)

    def resize(self, steps: int) -> None:
        """Makes the brush larger, or smaller."""
        self.diameter = min(max(self.diameter * SIZE_STEP**steps, SMALLEST), LARGEST)
        self.changed.emit()

    # What a hand does.

    @property
    def frame(self) -> Frame | None:
        """Around what is selected, while it can be moved; None otherwise."""
        moves = self.is_on and self.kind is Kind.MOVE
        return Frame.around(self._editing.seen) if moves and self._held is None else None

    @property
    def is_busy(self) -> bool:
        """A gesture is under way."""
        return bool(self.path) or self._held is not None

    def begin(self, x: float, y: float, mode: Mode = Mode.REPLACE, grip: Grip = Grip.MOVE) -> None:
        """The button goes down. Args: grip: what of the frame is there."""
        self.abandon()
        if self._editing.begin() is None:
            return
        if self.kind is not Kind.MOVE:
            self.path, self._mode = [(x, y)], mode
            self.changed.emit()
            return
        if not self._editing.count:
            self.click(x, y)
        frame = Frame.around(self._editing.population)
        if frame is not None:
            self._held = frame, grip, (x, y)

    def extend(self, x: float, y: float, snaps: bool = False) -> None:
        """The mouse has moved there with it."""
        if self._held is not None:
            self._map = pulled(*self._held, (x, y), snaps)
            self._editing.move(changing.transformed(self._editing.population, self._map))
        elif self.path:
            self.path.append((x, y))
            self.changed.emit()

    def end(self) -> None:
        """The button goes up."""
        held, done, path = self._held, self._map, self.path
        self._held, self._map, self.path = None, None, []
        if held is not None and done is not None:
            changing.transform(self._editing, done, _VERBS.get(held[1], "scaling"))
        elif path:
            self._editing.select_shape(self._shape(path), self._mode)
        self.changed.emit()

    def click(self, x: float, y: float, mode: Mode = Mode.REPLACE) -> None:
        """Takes the Gaussian that does most there."""
        self.abandon()
        population = self._editing.begin()
        if population is None:
            return
        here = ranked(population.gaussians, x - 0.5, y - 0.5, population.editable)
        found = np.zeros(len(population), bool)
        found[here[:1]] = True
        self._editing.select(found, mode)

    def nudge(self, dx: float, dy: float) -> bool:
        """Moves what is selected by so many pixels; False where that is not what the tool does, or nothing is."""
        if not self.is_on or self.kind is not Kind.MOVE or not self._editing.count:
            return False
        changing.transform(self._editing, Affine.translation(dx, dy), "moving", kind="nudge")
        return True

    def escape(self) -> None:
        """Gives up a fit under way, the gesture, the selection, or the tool."""
        if self._refitting.is_on:
            self._refitting.cancel()
        elif self.is_busy:
            self.abandon()
        elif self._editing.count:
            self._editing.select(np.zeros(len(self._editing.population), bool))
        else:
            self.switch(False)

    def abandon(self) -> None:
        """Nobody ends the gesture that is under way."""
        moved, busy = self._map is not None, self.is_busy
        self._held, self._map, self.path = None, None, []
        if moved:
            self._editing.move(None)
        if busy:
            self.changed.emit()

    def _shape(self, path: list[Point]) -> Shape:
        """Of pixels, with (0, 0) in the middle of the first one."""
        places = np.array(path) - 0.5
        if self.kind is Kind.BRUSH:
            return Stroke(places, self.diameter / 2)
        if self.kind is Kind.LASSO:
            return Polygon(places)
        low, high = np.minimum(places[0], places[-1]), np.maximum(places[0], places[-1])
        return Rectangle(*(low + 0.5).tolist(), *(high - low).tolist())
