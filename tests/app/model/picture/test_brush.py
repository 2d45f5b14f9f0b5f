"""What a brush leaves on a map, as a list of places."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.picture.box import NOWHERE, Box, around
from daub.app.model.picture.brush import Brush, Effect, Stroke


def neutral(width: int = 200, height: int = 100) -> np.ndarray:
    return np.full((height, width), 128, np.uint8)


def painted(values: np.ndarray, brush: Brush, *places: tuple[float, float]) -> np.ndarray:
    stroke = Stroke(brush, values)
    for place in places:
        stroke.to(*place)
    return stroke.values_in(Box(0, 0, values.shape[1], values.shape[0]))


@pytest.mark.parametrize(
    ("effect", "strength", "grey"),
    [
        (Effect.MORE, 1, 255), (Effect.MORE, 0.5, 192), (Effect.LESS, 1, 0), (Effect.LESS, 0.5, 64),
        (Effect.ERASE, 1, 128), (Effect.ERASE, 0.5, 128),
    ],
)  # fmt: skip
def test_the_middle_of_a_stroke_has_the_grey_of_the_brush_and_what_is_beyond_its_edge_none(effect, strength, grey):
    brush = Brush(effect, 20, strength)
    values = painted(np.full((100, 200), 90, np.uint8), brush, (50.5, 50.5), (150.5, 50.5))
    assert brush.grey == grey and (values[48:53, 50:150] == grey).all()
    assert (values[:39] == 90).all() and (values[62:] == 90).all() and (values[:, :39] == 90).all()


def test_the_brush_is_round_soft_and_as_wide_as_it_says():
    values = painted(neutral(), Brush(diameter=40), (100.5, 50.5)).astype(int) - 128
    column, row = values[:, 100], values[50, 50:151]
    assert (column[column > 0] == row[row > 0]).all() and np.count_nonzero(row) in (38, 39)
    assert (values == values[::-1][np.r_[99, 0:99]]).all(), "it is even about its middle"
    falls = np.diff(row[50:])
    assert (falls <= 0).all() and falls.min() > -20 and (row[41:60] == 127).all()
    y, x = np.mgrid[:100, :200]
    assert not values[np.hypot(x - 100, y - 50) > 20].any()


def test_crossing_or_resting_within_a_stroke_changes_nothing():
    brush, places = Brush(diameter=30, strength=0.6), ((60, 50), (90, 50))
    once = painted(neutral(), brush, *places)
    assert (painted(neutral(), brush, *places, *places[::-1], *places) == once).all()
    assert (painted(once, brush, *places) >= once).all() and painted(once, brush, *places).max() == once.max()


def test_a_fast_stroke_has_no_gaps():
    values = painted(neutral(2000, 60), Brush(diameter=24), (20.5, 30.5), (1980.5, 30.5))
    edge = values[:, 40:1960].astype(int)
    assert (edge[25:36] == 255).all() and np.ptp(edge, axis=1).max() <= 12, "nor scallops"


def test_what_a_stroke_says_it_has_covered_is_all_that_it_has():
    stroke, before = Stroke(Brush(diameter=20), neutral()), neutral()
    seen = before.copy()
    for place in ((-50, 50), (5, 5), (195, 98), (300, 50), (100, 50)):
        box = stroke.to(*place)
        assert box == box.within(200, 100)
        seen[box.slices] = stroke.values_in(box)
        assert (seen == stroke.values_in(Box(0, 0, 200, 100))).all()
    assert (seen != before).any() and stroke.box == Box(0, 0, 200, 100)
    assert Stroke(Brush(diameter=20), neutral()).to(-50, -50).is_empty


@pytest.mark.parametrize("diameter", [2, 3, 500])
def test_the_smallest_and_the_largest_brush_paint_too(diameter):
    values = painted(neutral(), Brush(Effect.LESS, diameter), (100.5, 50.5))
    assert values[50, 100] == 0 and (diameter > 100 or np.count_nonzero(values != 128) < 10)


def test_boxes():
    a, b = Box(0, 0, 3, 4), Box(2, 3, 9, 5)
    assert a.joined(b) == around([a, NOWHERE, b]) == Box(0, 0, 9, 5) and a.joined(NOWHERE) == a
    assert around([]).is_empty and Box(-3, 2, 50, 60).within(10, 20) == Box(0, 2, 10, 20)
