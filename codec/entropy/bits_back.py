"""Static histograms of each column, and bits-back coding of the rows as a set: what their order would cost comes back.

Severo et al., "Compressing multisets with large alphabets using bits-back coding" (DCC 2022, arXiv 2107.09202);
GaussianImage (ECCV 2024, arXiv 2403.08551) proposes it for Gaussians. The writer draws which row comes next by popping
from what it has written so far, uniformly among the rows left; the reader, having read the row, knows what was drawn
and puts those bits back. N rows save log2(N!) bits less log2(N), as the first draw finds an empty stack ("partial").

Equal rows are one symbol with a count. A row is found among the others by its rank, for which the writer has a tree of
counts over the sorted rows and the reader, who does not know them yet, a crit-bit tree: as deep as a row has bits at
most, whatever a file holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from daub.codec.entropy import ans
from daub.codec.entropy.ans import LEAST_STATE, MOST_WORDS, find, peek, pop, push, sum_before, take
from daub.render.jit import njit

SYMBOL_BITS = 16  # most bits of a symbol
LARGEST_COUNT = 1 << 22  # most rows: the totals of what is coded stay well below ans.LARGEST_TOTAL


def write(symbols: np.ndarray, alphabets: tuple[int, ...], unordered: bool) -> bytes:
    """Write the stack of bytes that `read` reads.

    Args:
        symbols: (N, c) int64, column j in [0, alphabets[j]).
        alphabets: how many values each column has, at most 2^16.
        unordered: whether the order of the rows is given up for its bits.
    """
    low = low_bits(symbols, alphabets)
    highs = _high_alphabets(alphabets, low)
    bounds = _tree_bounds(highs)
    trees = np.zeros(bounds[-1], np.int64)
    for j, high in enumerate(highs):
        counts = np.bincount(symbols[:, j] >> low[j], minlength=high)
        trees[bounds[j] : bounds[j + 1]] = ans.count_tree(counts)
    if unordered:
        rows, counts = np.unique(symbols, axis=0, return_counts=True)
    else:
        rows, counts = symbols, np.ones(len(symbols), np.int64)
    columns = len(alphabets)
    words = np.empty(MOST_WORDS * (2 * len(symbols) * columns + int(highs.sum()) + columns), np.uint16)
    stack = _write(np.ascontiguousarray(rows), ans.count_tree(counts), unordered, low, highs, trees, bounds, words)
    return ans.pack(stack, words)


def read(data: bytes, count: int, alphabets: tuple[int, ...], unordered: bool) -> np.ndarray | None:
    """Read symbols (count, c) int64, or None when the bytes make no sense."""
    unpacked = ans.unpack(data, MOST_WORDS * count)
    if unpacked is None:
        return None
    stack, words = unpacked
    stack, low = _read_low(stack, words, len(alphabets))
    highs = _high_alphabets(alphabets, low)
    bounds = _tree_bounds(highs)
    (state, top), symbols = _read(stack, words, count, unordered, low, highs, np.zeros(bounds[-1], np.int64), bounds)
    if state != LEAST_STATE or words[:top].any() or (symbols >= np.array(alphabets, np.int64)).any():
        return None
    return symbols


def spent(data: bytes, count: int, alphabets: tuple[int, ...], unordered: bool) -> np.ndarray:
    """Work out what each symbol in bytes that `read` can read costs under its histogram: (count, c) float64 bits."""
    symbols = read(data, count, alphabets, unordered)
    stack, words = ans.unpack(data, MOST_WORDS * count)
    _, low = _read_low(stack, words, len(alphabets))
    bits = np.empty(symbols.shape)
    for j, high in enumerate((symbols >> low).T):
        bits[:, j] = low[j] - np.log2(np.bincount(high)[high] / max(count, 1))
    return bits


def given_back(symbols: np.ndarray) -> float:
    """Work out what not keeping the order of rows (N, c) saves, bits: log2 of how many different orders there are."""
    _, equal = np.unique(symbols, axis=0, return_counts=True)
    return (math.lgamma(len(symbols) + 1) - sum(map(math.lgamma, equal + 1.0))) / math.log(2)


def low_bits(symbols: np.ndarray, alphabets: tuple[int, ...]) -> np.ndarray:
    """Count the lowest bits of each column that have no shape worth the histogram that would tell it: (c,) int64."""
    count = len(symbols)
    best = np.zeros(len(alphabets), np.int64)
    for j, alphabet in enumerate(alphabets):
        bits = (alphabet - 1).bit_length()
        costs = []
        for low in range(bits + 1):
            counts = np.bincount(symbols[:, j] >> low, minlength=((alphabet - 1) >> low) + 1)
            # As `_write` codes it: each inner node says how many of its symbols lie under its left child.
            histogram = sum(np.log2(level + 1.0).sum() for level in _levels(ans.count_tree(counts)))
            shares = counts[counts > 0] / max(count, 1)
            costs.append(histogram + count * (low - (shares * np.log2(shares)).sum()))
        best[j] = int(np.argmin(costs))
    return best


def _levels(tree: np.ndarray) -> Iterator[np.ndarray]:
    """The counts of each level of the inner nodes."""
    width = 1
    while 2 * width < len(tree):
        yield tree[width : 2 * width]
        width *= 2


def _high_alphabets(alphabets: tuple[int, ...], low: np.ndarray) -> np.ndarray:
    """(c,) how many values the bits above the lowest ones have."""
    return ((np.array(alphabets, np.int64) - 1) >> low) + 1


def _tree_bounds(highs: np.ndarray) -> np.ndarray:
    """(c + 1,) where the tree of each column begins in one array of all."""
    return np.concatenate([[0], np.cumsum([2 * ans.leaves_for(int(high)) for high in highs])]).astype(np.int64)


@njit(nogil=True, cache=True)
def _write(rows, multiset, unordered, low, highs, trees, bounds, words):
    """Push what `_read_low` and `_read` read, last things first. Returns the stack."""
    stack = (np.int64(LEAST_STATE), 0)
    for n in range(multiset[1], 0, -1):
        row = n - 1
        if unordered:
            row, start = find(multiset, peek(stack, n))
            stack = pop(stack, words, start, multiset[(len(multiset) >> 1) + row], n)
            take(multiset, row)
        for j in range(len(low) - 1, -1, -1):
            tree = trees[bounds[j] : bounds[j + 1]]
            symbol = rows[row, j]
            high = symbol >> low[j]
            stack = push(stack, words, symbol - (high << low[j]), 1, 1 << low[j])
            stack = push(stack, words, sum_before(tree, high), tree[(len(tree) >> 1) + high], tree[1])
    for j in range(len(low) - 1, -1, -1):
        tree = trees[bounds[j] : bounds[j + 1]]
        for node in range((len(tree) >> 1) - 1, 0, -1):
            if _splits(node, highs[j], len(tree) >> 1):
                stack = push(stack, words, tree[2 * node], 1, tree[node] + 1)
    for j in range(len(low) - 1, -1, -1):
        stack = push(stack, words, low[j], 1, SYMBOL_BITS + 1)
    return stack


@njit(cache=True)
def _read_low(stack, words, columns):
    """Pop the numbers of lowest bits (columns,). Returns the stack and them."""
    low = np.empty(columns, np.int64)
    for j in range(columns):
        low[j] = peek(stack, SYMBOL_BITS + 1)
        stack = pop(stack, words, low[j], 1, SYMBOL_BITS + 1)
    return stack, low


@njit(nogil=True, cache=True)
def _read(stack, words, count, unordered, low, highs, trees, bounds):
    """Pop the histograms into trees, and then the rows. Returns the stack and the symbols (count, c)."""
    for j in range(len(low)):
        tree = trees[bounds[j] : bounds[j + 1]]
        tree[1] = count
        for node in range(1, len(tree) >> 1):
            left = tree[node]
            if _splits(node, highs[j], len(tree) >> 1):
                left = peek(stack, tree[node] + 1)
                stack = pop(stack, words, left, 1, tree[node] + 1)
            tree[2 * node], tree[2 * node + 1] = left, tree[node] - left

    symbols = np.zeros((count, len(low)), np.int64)
    seen = _nothing_seen(count if unordered else 0)
    for n in range(count):
        for j in range(len(low)):
            tree = trees[bounds[j] : bounds[j + 1]]
            high, start = find(tree, peek(stack, tree[1]))
            stack = pop(stack, words, start, tree[(len(tree) >> 1) + high], tree[1])
            rest = peek(stack, 1 << low[j])
            stack = pop(stack, words, rest, 1, 1 << low[j])
            symbols[n, j] = high << low[j] | rest
        if unordered:
            start, equal = _insert(seen, symbols, n)
            stack = push(stack, words, start, equal, n + 1)
    return stack, symbols


@njit(cache=True, inline="always")
def _splits(node, symbols, leaves):
    """Whether any symbols lie under the right child of an inner node."""
    first = 2 * node + 1
    while first < leaves:
        first <<= 1
    return first - leaves < symbols


_END = 1 << 30  # number of the bit that a leaf looks at, past the last one of any row


@njit(cache=True)
def _nothing_seen(count):
    """Make a crit-bit tree (Bernstein, "Crit-bit trees", 2004) with room for the rows: bit, total, child of its nodes.

    child[-1, 0] is the root. Node 2n is the leaf of row n; node 2n - 1, if it was needed, is where that row parted from
    those before it. total counts the rows under a node.
    """
    nodes = 2 * count + 1
    return np.full(nodes, _END, np.int64), np.zeros(nodes, np.int64), np.zeros((nodes, 2), np.int64)


@njit(cache=True, inline="always")
def _bit(symbols, n, bit):
    """A bit of row n. Bits are numbered from the highest of the first column on."""
    return symbols[n, bit // SYMBOL_BITS] >> (SYMBOL_BITS - 1 - bit % SYMBOL_BITS) & 1


@njit(cache=True)
def _first_difference(symbols, n, m):
    """The first bit in which rows n and m differ, or _END."""
    for j in range(symbols.shape[1]):
        differing = symbols[n, j] ^ symbols[m, j]
        if differing:
            bit = SYMBOL_BITS - 1
            while differing > 1:
                differing >>= 1
                bit -= 1
            return SYMBOL_BITS * j + bit
    return _END


@njit(cache=True)
def _insert(seen, symbols, n):
    """Put row n among rows 0..n-1. Returns how many of them sort before it, and how many equal it, itself included."""
    bits, total, child = seen
    if n == 0:
        total[0] = 1
        return 0, 1
    node = child[-1, 0]
    while bits[node] < _END:
        node = child[node, _bit(symbols, n, bits[node])]
    parting = _first_difference(symbols, n, node >> 1)

    above, side = len(bits) - 1, 0
    node, before = child[-1, 0], 0
    while bits[node] < parting:
        total[node] += 1
        above, side = node, _bit(symbols, n, bits[node])
        if side:
            before += total[child[node, 0]]
        node = child[node, side]
    if parting == _END:
        total[node] += 1
        return before, total[node]

    leaf, fork = 2 * n, 2 * n - 1
    new_side = _bit(symbols, n, parting)
    if new_side:
        before += total[node]
    bits[fork], total[leaf], total[fork] = parting, 1, total[node] + 1
    child[fork, new_side], child[fork, 1 - new_side] = leaf, node
    child[above, side] = fork
    return before, 1
