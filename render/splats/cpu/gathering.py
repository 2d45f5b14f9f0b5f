"""From the gradient of a picture to that of the ellipses that made it.

Nearest first, as the picture was made, and with the same numbers to the bit: what is behind a Gaussian is the finished
picture less what has been seen so far. So nothing is kept of the picture but itself, and no list of what each pixel
has seen; and a block ends where it ended then.

With g = dL/d(pixel), u = colour . g and R = (what is behind, times its T) . g, a Gaussian of alpha has

    dL/d(ln alpha) = t = alpha T u - alpha / (1 - alpha) R,

and as d(ln alpha) = d(ln o) - dq / 2, with q = z1^2 + z2^2, all that its geometry needs are the sums of t and of t
times z1, z2, z1^2, z1 z2, z2^2 over the pixels; and that of alpha T g for its colour.
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

SUMS = 9  # of alpha T times red, green and blue of g; of t; of t times z1, z2, z1^2, z1 z2, z2^2
STATE = 5 * LANES  # numbers of a block: T; R; red, green and blue of g

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def gather(threads, numbers, start, members, tiles, first, image, cotangent, partial):
    """Fills partial (len(members), SUMS) float32: of a Gaussian in a tile, the sums over the pixels.

    Args:
        threads, numbers, start, members, tiles, first: as of `blending.blend`.
        image: (H, W, 3) float32, what `blending.blend` has filled.
        cotangent: (H, W, 3) float32, dL/d(image).
    """
    height, width, _ = image.shape
    lines = numbers.reshape(numbers.size)
    for thread in prange(threads):
        state, middles = np.empty(BLOCKS * BLOCKS * STATE, np.float32), np.empty(2 * LANES, np.float32)
        for tile in range(thread, len(start) - 1, threads):  # in turns, as in `blend`
            row, column = first + tile // tiles, tile % tiles
            opens = opened(column * TILE, row * TILE, width, height, STATE, state)
            if start[tile] < start[tile + 1]:
                _read(state, column * TILE, row * TILE, image, cotangent)
            left, top = _f(column * TILE), _f(row * TILE)
            for m in range(start[tile], start[tile + 1]):
                n = members[m]
                prefetch(lines, np.int64(members[min(m + AHEAD, len(members) - 1)]) * NUMBERS)
                x, y, l1, l2, l3 = numbers[n, X], numbers[n, Y], numbers[n, L1], numbers[n, L2], numbers[n, L3]
                reach, opacity, across = numbers[n, REACH], numbers[n, OPACITY], numbers[n, ACROSS]
                touched, middle1, middle2 = blocks_touched(x, y, l1, l2, l3, reach, across, left, top)
                touched &= opens
                s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = broadcast(_f(0))
                store(middles, 0, middle1)
                store(middles, LANES, middle2)
                steps1, steps2 = steps_of(l1, l2, l3)
                red, green, blue = numbers[n, RED], numbers[n, GREEN], numbers[n, BLUE]
                while touched != 0:
                    block = lowest(touched)
                    touched &= touched - 1
                    z1, z2 = steps1 + middles[block], steps2 + middles[LANES + block]
                    q = fma(z1, z1, z2 * z2)
                    full = exp_half(q) * opacity
                    alpha = where_at_most(q, reach, minimum(full, MOST), _f(0))
                    at = block * STATE
                    before = load(state, at)
                    weight = alpha * before
                    after = before - weight
                    weight = where_at_most(LEAST, after, weight, _f(0))
                    store(state, at, where_at_most(LEAST, after, after, below_zero(before)))
                    g0, g1, g2 = load(state, at + 2 * LANES), load(state, at + 3 * LANES), load(state, at + 4 * LANES)
                    s0, s1, s2 = fma(weight, g0, s0), fma(weight, g1, s1), fma(weight, g2, s2)
                    share = weight * fma(g2, blue, fma(g1, green, g0 * red))
                    behind = load(state, at + LANES) - share
                    store(state, at + LANES, behind)
                    # alpha / (1 - alpha) is weight / after, and nothing where there is no weight.
                    t = share - weight * over(behind, where_at_most(LEAST, after, after, _f(1)))
                    t = where_at_most(full, MOST, t, _f(0))
                    t1, t2 = t * z1, t * z2
                    s3, s4, s5 = s3 + t, s4 + t1, s5 + t2
                    s6, s7, s8 = fma(t1, z1, s6), fma(t1, z2, s7), fma(t2, z2, s8)
                    if which_at_most(LEAST, after) == 0:
                        opens &= ~(np.int64(1) << block)
                partial[m, 0], partial[m, 1], partial[m, 2] = total(s0), total(s1), total(s2)
                partial[m, 3], partial[m, 4], partial[m, 5] = total(s3), total(s4), total(s5)
                partial[m, 6], partial[m, 7], partial[m, 8] = total(s6), total(s7), total(s8)
                if opens == 0:
                    partial[m + 1 : start[tile + 1]] = _f(0)
                    break


@njit
def _read(state, left, top, image, cotangent):
    height, width, _ = image.shape
    for row in range(top, min(top + TILE, height)):
        for column in range(left, min(left + TILE, width)):
            block = (row - top) // BLOCK * BLOCKS + (column - left) // BLOCK
            at = block * STATE + (row - top) % BLOCK * BLOCK + (column - left) % BLOCK
            seen = _f(0)
            for channel in range(3):
                g = cotangent[row, column, channel]
                state[at + (2 + channel) * LANES] = g
                seen += g * image[row, column, channel]
            state[at + LANES] = seen


@njit(parallel=True, nogil=True, cache=True)
def add_up(threads, members, partial, sums):
    """Adds the parts (len(members), S) float32 up in sums (N, S) float64, tile after tile."""
    share = (len(sums) + threads - 1) // threads
    for thread in prange(threads):  # each looks at all parts, and adds those of its own Gaussians
        first, end = thread * share, min((thread + 1) * share, len(sums))
        for m in range(len(members)):
            n = members[m]
            if first <= n < end:
                for i in range(partial.shape[1]):
                    sums[n, i] += partial[m, i]
