"""Windows of a residual at a reduced size: what many projections of one large atom and its neighbours share.

An atom many pixels wide has nearly the same inner product with the means of cells of 2x2 or 4x4 pixels as with the
pixels, at a fraction of their number. The atom is drawn wider by what the means blur, with the same integral.
"""

import math

import numpy as np

from daub.render.cpu.atoms import ATOM, project
from daub.render.cpu.blocks import CELL, LANES
from daub.render.cpu.distortion import shared_energy
from daub.render.cpu.drawing import SUPPORT32
from daub.render.jit import FAST, njit

SHORTEST = 3.0  # least shorter standard deviation of an atom, in cells
_f = np.float32


@njit(fastmath=FAST, nogil=True, cache=True)
def cells_for(atom):
    """The side of the cells, 1, 2 or CELL pixels, that an atom is wide enough for."""
    k = atom[4]
    first, second = _f(1) / (atom[2] * atom[2]), _f(1) / (atom[3] * atom[3])
    half = (first + (_f(1) + k * k) * second) / 2
    smaller = first * second / (half + math.sqrt(max(half * half - first * second, _f(0))))
    if smaller < (2 * SHORTEST) ** 2:
        return 1
    return 2 if smaller < (CELL * SHORTEST) ** 2 else CELL


@njit(fastmath=FAST, nogil=True, cache=True)
def include(atom, bounds):
    """Widens bounds (4,), left, top, right, bottom in pixels, by the box around an atom."""
    root = math.sqrt(SUPPORT32)
    reach_x, reach_y = root / atom[2], root * math.sqrt(_f(1) + atom[4] * atom[4]) / atom[3]
    bounds[0], bounds[1] = min(bounds[0], atom[0] - reach_x), min(bounds[1], atom[1] - reach_y)
    bounds[2], bounds[3] = max(bounds[2], atom[0] + reach_x), max(bounds[3], atom[1] + reach_y)


@njit(fastmath=FAST, nogil=True, cache=True)
def snap(bounds, width, height, window):
    """Fills window (4,) int64 with left, top, right, bottom of the whole blocks and CELL rows that bounds reach.

    Those of the picture: right and bottom are clipped to it.
    """
    window[0] = np.int64(min(max(bounds[0], 0.0), float(width))) // LANES * LANES
    window[1] = np.int64(min(max(bounds[1], 0.0), float(height))) // CELL * CELL
    right = np.int64(min(max(bounds[2] + 1, 0.0), float(width)))
    bottom = np.int64(min(max(bounds[3] + 1, 0.0), float(height)))
    window[2] = min(-(-right // LANES) * LANES, width)
    window[3] = min(-(-bottom // CELL) * CELL, height)


@njit(fastmath=FAST, nogil=True, cache=True)
def means(pixels, window, side, channels):
    """The means of cells of side x side pixels over a window, in planes; what is beyond the picture counts as zero.

    Args:
        pixels: (H, channels, pitch), a residual or weights, zero beyond the width.
    """
    left, top, right, bottom = window
    rows = max(-(-(bottom - top) // side), 0)
    columns = max(-(-(right - left) // side), 0)
    reduced = np.zeros((rows, channels, columns + LANES), np.float32)
    line = np.empty(columns * side, np.float32)
    share = _f(1) / _f(side * side)
    for row in range(rows):
        for channel in range(channels):
            line[:] = _f(0)
            for y in range(top + row * side, min(top + (row + 1) * side, bottom)):
                fine = pixels[y, channel, left : left + len(line)]
                for i in range(len(line)):
                    line[i] += fine[i]
            coarse = reduced[row, channel]
            for column in range(columns):
                sum_of_cell = _f(0)
                for x in range(side):
                    sum_of_cell += line[column * side + x]
                coarse[column] = sum_of_cell * share
    return reduced


@njit(fastmath=FAST, nogil=True, cache=True)
def project_reduced(residual, weights, coarse, window, side, atom, moments):
    """As `atoms.project`, by the means of a window.

    Args:
        residual, weights: from `means` with this window and side.
    """
    reduced = np.empty(ATOM, np.float32)
    cells, blur = _f(side), _f((side * side - 1) / 12)
    l1, l3, k = _f(1) / atom[2], _f(1) / atom[3], atom[4]
    xx, xy = l1 * l1 + blur, k * l1 * l3
    wide_1 = math.sqrt(xx)
    wide_3 = math.sqrt(l3 * l3 * (_f(1) + k * k * (blur / xx)) + blur)  # as in `Gaussians.resized`
    reduced[0] = (atom[0] - _f(window[0]) + _f(0.5)) / cells - _f(0.5)
    reduced[1] = (atom[1] - _f(window[1]) + _f(0.5)) / cells - _f(0.5)
    reduced[2], reduced[3] = cells / wide_1, cells / wide_3
    reduced[4] = xy / (wide_1 * wide_3)
    reduced[5] = cells / math.sqrt(_f(math.pi) * wide_1 * wide_3)
    width = -(-(window[2] - window[0]) // side)
    project(residual, weights, _f(0), width, reduced, moments)
    scale = cells * math.sqrt(l1 * l3 / (wide_1 * wide_3))
    for channel in range(3):
        moments[channel] *= scale
    if weights is not None:
        moments[3] *= shared_energy(atom[2], atom[3], k, coarse)
