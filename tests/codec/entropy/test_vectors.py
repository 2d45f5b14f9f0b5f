"""Sums over rows are those of numpy, and touch nothing beside them."""

import numpy as np
import pytest
from numba import njit

from daub.codec.entropy.vectors import add_rows, dot_clamped

RNG = np.random.default_rng(0)
TABLE = RNG.integers(-8192, 8192, 4000).astype(np.int32)


@njit
def _add(to, lanes, count, factors, rows, table):
    if lanes == 16:
        add_rows(to, 16, count, factors, rows, table)
    else:
        add_rows(to, 64, count, factors, rows, table)


@njit
def _dot(values, largest, weights):
    return dot_clamped(values, 16, 10, largest, weights)


@pytest.mark.parametrize("lanes", [16, 64])
@pytest.mark.parametrize("count", [0, 1, 7, 30])
def test_rows_are_added(lanes, count):
    before = RNG.integers(-(2**30), 2**30, lanes + 3).astype(np.int32)
    factors = RNG.integers(-1000, 1000, 30).astype(np.int32)
    rows = RNG.integers(0, len(TABLE) - lanes, 30).astype(np.int32)
    rows[0] = len(TABLE) - lanes  # the last there is
    to = before.copy()
    _add(to, lanes, count, factors, rows, TABLE)
    expected = before.copy()
    for factor, row in zip(factors[:count], rows[:count], strict=True):
        expected[:lanes] += factor * TABLE[row : row + lanes]
    assert np.array_equal(to, expected)


def test_what_is_multiplied_is_clamped():
    values = np.array([*np.arange(-5, 9) * 4096, 2**31 - 1, -(2**31)], np.int32)
    for largest in (1023, 20, 0):
        expected = (np.clip(values >> 10, 0, largest) * TABLE[:16]).sum()
        assert _dot(values, largest, TABLE[:16]) == expected
