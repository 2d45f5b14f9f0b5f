"""Which Gaussians a sweep may visit at once: waves of such as do not meet, in which nothing depends on the order.

The work of a sweep is then the same to the bit for any number of threads, and that of a sweep without waves.
"""

import math

import numpy as np

from daub.codec import symbols as s
from daub.codec.entropy.network import levels
from daub.codec.rounding.choices import I1, I3, IK, PX, PY, T, choice_of, levels_of, neighbour
from daub.codec.symbols import Grid
from daub.render.cpu.blocks import CELL, LANES
from daub.render.gaussians import SUPPORT
from daub.render.jit import njit

_STRIP = CELL  # rows of pixels that count as one where it is asked which may meet: under weights these rows share cells


def waves_of(values: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Group Gaussians that do not meet, so that visiting them at once is the same as one after another.

    A Gaussian belongs to the wave after the last one in which any before it in the order may touch a pixel that it may
    touch itself: what it sees of the residual is then what it would see if all were visited in order.

    Args:
        values: (N, COLUMNS), in the order of visits.

    Returns:
        members: (N,) int64, indices of the first wave's Gaussians, then those of the second, and so on.
        start: (waves + 1,) int64, where each wave begins in `members`, and N.
    """
    wave = np.empty(len(values), np.int64)
    _number_waves(values, grid.width, grid.height, grid.cell_log2, wave)
    start = np.concatenate([[0], np.cumsum(np.bincount(wave))])
    return np.argsort(wave, kind="stable"), start


@njit(cache=True)
def _extent(choice, cell_log2, extent):
    """Widen extent, (left, top, right, bottom) in pixels, by all that a visit may touch that begins with this class.

    From there a visit goes at most one step along each number, in which the reach grows with the scales and the size
    of the shear. A position is put on another grid of places at most twice, which moves it by half a place each time.
    """
    t = choice[T]
    step = s.LOG_SCALE_STEP_OCTAVES[t]
    octaves_1, octaves_3 = (choice[I1] + 1) * step, (choice[I3] + 1) * step
    shear = (abs(choice[IK]) + 1) * s.SHEAR_STEP[t]
    cell = 1 << cell_log2
    levels_x, levels_y = levels_of(choice, cell_log2)
    x, y = (choice[PX] + 0.5) / levels_x * cell - 0.5, (choice[PY] + 0.5) / levels_y * cell - 0.5
    places_x, places_y = levels(octaves_1, t, cell_log2), levels(octaves_3, t, cell_log2)
    root = math.sqrt(SUPPORT)
    reach_x = 2.0 ** (octaves_1 / s.OCTAVE) * root + 2 * cell / places_x + 1
    reach_y = 2.0 ** (octaves_3 / s.OCTAVE) * root * math.sqrt(1 + shear * shear) + 2 * cell / places_y + 1
    extent[0], extent[1] = min(extent[0], x - reach_x), min(extent[1], y - reach_y)
    extent[2], extent[3] = max(extent[2], x + reach_x), max(extent[3], y + reach_y)


@njit(nogil=True, cache=True)
def _number_waves(values, width, height, cell_log2, wave):
    """Fill wave (N,) with the number of each Gaussian's wave, as `waves_of` says."""
    across, down = -(-width // LANES), -(-height // _STRIP)
    latest = np.full((down, across), -1)
    cell = 1 << cell_log2
    columns, rows = -(-width // cell), -(-height // cell)
    choice, lighter, heavier = np.empty(6, np.int64), np.empty(6, np.int64), np.empty(6, np.int64)
    extent = np.empty(4)
    for n in range(len(values)):
        choice_of(values[n], cell_log2, choice)
        extent[:2], extent[2:] = math.inf, -math.inf
        _extent(choice, cell_log2, extent)
        if neighbour(choice, 0, cell_log2, columns, rows, lighter):  # the moves of the class come first
            _extent(lighter, cell_log2, extent)
            if neighbour(lighter, 1, cell_log2, columns, rows, heavier):
                _extent(heavier, cell_log2, extent)
        if neighbour(choice, 1, cell_log2, columns, rows, heavier):
            _extent(heavier, cell_log2, extent)
        left, right = _cells(extent[0], extent[2] + LANES, LANES, across)  # kernels read and write whole vectors
        top, bottom = _cells(extent[1], extent[3], _STRIP, down)
        last = -1
        for row in range(top, bottom):
            for column in range(left, right):
                last = max(last, latest[row, column])
        wave[n] = last + 1
        latest[top:bottom, left:right] = last + 1


@njit(cache=True)
def _cells(low, high, size, count):
    """The half-open range of cells of `size` pixels, of which there are `count`, between two places."""
    limit = float(count * size)
    first, last = min(max(math.floor(low), 0.0), limit), min(max(math.ceil(high) + 1, 0.0), limit)
    return int(first) // size, -(-int(last) // size)
