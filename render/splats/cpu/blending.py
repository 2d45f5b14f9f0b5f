"""Gaussians blended over the tiles of a picture, nearest first.

A tile is 4x4 blocks of 4x4 pixels. A block is a vector of LANES pixels: one pass over it costs the same whatever a
Gaussian covers of it, and blocks are small enough that most of theirs are covered. All that is known of a block lies
together in memory: T, and the red, green and blue so far. Where a pixel has stopped, its T is kept with a minus.

A block where all pixels have stopped is closed, and a tile ends when all its blocks are: what lies behind opaque
surfaces is never looked at.
"""

import numpy as np

from daub.render.cpu.drawing import exp_coefficients
from daub.render.cpu.vectors import (
    LANES,
    any_at_most,
    below_zero,
    broadcast,
    fma,
    greatest,
    load,
    maximum,
    minimum,
    store,
    total,
    where_at_most,
)
from daub.render.jit import njit, prange
from daub.render.splats.cpu.projecting import BLUE, GREEN, L1, L2, L3, OPACITY, REACH, RED, X, Y
from daub.render.splats.cpu.sorting import TILE, columns_of, rows_of
from daub.render.splats.rule import LEAST_ALPHA, LEAST_TRANSMITTANCE, MOST_ALPHA

BLOCK = 4  # side of a block, pixels
BLOCKS = TILE // BLOCK  # along a side of a tile
STATE = 4 * LANES  # numbers of a block: T, red, green, blue
assert BLOCK * BLOCK == LANES

_f = np.float32
_E0, _E1, _E2, _E3, _E4, _E5 = exp_coefficients(-2 * np.log(LEAST_ALPHA))
_MOST, _LEAST = _f(MOST_ALPHA), _f(LEAST_TRANSMITTANCE)
_COLUMNS = np.tile(np.arange(BLOCK, dtype=np.float32), BLOCK)  # of the pixels of a block
_ROWS = np.repeat(np.arange(BLOCK, dtype=np.float32), BLOCK)


@njit(inline="always")
def steps_of(g):
    """z1 and z2 of the pixels of a block, from its first pixel on: vectors."""
    rows = load(_ROWS, 0)
    return fma(load(_COLUMNS, 0), g[L1], rows * g[L2]), rows * g[L3]


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


@njit(inline="always")
def opened(left, top, width, height, state):
    """Begins a tile at some pixel: T is 1. Returns its open blocks as bits, row by row.

    Args:
        state: (BLOCKS^2 * STATE,) float32.
    """
    state[:] = _f(0)
    blocks = np.int64(0)
    for block in range(BLOCKS * BLOCKS):
        row, column = top + block // BLOCKS * BLOCK, left + block % BLOCKS * BLOCK
        if row < height and column < width:
            blocks |= np.int64(1) << block
        for i in range(LANES):  # beyond the picture all has stopped
            inside = row + i // BLOCK < height and column + i % BLOCK < width
            state[block * STATE + i] = _f(1) if inside else _f(-1)
    return blocks


@njit(parallel=True, nogil=True, cache=True)
def blend(threads, numbers, start, members, across, top, background, image, transmittance):
    """Fills rows of an image (H, W, 3) float32, and transmittance (H, W) float32, what is left of T.

    Args:
        threads: how many share the tiles.
        numbers: (N, NUMBERS) of `project`.
        start, members, across: of `into_tiles`.
        top: row of tiles that the lists begin with.
        background: (3,) float32.
    """
    height, width = transmittance.shape
    for thread in prange(threads):
        state = np.empty(BLOCKS * BLOCKS * STATE, np.float32)
        for tile in range(thread, len(start) - 1, threads):  # in turns: the middle of a picture is busier
            row, column = top + tile // across, tile % across
            opens = opened(column * TILE, row * TILE, width, height, state)
            for m in range(start[tile], start[tile + 1]):
                opens = _over_tile(numbers[members[m]], row, column, opens, state)
                if opens == 0:
                    break
            _write(state, column * TILE, row * TILE, background, image, transmittance)


