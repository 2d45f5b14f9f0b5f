"""Colour maps: those of matplotlib, and such that lightness alone tells little from much."""

import numpy as np
import pytest
from matplotlib import colormaps

from daub.app.model.compare.colour_maps import DIVERGING, ENTRIES, SEQUENTIAL, coloured, table


def lightness(colours):
    """Relative luminance (WCAG 2), of sRGB in 0..255."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("name", [SEQUENTIAL, DIVERGING])
def test_tables_are_those_of_matplotlib(name):
    expected = colormaps[name](np.arange(ENTRIES), bytes=True)[:, :3]
    assert np.array_equal(table(name), expected)
    with pytest.raises(ValueError):
        table(name)[0] = 0


def test_the_sequential_map_grows_lighter_throughout():
    steps = np.diff(lightness(table(SEQUENTIAL).astype(float)))
    assert (steps > -1e-3).all() and lightness(table(SEQUENTIAL)[-1]) > 0.7


def test_the_diverging_map_is_lightest_in_the_middle_and_differs_at_its_ends():
    light = lightness(table(DIVERGING).astype(float))
    assert 120 <= int(light.argmax()) <= 136
    # Red and green alike, as the commonest colour-blindness has it: yellow against blue tells the ends apart.
    low, high = table(DIVERGING)[[20, -21]].astype(int)
    assert low[2] > low[:2].mean() and high[2] < high[:2].mean()


def test_shares_outside_and_unknown_ones_take_an_end():
    assert np.array_equal(coloured(np.array([-1, 0.0])), table(SEQUENTIAL)[[0, 0]])
    assert np.array_equal(coloured(np.array([1.0, 7, np.nan])), table(SEQUENTIAL)[[-1, -1, 0]])
