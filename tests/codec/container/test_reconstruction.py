"""The kernel that reconstructs Gaussians, beside its twin of numpy."""

import numpy as np
import pytest

from daub.codec import symbols as s
from daub.codec.container.reconstruction import reconstruct
from daub.codec.symbols import COLUMNS, Grid, Symbols, dequantise


@pytest.mark.parametrize("cell_log2", [0, 2, 9])
def test_it_is_its_twin_to_the_bit(cell_log2):
    rng, grid = np.random.default_rng(cell_log2), Grid(4000, 3000, 301, cell_log2)
    values = np.empty((20_000, COLUMNS), np.int64)
    values[:, s.CLASS] = rng.integers(0, s.CLASSES, len(values))
    values[:, [s.CELL_X, s.CELL_Y]] = rng.integers(0, 1000, (len(values), 2))
    largest = s.LARGEST_OCTAVES // s.LOG_SCALE_STEP_OCTAVES[values[:, s.CLASS]]
    values[:, [s.SCALE_1, s.SCALE_3]] = rng.integers(-largest, largest + 1, (2, len(values))).T
    values[:, s.SHEAR] = rng.normal(0, 40, len(values))
    values[:, s.LUMA : s.CHROMA_2 + 1] = rng.normal(0, 200, (len(values), 3))
    values[:, [s.SUB_X, s.SUB_Y]] = rng.integers(0, 50, (len(values), 2))
    symbols = Symbols(values)
    found, expected = (make(symbols, grid).parameters for make in (reconstruct, dequantise))
    assert found.dtype == np.float32 and np.array_equal(found, expected)
    assert np.isfinite(found).all() and np.ptp(found, axis=0).all()


def test_none_are_none():
    assert len(reconstruct(Symbols(np.empty((0, COLUMNS), np.int64)), Grid(4, 3, 301, 2))) == 0
