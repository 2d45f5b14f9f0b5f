"""What a difference is, and what its colours stand for."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.compare.colour_maps import ENTRIES, table
from daub.app.model.compare.colour_tables import SIGNED, ColourMap, ColourTables
from daub.app.model.compare.difference import GAINS, Difference, between, scale_of, table_of

A = np.array([[[10, 200, 0]]], np.uint8)
B = np.array([[[13, 190, 255]]], np.uint8)


def test_differences_of_known_levels():
    assert between(Difference.SIGNED, A, B).tolist() == [[[3, -10, 255]]]
    assert between(Difference.ABSOLUTE, A, B).tolist() == [[[3, 10, 255]]]
    assert between(Difference.SQUARED, A, B).tolist() == [[[9, 100, 65025]]]


@pytest.mark.parametrize("kind", list(Difference))
def test_a_gain_narrows_the_scale_and_without_one_it_holds_every_difference(kind):
    widest = scale_of(kind, 1.0)
    ends = {Difference.SIGNED: (-255, 255), Difference.ABSOLUTE: (0, 255), Difference.SQUARED: (0, 65025)}
    assert (widest.low, widest.high) == ends.get(kind, (0, 1))
    assert kind.usual_gain in GAINS
    highs = [scale_of(kind, gain).high for gain in GAINS]
    assert highs == sorted(highs, reverse=True)


def test_the_mean_of_squared_differences_is_what_psnr_tells():
    from daub.codec.evaluation.metrics import psnr

    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 256, (2, 9, 7, 3), np.uint8)
    mean = between(Difference.SQUARED, a, b).mean()
    assert 10 * np.log10(255**2 / mean) == pytest.approx(psnr(a / 255.0, b / 255.0))


@pytest.mark.parametrize("name", [each.value for each in ColourMap])
def test_maps_grow_lighter_all_along_so_that_any_colour_vision_reads_them(name):
    colours = table(name) / 255
    assert colours.shape == (ENTRIES, 3)
    light = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > -2e-3).all() and light[-1] - light[0] > 0.5


def test_what_has_a_sign_is_dark_in_the_middle_and_its_ends_are_of_different_hues():
    assert table_of(Difference.SIGNED, ColourMap.CIVIDIS) == SIGNED
    assert table_of(Difference.FLIP, ColourMap.CIVIDIS) == "cividis"
    colours = table(SIGNED) / 255
    assert (
        colours[ENTRIES // 2].max() < 0.15 and colours[0, 2] > colours[0, 0] + 0.2 and colours[-1, 0] > colours[-1, 2]
    )


def test_a_table_is_loaded_once_and_greys_stand_in_for_it():
    asked, told = [], []
    tables = ColourTables(lambda work, deliver: asked.append((work, deliver)))
    tables.changed.connect(lambda: told.append(1))
    greys = tables.get("viridis")
    assert (greys[:, 0] == greys[:, 2]).all() and tables.get("viridis") is greys and len(asked) == 1
    work, deliver = asked[0]
    deliver(work())
    np.testing.assert_array_equal(tables.get("viridis"), table("viridis"))
    assert told == [1] and len(asked) == 1
