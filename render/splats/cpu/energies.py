"""How much a view changes with each Gaussian: what the codec spends bits by.

With w = alpha T the weight of a Gaussian at a pixel, c its colour there and S what is seen behind it, relative to the T
that is left behind it, the picture changes by w for each unit of its colour, and by w (c - S) for each relative unit of
its alpha. The energies are the sums of their squares over the pixels: twice the curvature of the squared error.

As in `gathering`, what is behind a Gaussian is the finished picture less what has been seen so far.
"""

import numpy as np

from daub.render.cpu.vectors import (
    LANES,
    below_zero,
    broadcast,
    fma,
    load,
    lowest,
    minimum,
    over,
    prefetch,
    store,
    total,
    where_at_most,
    which_at_most,
)
from daub.render.jit import njit, prange
from daub.render.splats.cpu.blending import (
    AHEAD,
    BLOCK,
    BLOCKS,
    LEAST,
    MOST,
    STATE,
    blocks_touched,
    exp_half,
    opened,
    steps_of,
)
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
    TILE,
    X,
    Y,
)

SUMS = 3  # of w, of w^2, of |w (c - S)|^2

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def weigh(threads, numbers, start, members, tiles, first, image, partial):
    """Fills partial (len(members), SUMS) float32, zeros before: of a Gaussian in a tile, the sums over the pixels.

    Args:
        threads, numbers, start, members, tiles, first: as of `blending.blend`.
        image: (H, W, 3) float32, what `blending.blend` has filled.
    """
    height, width, _ = image.shape
    lines = numbers.reshape(numbers.size)
    for thread in prange(threads):
        state, middles = np.empty(BLOCKS * BLOCKS * STATE, np.float32), np.empty(2 * LANES, np.float32)
        for tile in range(thread, len(start) - 1, threads):  # in turns, as in `blend`
            row, column = first + tile // tiles, tile % tiles
            opens = opened(column * TILE, row * TILE, width, height, STATE, state)
            if start[tile] < start[tile + 1]:
                _read(state, column * TILE, row * TILE, image)
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
                mass = squares = contrast = broadcast(_f(0))
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
                    store(state, at, where_at_most(LEAST, after, after, below_zero(before)))
                    behind0 = load(state, at + LANES) - weight * red
                    behind1 = load(state, at + 2 * LANES) - weight * green
                    behind2 = load(state, at + 3 * LANES) - weight * blue
                    store(state, at + LANES, behind0)
                    store(state, at + 2 * LANES, behind1)
                    store(state, at + 3 * LANES, behind2)
                    mass, squares = mass + weight, fma(weight, weight, squares)
                    left_over = where_at_most(LEAST, after, after, _f(1))  # where there is a weight
                    change0 = weight * red - weight * over(behind0, left_over)
                    change1 = weight * green - weight * over(behind1, left_over)
                    change2 = weight * blue - weight * over(behind2, left_over)
                    contrast = fma(change2, change2, fma(change1, change1, fma(change0, change0, contrast)))
                    if which_at_most(LEAST, after) == 0:
                        opens &= ~(np.int64(1) << block)
                partial[m, 0], partial[m, 1], partial[m, 2] = total(mass), total(squares), total(contrast)
                if opens == 0:
                    break


@njit
def _read(state, left, top, image):
    height, width, _ = image.shape
    for row in range(top, min(top + TILE, height)):
        for column in range(left, min(left + TILE, width)):
            block = (row - top) // BLOCK * BLOCKS + (column - left) // BLOCK
            at = block * STATE + (row - top) % BLOCK * BLOCK + (column - left) % BLOCK
            for channel in range(3):
                state[at + (1 + channel) * LANES] = image[row, column, channel]
