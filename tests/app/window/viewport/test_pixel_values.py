"""Numbers in the pixels: which ones, and in which ink."""

from __future__ import annotations

import numpy as np
import pytest
from later import Later

from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.difference import Difference
from daub.app.model.compare.difference_maps import DifferenceMap
from daub.app.model.compare.modes import Look, Mode
from daub.app.model.sources.sides import CompareSource
from daub.app.model.view.view import View
from daub.app.window.viewport.pixel_values import FROM, PixelValues, are_seen, visible_part
from daub.render.gl.display import GREYS

A = np.array([[[255, 0, 10], [1, 2, 3]]], np.uint8)
B = np.array([[[250, 0, 14], [255, 255, 255]]], np.uint8)
SIDES = tuple(CompareSource(name, pixels=levels / np.float32(255)) for name, levels in (("a", A), ("b", B)))
PART = slice(0, 1), slice(0, 2)


def seen(mode: Mode, look: Look, found: DifferenceMap | None = None):
    values = PixelValues(Decoded(Comparison(), Later(), lambda failure: None))
    return values.seen(look, PART, mode, SIDES, found, GREYS)


@pytest.mark.parametrize(
    "mode, kind, words",
    [
        (Mode.A, Difference.ABSOLUTE, [["255\n0\n10", "1\n2\n3"]]),
        (Mode.B, Difference.ABSOLUTE, [["250\n0\n14", "255\n255\n255"]]),
        (Mode.DIFFERENCE, Difference.SIGNED, [["-5\n0\n+4", "+254\n+253\n+252"]]),
        (Mode.DIFFERENCE, Difference.ABSOLUTE, [["5\n0\n4", "254\n253\n252"]]),
        (Mode.DIFFERENCE, Difference.SQUARED, [["25\n0\n16", "64516\n64009\n63504"]]),
    ],
)
def test_the_numbers_are_levels_or_what_they_differ_by(mode, kind, words):
    assert seen(mode, Look(difference=kind))[0] == words


def test_of_a_measured_difference_they_are_what_was_measured():
    errors = np.array([[0.0, 0.7314]], np.float16)
    found = DifferenceMap(Difference.FLIP, *(side.pixels for side in SIDES), 1, errors, 0.3657)
    words, black = seen(Mode.DIFFERENCE, Look(difference=Difference.FLIP), found)
    assert words == [["0.000", "0.731"]] and black.tolist() == [[False, True]]
    assert seen(Mode.DIFFERENCE, Look(difference=Difference.FLIP)) is None


def test_words_are_black_on_light_and_white_on_dark():
    assert seen(Mode.A, Look())[1].tolist() == [[True, False]]
    assert seen(Mode.B, Look())[1].tolist() == [[True, True]]
    assert seen(Mode.DIFFERENCE, Look())[1].tolist() == [[False, True]]


def test_they_come_where_a_pixel_has_room_on_any_screen():
    view = View()
    view.resize(800, 600, 2.0)
    assert not are_seen(view)
    view.show(400, 300, compares=True)
    view.zoom_to(2 * FROM - 1)
    assert not are_seen(view)
    view.zoom_to(2 * FROM)
    assert are_seen(view)
    rows, columns = visible_part(view)
    assert (rows.stop - rows.start, columns.stop - columns.start) == pytest.approx((600 / 64, 800 / 64), abs=2)