@njit(inline="always")
def _over_tile(g, row, column, opens, state):
    """Blends a Gaussian behind what is in a tile; returns the blocks that are open still."""
    steps1, steps2 = steps_of(g)
    l1, l2, l3, reach, opacity = g[L1], g[L2], g[L3], g[REACH], g[OPACITY]
    red, green, blue = g[RED], g[GREEN], g[BLUE]
    first, end = rows_of(g, row * BLOCKS, (row + 1) * BLOCKS, BLOCK)
    for down in range(first, end):
        dy = _f(down * BLOCK) + _f(0.5) - g[Y]
        left, right = columns_of(g, down, end - first, column * BLOCKS, (column + 1) * BLOCKS, BLOCK)
        for along in range(left, right):
            block = (down - row * BLOCKS) * BLOCKS + along - column * BLOCKS
            if (opens >> block) & 1 == 0:
                continue
            dx = _f(along * BLOCK) + _f(0.5) - g[X]
            z1, z2 = steps1 + (l1 * dx + l2 * dy), steps2 + l3 * dy
            q = fma(z1, z1, z2 * z2)
            if not any_at_most(q, reach):
                continue
            alpha = where_at_most(q, reach, minimum(exp_half(q) * opacity, _MOST), _f(0))
            at = block * STATE
            before = load(state, at)
            after = before - alpha * before
            weight = where_at_most(_LEAST, after, alpha * before, _f(0))
            after = where_at_most(_LEAST, after, after, below_zero(before))
            store(state, at, after)
            store(state, at + LANES, fma(weight, red, load(state, at + LANES)))
            store(state, at + 2 * LANES, fma(weight, green, load(state, at + 2 * LANES)))
            store(state, at + 3 * LANES, fma(weight, blue, load(state, at + 3 * LANES)))
            if not any_at_most(_LEAST, after):
                opens &= ~(np.int64(1) << block)
    return opens


@njit(inline="always")
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


@njit(parallel=True, nogil=True, cache=True)
def weigh(threads, numbers, start, members, across, top, width, height, partial):
    """Fills partial (len(members), 3) float32: of a Gaussian in a tile, the sums of w = alpha T and of w^2 over the
    pixels, and the largest w. Arguments as of `blend`."""
    for thread in prange(threads):
        state = np.empty(BLOCKS * BLOCKS * STATE, np.float32)
        for tile in range(thread, len(start) - 1, threads):
            row, column = top + tile // across, tile % across
            opens = opened(column * TILE, row * TILE, width, height, state)
            for m in range(start[tile], start[tile + 1]):
                opens = _weigh_in_tile(numbers[members[m]], row, column, opens, state, partial[m])


@njit(inline="always")
def _weigh_in_tile(g, row, column, opens, state, part):
    mass = squares = most = broadcast(_f(0))
    steps1, steps2 = steps_of(g)
    l1, l2, l3, reach, opacity = g[L1], g[L2], g[L3], g[REACH], g[OPACITY]
    first, end = rows_of(g, row * BLOCKS, (row + 1) * BLOCKS, BLOCK)
    for down in range(first, end):
        dy = _f(down * BLOCK) + _f(0.5) - g[Y]
        left, right = columns_of(g, down, end - first, column * BLOCKS, (column + 1) * BLOCKS, BLOCK)
        for along in range(left, right):
            block = (down - row * BLOCKS) * BLOCKS + along - column * BLOCKS
            if (opens >> block) & 1 == 0:
                continue
            dx = _f(along * BLOCK) + _f(0.5) - g[X]
            z1, z2 = steps1 + (l1 * dx + l2 * dy), steps2 + l3 * dy
            q = fma(z1, z1, z2 * z2)
            if not any_at_most(q, reach):
                continue
            alpha = where_at_most(q, reach, minimum(exp_half(q) * opacity, _MOST), _f(0))
            before = load(state, block * STATE)
            after = before - alpha * before
            weight = where_at_most(_LEAST, after, alpha * before, _f(0))
            after = where_at_most(_LEAST, after, after, below_zero(before))
            store(state, block * STATE, after)
            mass, squares, most = mass + weight, fma(weight, weight, squares), maximum(weight, most)
            if not any_at_most(_LEAST, after):
                opens &= ~(np.int64(1) << block)
    part[0], part[1], part[2] = total(mass), total(squares), greatest(most)
    return opens


@njit(nogil=True, cache=True)
def add_weights(members, partial, mass, squares, most):
    """Adds the parts of `weigh` up, tile after tile, in (N,) float64, and takes the largest in most (N,) float32."""
    for m in range(len(members)):
        n = members[m]
        mass[n] += partial[m, 0]
        squares[n] += partial[m, 1]
        most[n] = max(most[n], partial[m, 2])
