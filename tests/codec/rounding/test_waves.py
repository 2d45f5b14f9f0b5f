"""Waves change nothing: what they let happen at once gives the bits of one Gaussian after another."""

from itertools import pairwise

import numpy as np
import pytest
from scenes import a_picture, scattered

from daub.codec.progress import drive
from daub.codec.rounding.refine import RefineSettings, refine
from daub.codec.rounding.waves import waves_of
from daub.codec.symbols import Grid, Symbols, quantise, step_index
from daub.render.gaussians import Gaussians


def symbols_on(grid: Grid, count: int) -> Symbols:
    """Gaussians of many sizes, shears, strengths and places, of which few meet."""
    scene = scattered(count, grid.width, grid.height)
    rng = np.random.default_rng(4)
    scene.parameters[:, 2:4] = rng.uniform(-1, 2.2, (count, 2))
    scene.parameters[:, 4] = rng.normal(0, 1.5, count)
    scene.coefficient[:] *= np.exp(rng.normal(0, 1.5, (count, 1)))
    return quantise(Gaussians(scene.parameters), grid)


@pytest.mark.parametrize("cell_log2", [2, 5])
def test_waves_give_the_bits_of_one_after_another(cell_log2, monkeypatch):
    grid = Grid(333, 210, step_index(0.05), cell_log2)
    pixels, symbols = a_picture(grid.width, grid.height), symbols_on(grid, 600)
    settings = RefineSettings(3)
    at_once = drive(refine(pixels, symbols, grid, settings))
    waves = len(waves_of(symbols.values, grid)[1]) - 1
    assert 1 < waves < len(symbols) / 3
    monkeypatch.setattr(
        "daub.codec.rounding.refine.waves_of", lambda values, grid: (np.arange(len(values)), np.arange(len(values) + 1))
    )
    one_by_one = drive(refine(pixels, symbols, grid, settings))
    assert np.array_equal(at_once.values, one_by_one.values)


def test_a_gaussian_is_in_one_wave_and_in_order_there():
    grid = Grid(333, 210, step_index(0.05), 3)
    values = symbols_on(grid, 600).values
    members, start = waves_of(values, grid)
    assert np.array_equal(np.sort(members), np.arange(len(values))) and start[-1] == len(values)
    assert all((np.diff(members[a:b]) > 0).all() for a, b in pairwise(start))
    assert len(waves_of(values[:0], grid)[0]) == 0
