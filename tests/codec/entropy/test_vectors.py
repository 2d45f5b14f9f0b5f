"""Sums over rows are those of numpy, and touch nothing beside them."""

import numpy as np
import pytest
from numba import njit

from daub.codec.entropy.vectors import PAIRS, add_pairs, add_row, add_rows, clamp_all, dot_clamped, paired

TABLE = np.random.default_rng(0).integers(-8192, 8192, 4000).astype(np.int32)


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
    rng = np.random.default_rng(7)
    before = rng.integers(-(2**30), 2**30, lanes + 3).astype(np.int32)
    factors = rng.integers(-1000, 1000, 30).astype(np.int32)
    rows = rng.integers(0, len(TABLE) - lanes, 30).astype(np.int32)
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


@njit
def _add_pairs(to, factors, table):
    add_pairs(to, 64, factors, table)
    add_pairs(to[64:], 16, factors, table[64 * PAIRS :])


@pytest.mark.parametrize("count", [1, 30, 2 * PAIRS])
def test_pairs_of_16_bits_are_added_as_rows_are(count):
    rng = np.random.default_rng(12)
    before = rng.integers(-(2**30), 2**30, 80 + 3).astype(np.int32)
    rows = rng.integers(-8191, 8192, (count, 80))
    factors = rng.integers(-1023, 1024, 2 * PAIRS).astype(np.int32)
    factors[:2] = 32767, -32768
    table = paired(rows, (64, 16))
    assert table.dtype == np.int32 and table.shape == (PAIRS * 80,)
    to = before.copy()
    _add_pairs(to, factors, table)
    expected = before.copy()
    expected[:80] += (factors[:count] @ rows).astype(np.int32)
    assert np.array_equal(to, expected)


@njit
def _clamp_all(values):
    clamp_all(values, 32, 10, 1023)


def test_values_are_clamped_in_place():
    rng = np.random.default_rng(15)
    values = rng.integers(-(2**18), 2**20, 35).astype(np.int32)
    values[:2] = 2**31 - 1, -(2**31)  # and beyond either end
    expected = np.where(np.arange(35) < 32, np.clip(values >> 10, 0, 1023), values)
    _clamp_all(values)
    assert np.array_equal(values, expected) and len(set(values)) > 10


@njit
def _add_row(to, factor, row, vectors):
    add_row(to, factor, row, vectors)


@pytest.mark.parametrize("vectors", [0, 1, 5])
def test_a_row_is_added(vectors):
    rng = np.random.default_rng(19)
    before = rng.integers(-(2**20), 2**20, 90).astype(np.int32)
    to = before.copy()
    _add_row(to, -77, TABLE[5:], vectors)
    before[: 16 * vectors] -= 77 * TABLE[5 : 5 + 16 * vectors]
    assert np.array_equal(to, before)
