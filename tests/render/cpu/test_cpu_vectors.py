"""What vectors do in a kernel is what numpy does with as many numbers."""

import numpy as np

from daub.render.cpu.vectors import (
    LANES,
    SHORT,
    below_zero,
    evens,
    fma,
    fours,
    greatest,
    keep_less,
    load,
    lowest,
    maximum,
    merged_high,
    merged_low,
    minimum,
    odds,
    over,
    pairs,
    prefetch,
    ramp,
    short_broadcast,
    short_load,
    short_ramp,
    store,
    total,
    where_at_most,
    which_at_most,
)
from daub.render.jit import njit


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
def _of_short_ones(given, number, out):
    vector = short_load(given, 1)
    store(out, 0, fma(vector, number, keep_less(short_ramp(), number, short_broadcast(number) - vector)))
    store(out, SHORT, pairs(vector))
    return total(vector)


@njit
def _copied(given, out):
    for i in range(0, len(given), LANES):
        store(out, i, load(given, i))


def test_shuffles_part_merge_and_sum_neighbours():
    given, out = np.random.default_rng(0).normal(size=2 * LANES).astype(np.float32), np.empty(6 * LANES, np.float32)
    _shuffles(given, out)
    assert np.array_equal(out[: 2 * LANES], np.concatenate([given[::2], given[1::2]]))
    assert np.array_equal(out[2 * LANES : 4 * LANES], given)
    for found, side in ((out[4 * LANES : 5 * LANES], 2), (out[5 * LANES :], 4)):
        assert np.allclose(found, given[:LANES].reshape(-1, side).sum(1).repeat(side), atol=1e-6)


def test_arithmetic_begins_at_any_place_and_what_is_no_number_is_not_kept():
    given, out = np.random.default_rng(0).normal(size=LANES + 1).astype(np.float32), np.empty(2 * LANES, np.float32)
    given[3] = np.nan
    below = np.where(given[1:] < np.float32(0.25), given[:-1], 0)
    sum_of_all = _arithmetic(given, np.float32(0.25), out)
    assert np.isnan(sum_of_all) and np.array_equal(out[LANES:], below, equal_nan=True) and out[LANES + 2] == 0
    expected = np.maximum((given[1:] + 0.25) * 2 - np.arange(LANES), 0.25)
    kept = ~np.isnan(expected)
    assert np.allclose(out[:LANES][kept], expected[kept])


def test_short_vectors_are_a_register_of_what_is_made_of_them():
    assert SHORT in (LANES // 2, LANES)
    given = np.random.default_rng(0).normal(size=SHORT + 1).astype(np.float32)
    out = np.full(2 * SHORT + 1, 7, np.float32)
    assert np.isclose(_of_short_ones(given, np.float32(2.5), out), given[1:].sum(), atol=1e-5)
    expected = 2.5 * given[1:] + np.where(np.arange(SHORT) < 2.5, 2.5 - given[1:], 0)
    assert np.allclose(out[:SHORT], expected, atol=1e-5) and out[-1] == 7
    assert np.allclose(out[SHORT : 2 * SHORT], given[1:].reshape(-1, 2).sum(1).repeat(2), atol=1e-5)


def test_levels_are_loaded_as_the_numbers_that_readers_make_of_them():
    levels, out = np.arange(256, dtype=np.uint8), np.empty(256, np.float32)
    _copied(levels, out)
    assert np.array_equal(out, levels / np.float32(255))


@njit
def _choices(given, bound, out):
    vector = load(given, 0)
    prefetch(given, np.int64(len(given) + (1 << 40)))  # of nothing: it does no harm
    store(out, 0, minimum(vector, bound))
    store(out, LANES, below_zero(vector))
    store(out, 2 * LANES, where_at_most(vector, bound, vector * 2, ramp()))
    store(out, 3 * LANES, over(vector, bound))
    return which_at_most(vector, bound), greatest(vector)


@njit
def _places(bits):
    found = []
    while bits != 0:
        found.append(lowest(bits))
        bits &= bits - 1
    return found


def test_choices_are_made_for_each_lane():
    given, out = np.random.default_rng(0).normal(size=LANES).astype(np.float32), np.empty(4 * LANES, np.float32)
    bound = given[3]  # which is at most itself
    bits, most = _choices(given, bound, out)
    assert np.array_equal(out[:LANES], np.minimum(given, bound)) and most == given.max()
    assert np.array_equal(out[LANES : 2 * LANES], -np.abs(given))
    assert np.array_equal(out[2 * LANES : 3 * LANES], np.where(given <= bound, 2 * given, np.arange(LANES)))
    assert np.array_equal(out[3 * LANES :], given / bound)
    assert _places(bits) == [*np.flatnonzero(given <= bound)]


def test_what_is_no_number_is_chosen_nowhere():
    given, out = np.full(LANES, np.nan, np.float32), np.empty(4 * LANES, np.float32)
    assert _choices(given, np.float32(1), out)[0] == 0
    assert np.array_equal(out[2 * LANES : 3 * LANES], np.arange(LANES))
