"""The tools of editing, and what each makes of a gesture: a shape that selects, or the frame that is pulled.

A tool is a line of `Kind` and one of `GESTURES`; where it is clicked rather than dragged, nothing begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from daub.app.model.editing import changing
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.frame import CORNERS, Frame, Grip, Point, pulled
from daub.codec.editing.selection import Mode
from daub.codec.editing.shapes import Polygon, Rectangle, Shape, Stroke
from daub.codec.editing.transforms import Affine


class Kind(StrEnum):
    """Which tool; the values are shown to people."""

    MOVE = "Move what is selected"
    RECTANGLE = "Select in a rectangle"
    LASSO = "Select with a lasso"
    POLYGON = "Select in a polygon"
    BRUSH = "Select with a brush"
    ALIKE = "Select what has the colour there"
    EYEDROPPER = "Pick a colour, for the brush and for what is selected"

    @property
    def has_brush(self) -> bool:
        """It has a size, a ring shows where it is, and a dab is a stroke."""
        return self is Kind.BRUSH

    @property
    def is_clicked(self) -> bool:
        """It is about a point: a drag is none of its gestures."""
        return self not in GESTURES

    @property
    def has_corners(self) -> bool:
        """Each click sets a corner of one shape."""
        return self is Kind.POLYGON


@dataclass(frozen=True)
class Press:
    """Where the button went down.

    Args:
        place: image position.
        mode: how what is found goes together with what is selected.
        grip: what of the frame is there.
        diameter: of the brush, image pixels.
    """

    place: Point
    mode: Mode
    grip: Grip
    diameter: float


class Gesture:
    """From the press to the release, or over several presses.

    Attributes:
        path: where a shape has been drawn so far, empty for what is none.
        goes_on: the release does not end it.
    """

    goes_on = False

    def __init__(self):
        self.path: list[Point] = []

    @property
    def corners(self) -> list[Point]:
        """Of the frame, as it is pulled; empty for what is none."""
        return []

    def extend(self, place: Point, snaps: bool) -> None:
        """The mouse has moved there with the button held."""

    def end(self) -> None:
        """It is to have its effect."""

    def give_up(self) -> None:
        """It is to have none."""


class Draw(Gesture):
    """A shape that selects. Args: shape: of the places of its path and the diameter of the brush, pixels."""

    def __init__(self, shape: Callable[[np.ndarray, float], Shape], editing: Editing, press: Press):
        self.path = [press.place]
        self._shape, self._editing, self._press = shape, editing, press

    def extend(self, place, snaps):
        self.path.append(place)

    def end(self):
        places = np.array(self.path) - 0.5  # of pixels, with (0, 0) in the middle of the first one
        self._editing.select_shape(self._shape(places, self._press.diameter), self._press.mode)


class Corners(Draw):
    """A shape whose corners are set one after the other; a press that moves takes its corner along."""

    goes_on = True

    def add(self, place: Point) -> None:
        """Sets another corner."""
        self.path.append(place)

    def take_back(self) -> bool:
        """Drops the last corner; False where none is left."""
        self.path.pop()
        return bool(self.path)

    def extend(self, place, snaps):
        self.path[-1] = place

    def end(self):
        if len(set(self.path)) > 2:  # fewer hold nothing
            super().end()


_VERBS = {Grip.MOVE: "moving", Grip.TURN: "turning"}


class Pull(Gesture):
    """What is selected is moved, scaled or turned."""

    def __init__(self, editing: Editing, press: Press):
        super().__init__()
        self._editing, self._press = editing, press
        self._frame = Frame.around(editing.population)
        self._map: Affine | None = None  # what has been done so far

    @property
    def corners(self):
        if self._frame is None:
            return []
        corners = [self._frame.at(grip) for grip in CORNERS]
        if self._map is None:
            return corners
        pixels = np.array(corners) - 0.5  # with (0, 0) in the middle of the first one
        return list(map(tuple, (pixels @ self._map.matrix.T + self._map.offset + 0.5).tolist()))

    def extend(self, place, snaps):
        if self._frame is not None:
            self._map = pulled(self._frame, self._press.grip, self._press.place, place, snaps)
            self._editing.move(changing.transformed(self._editing.population, self._map))

    def end(self):
        if self._map is not None:
            changing.transform(self._editing, self._map, _VERBS.get(self._press.grip, "scaling"))

    def give_up(self):
        if self._map is not None:
            self._editing.move(None)


def _rectangle(places: np.ndarray, _: float) -> Shape:
    low, high = np.minimum(places[0], places[-1]), np.maximum(places[0], places[-1])
    return Rectangle(*(low + 0.5).tolist(), *(high - low).tolist())


def _polygon(places: np.ndarray, _: float) -> Shape:
    return Polygon(places)


def _stroke(places: np.ndarray, diameter: float) -> Shape:
    return Stroke(places, diameter / 2)


GESTURES: dict[Kind, Callable[[Editing, Press], Gesture]] = {
    Kind.MOVE: Pull,
    Kind.RECTANGLE: partial(Draw, _rectangle),
    Kind.LASSO: partial(Draw, _polygon),
    Kind.POLYGON: partial(Corners, _polygon),
    Kind.BRUSH: partial(Draw, _stroke),
}
