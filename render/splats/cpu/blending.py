"""Gaussians blended over the tiles of a picture, nearest first.

A tile is 4x4 blocks of 4x4 pixels. A block is a vector of LANES pixels: one pass over it costs the same whatever a
Gaussian covers of it, and blocks are small enough that most of theirs are covered. All that is known of a block lies
together in memory: T, and the red, green and blue so far. Where a pixel has stopped, its T is kept with a minus.

A block where all pixels have stopped is closed, and a tile ends when all its blocks are: what lies behind opaque
surfaces is never looked at.
"""

import numpy as np

from daub.render.cpu.vectors import (
    LANES,
    below_zero,
    fma,
    load,
    lowest,
    minimum,
    prefetch,
    store,
    where_at_most,
    which_at_most,
)
from daub.render.jit import njit, prange
from daub.render.splats.cpu.projecting import (
    ACROSS,
    BLUE,
    GREEN,
    L1,
    L2,
    L3,
    NUMBERS,
    OPACITY,
    REACH,
    RED,
    SLACK,
    TILE,
    X,
    Y,
)
from daub.render.splats.rule import LEAST_TRANSMITTANCE, MOST_ALPHA

BLOCK = 4  # side of a block, pixels
BLOCKS = TILE // BLOCK  # along a side of a tile
STATE = 4 * LANES  # numbers of a block: T, red, green, blue
assert BLOCK * BLOCK == LANES == BLOCKS * BLOCKS  # pixels of a block, blocks of a tile

_f = np.float32
# As `drawing.EXP_HALF`, on [0, -2 ln LEAST_ALPHA].
EXP_HALF = [_f(c) for c in (0.99999994, -0.06249955, 0.0019526797, -4.0524777e-05, 6.073126e-07, -5.5929252e-09)]
_E0, _E1, _E2, _E3, _E4, _E5 = EXP_HALF
MOST, LEAST = _f(MOST_ALPHA), _f(LEAST_TRANSMITTANCE)
_AROUND = np.arange(BLOCK, dtype=np.float32) - _f((BLOCK - 1) / 2)
_COLUMNS, _ROWS = np.tile(_AROUND, BLOCK), np.repeat(_AROUND, BLOCK)  # of the pixels of a block, from its middle
_MIDDLES = np.arange(BLOCKS, dtype=np.float32) * _f(BLOCK) + _f(BLOCK / 2)
_MIDDLE_COLUMNS, _MIDDLE_ROWS = np.tile(_MIDDLES, BLOCKS), np.repeat(_MIDDLES, BLOCKS)  # of the blocks of a tile
_HALF = _f((BLOCK - 1) / 2 + SLACK)  # from the middle of a block to its outer pixels
AHEAD = 4  # Gaussians, whose numbers are fetched before they are needed


@njit(inline="always")
def steps_of(l1, l2, l3):
    """z1 and z2 of the pixels of a block, from its middle on: vectors."""
    rows = load(_ROWS, 0)
    return fma(load(_COLUMNS, 0), l1, rows * l2), rows * l3


@njit(inline="always")
def blocks_touched(x, y, l1, l2, l3, reach, across, left, top):
    """The blocks of a tile that an ellipse may touch, as bits, and z1 and z2 of the middles of all: vectors.

    Args:
        x, y, ...: the numbers of a Gaussian, by `projecting`.
        left, top: where the tile begins, float32.
    """
    dx, dy = load(_MIDDLE_COLUMNS, 0) + (left - x), load(_MIDDLE_ROWS, 0) + (top - y)
    z1, z2 = fma(dx, l1, dy * l2), dy * l3
    # How far at least from the mean its pixels are: in the whitened frame a block is a parallelogram, within a box.
    away1 = minimum(below_zero(z1) + _HALF * (l1 + abs(l2)), _f(0))
    away2 = minimum(below_zero(z2) + _HALF * l3, _f(0))
    least = where_at_most(-_HALF - across, below_zero(dx), fma(away1, away1, away2 * away2), _f(np.inf))
    return which_at_most(least, reach), z1, z2


@njit(inline="always")
def exp_half(q):
    """exp(-q/2) of a vector for q from 0 to 2 ln 255; anything beyond."""
    p = fma(q, _E5, _E4)
    p = fma(p, q, _E3)
    p = fma(p, q, _E2)
    p = fma(p, q, _E1)
    p = fma(p, q, _E0)
    p = p * p
    p = p * p
    return p * p


