"""The tool that selects or moves Gaussians: which one is at hand, and the gesture that is under way.

press      move            release
begin ---> extend ... ---> end        a shape selects, the frame moves; a click takes the Gaussian that does most
begin ---> begin ... ---> close       the corners of a polygon, each of a press of its own
"""

from __future__ import annotations

import math

import numpy as np

from daub.app.model.editing import changing
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.eyedropper import Eyedropper
from daub.app.model.editing.frame import Frame, Grip, Point
from daub.app.model.editing.gestures import GESTURES, Corners, Gesture, Kind, Press
from daub.app.model.editing.refitting import Refitting
from daub.app.model.gaussians.picking import ranked
from daub.app.model.picture.brush import LARGEST, SMALLEST
from daub.app.model.work.signal import Signal
from daub.codec.editing.selection import Mode
from daub.codec.editing.transforms import Affine

SIZE_STEP = 1.25  # factor of one step of the brush's size


class EditTool:
    """See above. Positions are of the image, (0, 0) at the corner of the first pixel.

    Attributes:
        is_on: it is at hand.
        kind: which one.
        diameter: of the brush, image pixels.
        pointer: where the mouse is while corners are set, None otherwise.
    """

    def __init__(self, editing: Editing, refitting: Refitting, eyedropper: Eyedropper):
        self.changed = Signal()
        self.is_on = False
        self.kind = Kind.MOVE
        self.diameter = 48.0
        self.pointer: Point | None = None
        self._editing, self._refitting, self._eyedropper = editing, refitting, eyedropper
        self._gesture: Gesture | None = None

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
        return Frame.around(self._editing.seen) if moves and self._gesture is None else None

    @property
    def pulled(self) -> list[Point]:
        """Where the corners of the frame are while a hand pulls it, empty where none does."""
        return [] if self._gesture is None else self._gesture.corners

    @property
    def path(self) -> list[Point]:
        """Where a shape has been drawn so far, empty where none is."""
        return [] if self._gesture is None else self._gesture.path

    @property
    def is_busy(self) -> bool:
        """A gesture is under way."""
        return self._gesture is not None

    def begin(self, x: float, y: float, mode: Mode = Mode.REPLACE, grip: Grip = Grip.MOVE, reach: float = 0.0) -> None:
        """The button goes down.

        Args:
            grip: what of the frame is there.
            reach: image pixels around the first corner of a polygon, a press within which closes it.
        """
        if isinstance(self._gesture, Corners):
            self._go_on(self._gesture, (x, y), reach)
            return
        self.abandon()
        if self.kind.is_clicked:
            return
        if self._editing.begin() is None:
            return
        if self.kind is Kind.MOVE and not self._editing.count:
            self.click(x, y)
        self._gesture = GESTURES[self.kind](self._editing, Press((x, y), mode, grip, self.diameter))
        self.changed.emit()

    def extend(self, x: float, y: float, snaps: bool = False) -> None:
        """The mouse has moved there with it."""
        if self._gesture is not None:
            self._gesture.extend((x, y), snaps)
            self.changed.emit()

    def end(self) -> None:
        """The button goes up."""
        if self._gesture is not None and not self._gesture.goes_on:
            self.close()

    def close(self) -> bool:
        """Ends the gesture, also one of several presses; False where there is none."""
        gesture, self._gesture, self.pointer = self._gesture, None, None
        if gesture is None:
            return False
        gesture.end()
        self.changed.emit()
        return True

    def take_back(self) -> bool:
        """Drops the last corner; False where there is none."""
        if not isinstance(self._gesture, Corners):
            return False
        if not self._gesture.take_back():
            self.abandon()
        self.changed.emit()
        return True

    def hover(self, x: float, y: float) -> None:
        """The mouse has moved there with no button held."""
        if isinstance(self._gesture, Corners):
            self.pointer = x, y
            self.changed.emit()

    def click(self, x: float, y: float, mode: Mode = Mode.REPLACE, side: str = "b") -> None:
        """Takes the Gaussian that does most there, or the colour. Args: side: that is seen there, "a" or "b"."""
        self.abandon()
        if self.kind is Kind.EYEDROPPER:
            self._eyedropper.pick(side, x, y)
            return
        if self.kind is Kind.ALIKE:
            self._eyedropper.select(side, x, y, mode)
            return
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
        gesture, self._gesture, self.pointer = self._gesture, None, None
        if gesture is not None:
            gesture.give_up()
            self.changed.emit()

    def _go_on(self, corners: Corners, place: Point, reach: float) -> None:
        if len(corners.path) > 2 and math.dist(corners.path[0], place) <= reach:
            self.close()
            return
        corners.add(place)
        self.pointer = None
        self.changed.emit()
