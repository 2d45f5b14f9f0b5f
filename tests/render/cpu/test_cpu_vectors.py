"""What vectors do in a kernel is what numpy does with as many numbers."""

import numpy as np

from daub.render.cpu.vectors import (
    LANES,
    evens,
    fours,
    keep_less,
    load,
    maximum,
    merged_high,
    merged_low,
    odds,
    pairs,
    ramp,
    store,
    total,
)
from daub.render.jit import njit

RNG = np.random.default_rng(0)


@njit
def _shuffles(given, out):
    low, high = load(given, 0), load(given, LANES)
    even, odd = evens(low, high), odds(low, high)
    store(out, 0, even)
    store(out, LANES, odd)
    store(out, 2 * LANES, merged_low(even, odd))
    store(out, 3 * LANES, merged_high(even, odd))
    store(out, 4 * LANES, pairs(low))
    store(out, 5 * LANES, fours(pairs(low)))


@njit
def _arithmetic(given, number, out):
    vector = load(given, 1)
    vector += number
    store(out, 0, maximum(vector * 2 - ramp(), number))
    store(out, LANES, keep_less(load(given, 1), number, load(given, 0)))
    return total(load(given, 0))


@njit
def _copied(given, out):
    for i in range(0, len(given), LANES):
        store(out, i, load(given, i))


def test_shuffles_part_merge_and_sum_neighbours():
    given, out = RNG.normal(size=2 * LANES).astype(np.float32), np.empty(6 * LANES, np.float32)
    _shuffles(given, out)
    assert np.array_equal(out[: 2 * LANES], np.concatenate([given[::2], given[1::2]]))
    assert np.array_equal(out[2 * LANES : 4 * LANES], given)
    for found, side in ((out[4 * LANES : 5 * LANES], 2), (out[5 * LANES :], 4)):
        assert np.allclose(found, given[:LANES].reshape(-1, side).sum(1).repeat(side), atol=1e-6)


def test_arithmetic_begins_at_any_place_and_what_is_no_number_is_not_kept():
    given, out = RNG.normal(size=LANES + 1).astype(np.float32), np.empty(2 * LANES, np.float32)
    given[3] = np.nan
    below = np.where(given[1:] < np.float32(0.25), given[:-1], 0)
    sum_of_all = _arithmetic(given, np.float32(0.25), out)
    assert np.isnan(sum_of_all) and np.array_equal(out[LANES:], below, equal_nan=True) and out[LANES + 2] == 0
    expected = np.maximum((given[1:] + 0.25) * 2 - np.arange(LANES), 0.25)
    kept = ~np.isnan(expected)
    assert np.allclose(out[:LANES][kept], expected[kept])


def test_levels_are_loaded_as_the_numbers_that_readers_make_of_them():
    levels, out = np.arange(256, dtype=np.uint8), np.empty(256, np.float32)
    _copied(levels, out)
    assert np.array_equal(out, levels / np.float32(255))