@njit  # not inlined here, where all that it is given would be counted
def opened(left, top, width, height, size, state):
    """Begins a tile at some pixel: T is 1. Returns its open blocks as bits, row by row.

    Args:
        size: numbers of a block, of which the first LANES are T.
        state: (BLOCKS^2 * size,) float32.
    """
    state[:] = _f(0)
    blocks = np.int64(0)
    for block in range(BLOCKS * BLOCKS):
        row, column = top + block // BLOCKS * BLOCK, left + block % BLOCKS * BLOCK
        if row < height and column < width:
            blocks |= np.int64(1) << block
        for i in range(LANES):  # beyond the picture all has stopped
            inside = row + i // BLOCK < height and column + i % BLOCK < width
            state[block * size + i] = _f(1) if inside else _f(-1)
    return blocks


@njit(parallel=True, nogil=True, cache=True)
def blend(threads, numbers, start, members, tiles, first, background, image, transmittance):
    """Fills rows of an image (H, W, 3) float32, and transmittance (H, W) float32, what is left of T.

    Args:
        threads: how many share the tiles.
        numbers: (N, NUMBERS) of `project`.
        start, members, tiles: of `into_tiles`.
        first: row of tiles that the lists begin with.
        background: (3,) float32.
    """
    height, width = transmittance.shape
    lines = numbers.reshape(numbers.size)
    for thread in prange(threads):
        state, middles = np.empty(BLOCKS * BLOCKS * STATE, np.float32), np.empty(2 * LANES, np.float32)
        for tile in range(thread, len(start) - 1, threads):  # in turns: the middle of a picture is busier
            row, column = first + tile // tiles, tile % tiles
            opens = opened(column * TILE, row * TILE, width, height, STATE, state)
            left, top = _f(column * TILE), _f(row * TILE)
            for m in range(start[tile], start[tile + 1]):
                n = members[m]
                prefetch(lines, np.int64(members[min(m + AHEAD, len(members) - 1)]) * NUMBERS)
                x, y, l1, l2, l3 = numbers[n, X], numbers[n, Y], numbers[n, L1], numbers[n, L2], numbers[n, L3]
                reach, opacity, across = numbers[n, REACH], numbers[n, OPACITY], numbers[n, ACROSS]
                touched, middle1, middle2 = blocks_touched(x, y, l1, l2, l3, reach, across, left, top)
                touched &= opens
                if touched == 0:
                    continue
                store(middles, 0, middle1)
                store(middles, LANES, middle2)
                steps1, steps2 = steps_of(l1, l2, l3)
                red, green, blue = numbers[n, RED], numbers[n, GREEN], numbers[n, BLUE]
                while touched != 0:
                    block = lowest(touched)
                    touched &= touched - 1
                    z1, z2 = steps1 + middles[block], steps2 + middles[LANES + block]
                    q = fma(z1, z1, z2 * z2)
                    alpha = where_at_most(q, reach, minimum(exp_half(q) * opacity, MOST), _f(0))
                    at = block * STATE
                    before = load(state, at)
                    weight = alpha * before
                    after = before - weight
                    weight = where_at_most(LEAST, after, weight, _f(0))
                    after = where_at_most(LEAST, after, after, below_zero(before))
                    store(state, at, after)
                    store(state, at + LANES, fma(weight, red, load(state, at + LANES)))
                    store(state, at + 2 * LANES, fma(weight, green, load(state, at + 2 * LANES)))
                    store(state, at + 3 * LANES, fma(weight, blue, load(state, at + 3 * LANES)))
                    if which_at_most(LEAST, after) == 0:
                        opens &= ~(np.int64(1) << block)
                if opens == 0:
                    break
            _write(state, column * TILE, row * TILE, background, image, transmittance)


@njit
def _write(state, left, top, background, image, transmittance):
    height, width = transmittance.shape
    for row in range(top, min(top + TILE, height)):
        for column in range(left, min(left + TILE, width)):
            block = (row - top) // BLOCK * BLOCKS + (column - left) // BLOCK
            at = block * STATE + (row - top) % BLOCK * BLOCK + (column - left) % BLOCK
            rest = abs(state[at])
            transmittance[row, column] = rest
            for channel in range(3):
                image[row, column, channel] = state[at + (channel + 1) * LANES] + rest * background[channel]
