"""The coders: whatever is written reads the same, and a set costs what a set should."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from property_tests import examples

from daub.codec.entropy import ans
from daub.codec.entropy.coders import CODERS, BitsBack, Raw, Static

COVARIANCE_AND_COLOUR = (63487, 63487, 64, 64, 64, 8, 8)


def some_symbols(count, alphabets, seed=0, distinct=None):
    """Humps rather than even odds; `distinct` rows at most."""
    rng = np.random.default_rng(seed)
    rows = [np.clip(rng.normal(a / 2, a / 8, distinct or count), 0, a - 1) for a in alphabets]
    rows = np.stack(rows, 1).astype(np.int64)
    return rows if distinct is None else rows[rng.integers(distinct, size=count)]


def in_order(symbols):
    return sorted(map(tuple, symbols.tolist()))


@pytest.mark.parametrize("coder", CODERS, ids=lambda coder: coder.name)
@settings(max_examples=examples(60))
@given(
    count=st.integers(0, 200),
    alphabets=st.lists(st.integers(1, 1 << 16), min_size=1, max_size=9).map(tuple),
    distinct=st.one_of(st.none(), st.integers(1, 8)),
    seed=st.integers(0, 99),
    padding=st.integers(0, 5),
)
def test_round_trip(coder, count, alphabets, distinct, seed, padding):
    symbols = some_symbols(count, alphabets, seed, distinct)
    decoded = coder.read(coder.write(symbols, alphabets) + bytes(padding), count, alphabets)
    assert decoded.shape == symbols.shape
    if isinstance(coder, BitsBack):
        assert in_order(decoded) == in_order(symbols)
    else:
        assert np.array_equal(decoded, symbols)


@pytest.mark.parametrize("count", [1000, 5000])
def test_bits_back_saves_what_the_order_carries(count):
    symbols = some_symbols(count, COVARIANCE_AND_COLOUR)
    saved = 8 * (
        len(Static().write(symbols, COVARIANCE_AND_COLOUR)) - len(BitsBack().write(symbols, COVARIANCE_AND_COLOUR))
    )
    partial = math.lgamma(count + 1) / math.log(2) - math.log2(count)
    assert 0.99 * partial < saved <= partial + 16


def test_equal_gaussians_save_only_the_orders_there_are():
    counts = np.array([500, 300, 200])
    symbols = np.repeat([[3, 60000], [5, 1], [5, 2]], counts, 0)
    saved = 8 * (len(Static().write(symbols, (8, 1 << 16))) - len(BitsBack().write(symbols, (8, 1 << 16))))
    orders = (math.lgamma(1001) - sum(math.lgamma(n + 1) for n in counts)) / math.log(2)
    assert 0.95 * orders < saved <= orders + 16


def test_what_is_written_does_not_depend_on_the_order():
    symbols = some_symbols(300, COVARIANCE_AND_COLOUR, distinct=200)
    shuffled = np.random.default_rng(1).permutation(symbols)
    assert BitsBack().write(symbols, COVARIANCE_AND_COLOUR) == BitsBack().write(shuffled, COVARIANCE_AND_COLOUR)


def test_raw_is_what_the_papers_count():
    assert len(Raw().write(some_symbols(1000, COVARIANCE_AND_COLOUR), COVARIANCE_AND_COLOUR)) == 1000 * 56 // 8


def test_a_histogram_costs_less_than_entropy_coding_saves():
    skewed = np.random.default_rng(0).geometric(0.3, (2000, 1)).clip(0, 63)
    shares = np.bincount(skewed[:, 0]) / 2000
    entropy = -(shares[shares > 0] * np.log2(shares[shares > 0])).sum() * 2000
    assert 8 * len(Static().write(skewed, (64,))) < entropy + 64 * 4


@pytest.mark.parametrize("coder", CODERS, ids=lambda coder: coder.name)
def test_damaged_bytes_are_none_or_symbols_of_the_alphabet(coder):
    alphabets = (200, 63487, 5)
    rng = np.random.default_rng(0)
    data = coder.write(some_symbols(60, alphabets), alphabets)
    for _ in range(600):
        mutant = bytearray(data[: rng.integers(len(data) + 1)] if rng.random() < 0.3 else data)
        for _ in range(rng.integers(1, 4)):
            if mutant:
                mutant[rng.integers(len(mutant))] = rng.integers(256)
        for count in (60, 0, 1000):
            decoded = coder.read(bytes(mutant), count, alphabets)
            if decoded is not None:
                assert decoded.shape == (count, 3)
                assert (decoded >= 0).all() and (decoded < alphabets).all()


def test_pushing_and_popping_undo_each_other_in_either_order():
    rng = np.random.default_rng(0)
    words = np.zeros(4000, np.uint16)
    first = stack = (ans.LEAST_STATE + 12345, 0)
    pushed = []
    for _ in range(1000):
        total = int(rng.integers(1, ans.LARGEST_TOTAL, endpoint=True))
        start = int(rng.integers(total))
        count = int(rng.integers(1, total - start, endpoint=True))
        pushed.append((start, count, total))
        stack = ans.push.py_func(stack, words, start, count, total)
    for start, count, total in reversed(pushed):
        assert start <= ans.peek.py_func(stack, total) < start + count
        stack = ans.pop.py_func(stack, words, start, count, total)
    assert stack == first

    words[:] = rng.integers(1 << 16, size=len(words))
    before, full = words.copy(), (ans.LEAST_STATE + 777, len(words))
    stack, popped = full, []
    for _ in range(1000):
        total = int(rng.integers(1, ans.LARGEST_TOTAL, endpoint=True))
        slot = int(ans.peek.py_func(stack, total))
        popped.append((slot, 1, total))
        stack = ans.pop.py_func(stack, words, slot, 1, total)
    for one in reversed(popped):
        stack = ans.push.py_func(stack, words, *one)
    assert stack == full and np.array_equal(words, before)
