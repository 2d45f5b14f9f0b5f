"""Symbols through the entropy coder and back, without a file around them."""

from __future__ import annotations

import numpy as np
import pytest
from scenes import some_gaussians

from daub.codec.entropy import gaussian_models
from daub.codec.symbols import (
    CELL_X,
    CELL_Y,
    CHROMA_1,
    CLASS,
    LUMA,
    SCALE_1,
    SHEAR,
    Grid,
    Symbols,
    quantise,
    step_index,
)

GRID = Grid(96, 64, step_index(0.1), 3)


def some_symbols(count=120, seed=0) -> Symbols:
    return quantise(some_gaussians(count, GRID.width, GRID.height, seed), GRID)


def as_set(symbols: Symbols) -> list[tuple]:
    return sorted(map(tuple, symbols.values.tolist()))


@pytest.mark.parametrize("count", [0, 1, 2, 120])
def test_what_is_read_is_what_was_written_but_for_the_order(count):
    symbols = some_symbols(count)
    read = gaussian_models.read(gaussian_models.write(symbols, GRID), count, GRID)
    assert as_set(read) == as_set(symbols)


def test_the_order_of_what_is_written_does_not_matter():
    symbols = some_symbols()
    shuffled = Symbols(np.random.default_rng(1).permutation(symbols.values))
    assert gaussian_models.write(shuffled, GRID) == gaussian_models.write(symbols, GRID)


def test_the_stream_runs_by_cells_and_the_strongest_first():
    values = gaussian_models.in_order(some_symbols(400))
    cells = list(zip(values[:, CELL_Y], values[:, CELL_X], -values[:, CLASS], strict=True))
    assert cells == sorted(cells)


def test_equal_gaussians_in_one_cell_are_kept_each():
    values = np.repeat(some_symbols(1).values, 300, 0)
    read = gaussian_models.read(gaussian_models.write(Symbols(values), GRID), 300, GRID)
    np.testing.assert_array_equal(read.values, values)


@pytest.mark.parametrize(("column", "value"), [(SHEAR, 1 << 19), (SCALE_1, 1 << 19), (CLASS, 32)])
def test_symbols_outside_the_format_are_refused_before_they_are_written(column, value):
    symbols = some_symbols()
    symbols.values[7, column] = value
    with pytest.raises(ValueError, match="outside the format"):
        gaussian_models.write(symbols, GRID)


def test_the_widest_integers_survive():
    symbols = some_symbols(3)
    symbols.values[:, LUMA] = -(1 << 20), 0, (1 << 20) - 1
    symbols.values[:, CHROMA_1] = (1 << 20) - 1, -(1 << 20), 0
    assert as_set(gaussian_models.read(gaussian_models.write(symbols, GRID), 3, GRID)) == as_set(symbols)


def test_another_count_and_a_cut_stream_make_no_sense():
    data = gaussian_models.write(some_symbols(), GRID)
    assert gaussian_models.read(data, 119, GRID) is None
    assert gaussian_models.read(data[: len(data) // 2], 120, GRID) is None


def test_a_tally_meets_every_decision_that_a_stream_has():
    """The cells alone: as many zeros as cells, for each count ends with one, and as many ones as Gaussians."""
    symbols = some_symbols(40)
    usual = np.zeros((2, 32), np.int64)
    counts = gaussian_models.tally(symbols, GRID, usual)
    cells = counts[: gaussian_models._AROUND].sum(0)
    assert list(cells) == [GRID.rows * GRID.columns, 40]
    assert counts.shape == (gaussian_models.MODELS, 2)
