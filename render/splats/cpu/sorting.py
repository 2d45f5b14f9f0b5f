"""The Gaussians of a view in the order of depth, and lists of those that touch each tile.

One sort of all that are seen, and then a counting sort into tiles: it is stable, so that each tile has its own in the
order of depth. Both are shared by threads in such a way that the outcome is the same for any number of them.
"""

import math

import numpy as np

from daub.render.jit import njit, prange
from daub.render.splats.cpu.projecting import (
    ACROSS,
    BROAD,
    DOWN,
    L3,
    LEAN,
    REACH,
    SLACK,
    SLANT,
    TILE,
    TILE_SHIFT,
    X,
    Y,
    tiles_between,
)

DIGIT = 11  # bits that a pass of the sort looks at

_f = np.float32


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


@njit(parallel=True, nogil=True, cache=True)
def into_tiles(numbers, order, boxes, across, first, end, threads):
    """Lists the Gaussians of each tile of some rows of tiles, nearest first.

    Args:
        numbers, boxes: of `project`.
        order: (V,) of `by_depth`.
        across: how many tiles a row has.
        first, end: rows of tiles, half-open.

    Returns:
        start: (tiles + 1,) int64, where each tile begins in members.
        members: int32, indices of Gaussians.
    """
    tiles = (end - first) * across
    share = (len(order) + threads - 1) // threads
    places = np.zeros((threads, tiles), np.int32)
    bounds = np.zeros(threads + 1, np.int64)
    for thread in prange(threads):
        for i in range(thread * share, min((thread + 1) * share, len(order))):
            n = order[i]
            rows = min(np.int64(boxes[n, 3]), end) - max(np.int64(boxes[n, 2]), first)
            bounds[thread + 1] += max(rows, 0) * (np.int64(boxes[n, 1]) - np.int64(boxes[n, 0]))
    for thread in range(threads):
        bounds[thread + 1] += bounds[thread]
    # All pairs of a share one after the other, as ellipses in boxes have fewer of them than boxes.
    of_tile, of_order = np.empty(bounds[threads], np.int32), np.empty(bounds[threads], np.int32)
    ends = np.zeros(threads, np.int64)
    for thread in prange(threads):
        at = bounds[thread]
        for i in range(thread * share, min((thread + 1) * share, len(order))):
            n = order[i]
            left, right = np.int64(boxes[n, 0]), np.int64(boxes[n, 1])
            top, bottom = np.int64(boxes[n, 2]), np.int64(boxes[n, 3])
            tight = bottom - top > 1 and right - left > 1
            for row in range(max(top, first), min(bottom, end)):
                if tight:
                    left, right = _columns(
                        numbers[n, X], numbers[n, Y], numbers[n, L3], numbers[n, REACH], numbers[n, ACROSS],
                        numbers[n, DOWN], numbers[n, SLANT], numbers[n, LEAN], numbers[n, BROAD], row, across,
                    )  # fmt: skip
                for tile in range((row - first) * across + left, (row - first) * across + right):
                    of_tile[at], of_order[at] = tile, n
                    places[thread, tile] += 1
                    at += 1
        ends[thread] = at
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
        for pair in range(bounds[thread], ends[thread]):
            at = places[thread, of_tile[pair]]
            places[thread, of_tile[pair]] = at + 1
            members[at] = of_order[pair]
    return start, members


@njit(inline="always")
def _columns(x, y, l3, reach, across, down, slant, lean, broad, row, end):
    """The tiles of a row that an ellipse touches, half-open; all but the last two are the numbers of a Gaussian."""
    above = max(_f(row << TILE_SHIFT) + (_f(0.5) - SLACK) - y, -down)
    below = min(_f(row << TILE_SHIFT) + (_f(TILE - 0.5) + SLACK) - y, down)
    # The leftmost point lies as far above the mean as the rightmost one lies below.
    right_row, left_row = min(max(slant, above), below), min(max(-slant, above), below)
    right = across if right_row == slant else lean * right_row + _half_width(l3, reach, right_row) * broad
    left = -across if left_row == -slant else lean * left_row - _half_width(l3, reach, left_row) * broad
    return tiles_between(x + left, x + right, end)


@njit(inline="always")
def _half_width(l3, reach, row):
    z2 = l3 * row
    return math.sqrt(max(reach - z2 * z2, _f(0)))


@njit(nogil=True, cache=True)
def pairs_of_rows(boxes, depth, rows):
    """(rows,) int64: how many pairs of Gaussian and tile each row of tiles has at most."""
    change = np.zeros(rows + 1, np.int64)
    for n in range(len(boxes)):
        if depth[n] > _f(0):
            across = boxes[n, 1] - boxes[n, 0]
            change[boxes[n, 2]] += across
            change[boxes[n, 3]] -= across
    return np.cumsum(change)[:rows]
