"""The Gaussians of a view in the order of depth, and lists of those that touch each tile.

One sort of all that are seen, and then a counting sort into tiles: it is stable, so that each tile has its own in the
order of depth. Both are shared by threads in such a way that the outcome is the same for any number of them.
"""

import math

import numpy as np

from daub.render.jit import njit, prange
from daub.render.splats.cpu.projecting import ACROSS, DOWN, L1, L2, L3, REACH, SLANT, X, Y

TILE = 16  # side of a tile, pixels
DIGIT = 11  # bits that a pass of the sort looks at

_f = np.float32
_SLACK = _f(0.02)  # pixels, far more than rounding may take from the reach of an ellipse


@njit(parallel=True, nogil=True, cache=True)
def by_depth(depth, threads):
    """(V,) int32: the Gaussians with a positive depth, nearest first, and by index where it is the same.

    A radix sort of the bits of the float32 depths, which as integers have the same order.
    """
    n = len(depth)
    share = (n + threads - 1) // threads
    seen = np.zeros(threads + 1, np.int64)
    for thread in prange(threads):
        count = 0
        for i in range(thread * share, min((thread + 1) * share, n)):
            count += depth[i] > _f(0)
        seen[thread + 1] = count
    for thread in range(threads):
        seen[thread + 1] += seen[thread]
    total = seen[threads]
    bits = depth.view(np.uint32)
    order, other = np.empty(total, np.int32), np.empty(total, np.int32)
    keys, other_keys = np.empty(total, np.uint32), np.empty(total, np.uint32)
    for thread in prange(threads):
        at = seen[thread]
        for i in range(thread * share, min((thread + 1) * share, n)):
            if depth[i] > _f(0):
                order[at], keys[at] = i, bits[i]
                at += 1
    share = (total + threads - 1) // threads
    places = np.empty((threads, 1 << DIGIT), np.int64)
    for digit in range((32 + DIGIT - 1) // DIGIT):
        shift, mask = np.uint32(digit * DIGIT), np.uint32((1 << DIGIT) - 1)
        for thread in prange(threads):
            places[thread] = 0
            for i in range(thread * share, min((thread + 1) * share, total)):
                places[thread, (keys[i] >> shift) & mask] += 1
        following = 0
        for value in range(1 << DIGIT):
            for thread in range(threads):
                count = places[thread, value]
                places[thread, value] = following
                following += count
        for thread in prange(threads):
            for i in range(thread * share, min((thread + 1) * share, total)):
                value = (keys[i] >> shift) & mask
                at = places[thread, value]
                places[thread, value] = at + 1
                other[at], other_keys[at] = order[i], keys[i]
        order, other = other, order
        keys, other_keys = other_keys, keys
    return order


@njit(inline="always")
def strip_of(g, top, bottom):
    """Where an ellipse lies between two rows: the leftmost and the rightmost x of those of its points, pixels.

    Args:
        g: (NUMBERS,) of a Gaussian.
        top, bottom: y; the rows between them touch the ellipse.
    """
    above, below = max(top - g[Y], -g[DOWN]), min(bottom - g[Y], g[DOWN])
    # The leftmost point lies as far above the mean as the rightmost one lies below.
    right_row, left_row = min(max(g[SLANT], above), below), min(max(-g[SLANT], above), below)
    lean, inverse = -g[L2] / g[L1], _f(1) / g[L1]
    right = g[ACROSS] if right_row == g[SLANT] else lean * right_row + _half_width(g, right_row) * inverse
    left = -g[ACROSS] if left_row == -g[SLANT] else lean * left_row - _half_width(g, left_row) * inverse
    return g[X] + left - _SLACK, g[X] + right + _SLACK


@njit(inline="always")
def _half_width(g, row):
    z2 = g[L3] * row
    return math.sqrt(max(g[REACH] - z2 * z2, _f(0)))


@njit(inline="always")
def cells(low, high, first, end, side):
    """Of the cells of `side` pixels from `first` to before `end`, those that hold centres of pixels from low to high:
    the first, and the one behind the last."""
    # Clamped before they become integers: to convert a float beyond their range is undefined.
    begin = min(max(math.floor(math.ceil(low - _f(0.5)) / side), _f(first)), _f(end))
    behind = min(max(math.floor((high - _f(0.5)) / side) + _f(1), _f(first)), _f(end))
    return np.int64(begin), np.int64(behind)


@njit(inline="always")
def rows_of(g, first, end, side):
    """The rows of cells of `side` pixels, from `first` to before `end`, that an ellipse may touch: first and end."""
    return cells(g[Y] - g[DOWN] - _SLACK, g[Y] + g[DOWN] + _SLACK, first, end, _f(side))


@njit(inline="always")
def columns_of(g, row, rows, first, end, side):
    """Those of a row of cells; `rows` are as many as the ellipse touches."""
    if rows == 1:
        left, right = g[X] - g[ACROSS] - _SLACK, g[X] + g[ACROSS] + _SLACK
    else:
        left, right = strip_of(g, _f(row * side) + _f(0.5) - _SLACK, _f((row + 1) * side) - _f(0.5) + _SLACK)
    return cells(left, right, first, end, _f(side))


@njit(parallel=True, nogil=True, cache=True)
def pairs_of_rows(numbers, order, across, down, threads):
    """(down,) int64: how many pairs of Gaussian and tile each row of tiles has at most; `across` tiles wide."""
    counts = np.zeros((threads, down), np.int64)
    share = (len(order) + threads - 1) // threads
    for thread in prange(threads):
        for i in range(thread * share, min((thread + 1) * share, len(order))):
            g = numbers[order[i]]
            top, bottom = rows_of(g, 0, down, TILE)
            left, right = columns_of(g, top, 1, 0, across, TILE)
            for row in range(top, bottom):
                counts[thread, row] += right - left
    return counts.sum(axis=0)


@njit(parallel=True, nogil=True, cache=True)
def into_tiles(numbers, order, across, first, end, threads):
    """Lists the Gaussians of each tile of some rows of tiles, nearest first.

    Args:
        numbers: (N, NUMBERS) of `project`.
        order: (V,) of `by_depth`.
        across: how many tiles a row has.
        first, end: rows of tiles, half-open.

    Returns:
        start: (tiles + 1,) int64, where each tile begins in members.
        members: int32, indices of Gaussians.
    """
    tiles = (end - first) * across
    share = (len(order) + threads - 1) // threads
    places = np.zeros((threads, tiles), np.int64)
    for thread in prange(threads):
        for i in range(thread * share, min((thread + 1) * share, len(order))):
            g = numbers[order[i]]
            top, bottom = rows_of(g, first, end, TILE)
            for row in range(top, bottom):
                left, right = columns_of(g, row, bottom - top, 0, across, TILE)
                for tile in range((row - first) * across + left, (row - first) * across + right):
                    places[thread, tile] += 1
    start = np.empty(tiles + 1, np.int64)
    following = 0
    for tile in range(tiles):
        start[tile] = following
        for thread in range(threads):
            count = places[thread, tile]
            places[thread, tile] = following
            following += count
    start[tiles] = following
    members = np.empty(following, np.int32)
    for thread in prange(threads):
        for i in range(thread * share, min((thread + 1) * share, len(order))):
            g = numbers[order[i]]
            top, bottom = rows_of(g, first, end, TILE)
            for row in range(top, bottom):
                left, right = columns_of(g, row, bottom - top, 0, across, TILE)
                for tile in range((row - first) * across + left, (row - first) * across + right):
                    members[places[thread, tile]] = order[i]
                    places[thread, tile] += 1
    return start, members
