"""Selections of a list of operations: each narrows the one before, unless something was done in between."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from daub.codec.editing import properties, selection, values
from daub.codec.editing.shapes import Polygon, Rectangle, Shape, Stroke
from daub.codec.editing.state import Apply, State, Tools
from daub.render.gaussians import Gaussians

_TOLERANCE = 0.12  # of a colour that is given without one, root of the mean square over the channels


def _shape(state: State, shape: Shape) -> State:
    drawing = state.drawing
    return state.found(selection.by_shape(drawing.gaussians, shape), shape.region(*drawing.size))


def _rectangle(state: State, text: str, tools: Tools) -> State:
    left, top, width, height = values.numbers(text, "a rectangle X,Y,W,H", 4, 4)
    if width <= 0 or height <= 0:
        raise values.refusal(text, "a rectangle X,Y,W,H with a width and a height above 0")
    return _shape(state, Rectangle(left, top, width, height))


def _polygon(state: State, text: str, tools: Tools) -> State:
    corners = values.points(text)
    if len(corners) < 3:
        raise values.refusal(text, "three points or more, such as 10,10 50,10 30,40")
    return _shape(state, Polygon(corners))


def _stroke(state: State, text: str, tools: Tools) -> State:
    radius, _, path = text.strip().partition(" ")
    return _shape(state, Stroke(values.points(path), values.number(radius, "the radius", 0.01, 1e6)))


def _by(measure: Callable[[Gaussians], np.ndarray]) -> Apply:
    def among(state: State, text: str, tools: Tools) -> State:
        return state.found(selection.by_range(measure(state.drawing.gaussians), *values.span(text)))

    return among


def _colour(state: State, text: str, tools: Tools) -> State:
    from daub.codec.images import parse_colour

    name, comma, tolerance = text.rpartition(",")
    if not comma or text.count(",") == 2:  # a colour alone, which may be of three numbers
        name, tolerance = text, str(_TOLERANCE)
    colour, near = np.array(parse_colour(name)), values.number(tolerance, "the tolerance", 0, 1)
    picture = np.clip(state.drawing.rendered(tools.rasteriser), 0, 1)
    alike = np.sqrt(((picture - colour) ** 2).mean(2)) <= near
    return state.found(selection.by_colour(state.drawing.gaussians, picture, colour, near), alike)


def _all(state: State, text: str, tools: Tools) -> State:
    return State(state.drawing, np.ones(len(state.drawing), bool), narrows=True)


def _invert(state: State, text: str, tools: Tools) -> State:
    return State(state.drawing, ~state.selected, None if state.region is None else ~state.region, True)


def _grow(state: State, text: str, tools: Tools) -> State:
    return State(state.drawing, selection.grown(state.drawing.gaussians, state.selected), state.region, True)


SELECTING: dict[str, Apply] = {
    "select-all": _all,
    "select-rectangle": _rectangle,
    "select-polygon": _polygon,
    "select-stroke": _stroke,
    "select-size": _by(properties.size),
    "select-light": _by(properties.light),
    "select-energy": _by(properties.energy),
    "select-colour": _colour,
    "select-invert": _invert,
    "select-grow": _grow,
}
