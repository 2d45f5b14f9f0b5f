"""Asymmetric numeral systems: a stack of bits, in exact integers, that symbols are pushed on and popped from.

Duda, "Asymmetric numeral systems" (arXiv 1311.2540), the variant with a range (rANS). A push with a probability and a
pop with the same one undo each other, in either order: popping from a stack that holds other data draws a symbol with
that probability, and pushing it again gives the data back. That is what bits-back coding (bits_back.py) lives on.

The stack is a tuple (state, top) and an array of words below it, of which words[:top] are in use. Below those it goes
on with zeros for ever. Probabilities are count / total with any total up to LARGEST_TOTAL.

Its sister is the range coder (range_coder.py), a queue: what is written first is read first. Models that adapt need
that one; a writer that decodes what it has written needs this one.

    >>> words = np.zeros(10, np.uint16)
    >>> stack = push((LEAST_STATE, 0), words, 3, 2, 10)  # a symbol that has 2 of 10, with 3 of 10 below it
    >>> 3 <= peek(stack, 10) < 5
    True
    >>> pop(stack, words, 3, 2, 10) == (LEAST_STATE, 0)
    True
"""

from __future__ import annotations

import numpy as np

from daub.render.jit import njit

WORD_BITS = 16
LEAST_STATE = 1 << 32  # smallest state; the largest is below 2^WORD_BITS times that, so they fit in an int64
STATE_BYTES = 6
PRECISION = 24  # bits of a probability; 8 less than the state has, so rounding costs some thousandths of a bit
LARGEST_TOTAL = 1 << PRECISION
_SLOTS = LARGEST_TOTAL - 1
MOST_WORDS = 2  # most words that one push moves out


@njit(cache=True, inline="always")
def push(stack, words, start, count, total):
    """Push a symbol that has count of total, with start of total below it; count >= 1. Returns the stack."""
    state, top = stack
    low = (start << PRECISION) // total
    share = ((start + count) << PRECISION) // total - low
    while state >> PRECISION >= share:
        words[top] = np.uint16(state & 0xFFFF)
        top += 1
        state >>= WORD_BITS
    return (state // share << PRECISION) + state % share + low, top


@njit(cache=True, inline="always")
def peek(stack, total):
    """Tell where in [0, total) the symbol on the stack lies."""
    return (((stack[0] & _SLOTS) + 1) * total - 1) >> PRECISION


@njit(cache=True, inline="always")
def pop(stack, words, start, count, total):
    """Pop the symbol, which `peek` found in [start, start + count). Returns the stack."""
    state, top = stack
    low = (start << PRECISION) // total
    share = ((start + count) << PRECISION) // total - low
    state = share * (state >> PRECISION) + (state & _SLOTS) - low
    while state < LEAST_STATE:
        word = np.int64(0)
        if top > 0:
            top -= 1
            word = np.int64(words[top])
        state = state << WORD_BITS | word
    return state, top


def pack(stack: tuple[int, int], words: np.ndarray) -> bytes:
    """Write a stack as bytes, its top first; zeros at the end mean nothing and are left out."""
    state, top = stack
    return (int(state).to_bytes(STATE_BYTES, "little") + words[:top][::-1].astype("<u2").tobytes()).rstrip(b"\0")


def unpack(data: bytes, room: int) -> tuple[tuple[int, int], np.ndarray] | None:
    """Read a stack from its bytes, with room for so many more words; None where it can be none."""
    data = data.ljust(STATE_BYTES, b"\0")
    state = int.from_bytes(data[:STATE_BYTES], "little")
    if state < LEAST_STATE:
        return None
    body = data[STATE_BYTES:]
    below = np.frombuffer(body.ljust(len(body) + len(body) % 2, b"\0"), "<u2")[::-1]
    return (state, len(below)), np.concatenate([below, np.zeros(room, np.uint16)])


# Counts of symbols are a complete binary tree in an array: node i has the children 2i and 2i + 1, leaves are the upper
# half.


def count_tree(counts: np.ndarray) -> np.ndarray:
    """Make the tree (2 P,) int64 of counts (A,), P being A or the next power of two."""
    leaves = leaves_for(len(counts))
    tree = np.zeros(2 * leaves, np.int64)
    tree[leaves : leaves + len(counts)] = counts
    while leaves > 1:
        below = tree[leaves : 2 * leaves]
        leaves //= 2
        tree[leaves : 2 * leaves] = below[0::2] + below[1::2]
    return tree


def leaves_for(symbols: int) -> int:
    """Tell how many leaves the tree of so many symbols has: the least power of two that is not below."""
    return 1 << max(symbols - 1, 0).bit_length()


@njit(cache=True, inline="always")
def find(tree, slot):
    """Find the symbol that slot, in [0, sum of counts), falls on, and the sum of the counts before it."""
    leaves = len(tree) >> 1
    node, start = 1, np.int64(0)
    while node < leaves:
        node <<= 1
        if slot - start >= tree[node]:
            start += tree[node]
            node += 1
    return node - leaves, start


@njit(cache=True, inline="always")
def sum_before(tree, symbol):
    """Sum the counts of all symbols below this one."""
    node, start = (len(tree) >> 1) + symbol, np.int64(0)
    while node > 1:
        if node & 1:
            start += tree[node - 1]
        node >>= 1
    return start


@njit(cache=True, inline="always")
def take(tree, symbol):
    """Lower the count of a symbol by one."""
    node = (len(tree) >> 1) + symbol
    while node > 0:
        tree[node] -= 1
        node >>= 1
