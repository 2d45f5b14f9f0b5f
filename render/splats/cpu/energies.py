"""How much a view changes with each Gaussian: what the codec spends bits by.

With w = alpha T the weight of a Gaussian at a pixel, c its colour there and S what is seen behind it, relative to the T
that is left behind it, the picture changes by w for each unit of its colour, and by w (c - S) for each relative unit of
its alpha. The energies are the sums of their squares over the pixels: twice the curvature of the squared error.
"""

import numpy as np

from daub.render.jit import FAST, get_num_threads, njit, parallel, prange
from daub.render.splats.cpu.projecting import L1, L2, L3, OPACITY, REACH, RED, X, Y
from daub.render.splats.cpu.scene import CpuView
from daub.render.splats.cpu.sorting import TILE
from daub.render.splats.rule import LEAST_TRANSMITTANCE, MOST_ALPHA

_LEAST, _MOST = np.float32(LEAST_TRANSMITTANCE), np.float32(MOST_ALPHA)
_LOOK = 32  # Gaussians after which a tile is looked at, whether all of it has stopped
_f = np.float32


def energies(view: CpuView) -> np.ndarray:
    """(N, 3) float64: of each Gaussian the sum of w, the energy of its colour and that of its alpha, over the pixels.

    The second counts the three channels once, as they weigh alike; the third is the sum over them.
    """
    image = view.image()
    found = np.zeros((len(view.scene), 3))
    for top, start, members in view._lists():
        partial = np.zeros((len(members), 3), np.float32)
        with parallel(image.shape[0] * image.shape[1]):
            _weigh(get_num_threads(), view.numbers, start, members, view._across, top, image, partial)
        _add(members, partial, found)
    return found


@njit(nogil=True, cache=True)
def _add(members, partial, found):
    for m in range(len(members)):
        for i in range(3):
            found[members[m], i] += partial[m, i]


@njit(inline="always", fastmath=FAST)
def _exp_half(q):
    """exp(-q/2) for q from 0 to 12."""
    y = q * _f(-1 / 32)
    p = _f(1) + y * (_f(1) + y * (_f(1 / 2) + y * (_f(1 / 6) + y * (_f(1 / 24) + y * _f(1 / 120)))))
    p = p * p
    p = p * p
    p = p * p
    return p * p


@njit(parallel=True, nogil=True, cache=True, fastmath=FAST)
def _weigh(threads, numbers, start, members, across, top, image, partial):
    """Fills partial (len(members), 3): the sums of a Gaussian within a tile. Arguments as of `blending.blend`."""
    height, width = image.shape[:2]
    for thread in prange(threads):
        left = np.empty((TILE, TILE), np.float32)  # T
        seen = np.empty((3, TILE, TILE), np.float32)  # the colour in front
        final = np.empty((3, TILE, TILE), np.float32)
        for tile in range(thread, len(start) - 1, threads):
            row, column = (top + tile // across) * TILE, tile % across * TILE
            rows, columns = min(TILE, height - row), min(TILE, width - column)
            left[:], seen[:], final[:] = _f(0), _f(0), _f(0)
            left[:rows, :columns] = _f(1)
            for channel in range(3):
                final[channel, :rows, :columns] = image[row : row + rows, column : column + columns, channel]
            for m in range(start[tile], start[tile + 1]):
                # Pixels nearly at their end are left alone: they would add less than 1e-8 each.
                if (m - start[tile]) % _LOOK == _LOOK - 1 and left.max() < _f(2) * _LEAST:
                    break
                g = numbers[members[m]]
                reach, opacity, across_rows = g[REACH], g[OPACITY], np.sqrt(g[REACH]) / g[L3]
                first = max(0, int(np.ceil(g[Y] - across_rows - _f(0.5))) - row)
                last = min(rows - 1, int(np.floor(g[Y] + across_rows - _f(0.5))) - row)
                mass, squares, contrast = _f(0), _f(0), _f(0)
                for i in range(first, last + 1):
                    dy = _f(row + i) + _f(0.5) - g[Y]
                    base, z2 = g[L2] * dy, g[L3] * dy
                    for j in range(TILE):
                        z1 = g[L1] * (_f(column + j) + _f(0.5) - g[X]) + base
                        q = z1 * z1 + z2 * z2
                        inside = q <= reach
                        alpha = min(opacity * _exp_half(q if inside else _f(0)), _MOST)
                        before = left[i, j]
                        after = before - alpha * before
                        counts = inside and after >= _LEAST
                        weight = alpha * before if counts else _f(0)
                        after = after if counts else before
                        left[i, j] = after
                        share = weight / max(after, _LEAST)
                        mass += weight
                        squares += weight * weight
                        for channel in range(3):
                            colour = g[RED + channel]
                            front = seen[channel, i, j] + weight * colour
                            seen[channel, i, j] = front
                            change = weight * colour - share * (final[channel, i, j] - front)
                            contrast += change * change
                partial[m, 0], partial[m, 1], partial[m, 2] = mass, squares, contrast
