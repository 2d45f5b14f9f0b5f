"""One Gaussian at a time, added to a residual or projected on it: kernels of one thread, for one atom at one place.

They serve searches that change one Gaussian after another and look at the true distortion each time. An atom is the
first six numbers of `drawing.derive`: x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3). A residual, its weights and `coarse` are
those of a `CpuSurface`, in `blocks`; weights are None where all pixels are alike.
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, BLOCK, CELL, LANES, clear_padding
from daub.render.cpu.distortion import CELL_ROWS, VALUES, WEIGHED, share_energy, spread, weigh
from daub.render.cpu.drawing import EDGE, SUPPORT32, exp_half, spans
from daub.render.jit import FAST, njit

_f = np.float32
ATOM = 6  # numbers of an atom


@njit(fastmath=FAST, inline="always")
def _rows(atom, height):
    """The half-open range of rows an atom touches."""
    reach = math.sqrt(SUPPORT32 * (_f(1) + atom[4] * atom[4])) / atom[3]
    first = min(max(math.ceil(atom[1] - reach), _f(0)), _f(height))
    last = min(max(math.floor(atom[1] + reach) + _f(1), _f(0)), _f(height))
    return np.int32(first), np.int32(max(first, last))


@njit(fastmath=FAST, nogil=True, cache=True)
def add(residual, weights, coarse, width, atom, coefficient):
    """Lets a residual follow when coefficient (3,) times the atom of unit energy is added to the picture, in place."""
    if weights is not None:
        _add_weighed(residual, weights, coarse, width, atom, coefficient)
    else:
        _add(residual, width, atom, coefficient)


@njit(fastmath=FAST, nogil=True, cache=True)
def _add(residual, width, atom, coefficient):
    edges = np.empty(2 * BAND_ROWS, np.int32)
    x, y, inv1, inv3, k, unit = atom
    c0, c1, c2 = _f(coefficient[0]) * unit, _f(coefficient[1]) * unit, _f(coefficient[2]) * unit
    first, last = _rows(atom, len(residual))
    for top in range(first // BAND_ROWS * BAND_ROWS, last, BAND_ROWS):
        spans(x, y, inv1, inv3, k, top, width, edges)
        for row in range(max(top, first), min(top + BAND_ROWS, last)):
            v = (_f(row) - y) * inv3
            for block in range(edges[row - top], edges[row - top + BAND_ROWS]):
                offset = _f(block * LANES) - x
                pixels = residual[row, block]
                inside = width - block * LANES
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 and i < inside else _f(0)
                    pixels[i] += c0 * w
                    pixels[i + LANES] += c1 * w
                    pixels[i + 2 * LANES] += c2 * w


@njit(fastmath=FAST, nogil=True, cache=True)
def _add_weighed(residual, weights, coarse, width, atom, coefficient):
    """By the rows of whole cells: what the pixels of one share reaches all of them."""
    edges = np.empty(2 * BAND_ROWS, np.int32)
    cells = np.zeros((CELL_ROWS, BLOCK), np.float32)
    flat = cells.reshape(CELL_ROWS * BLOCK)
    x, y, inv1, inv3, k, unit = atom
    c0, c1, c2 = _f(coefficient[0]) * unit, _f(coefficient[1]) * unit, _f(coefficient[2]) * unit
    height = len(residual)
    first, last = _rows(atom, height)
    for top in range(first // CELL * CELL, last, CELL):
        band = top // BAND_ROWS * BAND_ROWS
        if top == band or top == first // CELL * CELL:
            spans(x, y, inv1, inv3, k, band, width, edges)
        begin, end = np.int32(weights.shape[1]), np.int32(0)
        for row in range(max(top, first), min(top + CELL, last)):
            if edges[row - band] < edges[row - band + BAND_ROWS]:
                begin = min(begin, edges[row - band])
                end = max(end, edges[row - band + BAND_ROWS])
        rows = min(CELL, height - top)
        cells[rows:CELL] = _f(0)
        for block in range(begin, end):
            offset = _f(block * LANES) - x
            inside = width - block * LANES
            for row in range(CELL):
                v = (_f(top + row) - y) * inv3
                here = row < rows
                if here:
                    spread(weights[top + row, block], cells[row])
                values = cells[VALUES + row]
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 and i < inside and here else _f(0)
                    values[i] = c0 * w
                    values[i + LANES] = c1 * w
                    values[i + 2 * LANES] = c2 * w
            weigh(flat, coarse)
            for row in range(rows):
                pixels, weighed = residual[top + row, block], cells[WEIGHED + row]
                for i in range(BLOCK):
                    pixels[i] += weighed[i]
                clear_padding(pixels, inside)  # cells at the border share with it


@njit(fastmath=FAST, nogil=True, cache=True)
def project(residual, weights, coarse, width, atom, moments):
    """Fills moments (4,): the inner products of the atom of unit energy with red, green and blue, and its own energy.

    The energy is what the atom alone costs, exactly: of two atoms that differ by a hair the better one is to be found,
    and how small atoms lie to the cells of pixels makes some percent of it. `Surface.energy` has an estimate.
    """
    if weights is not None:
        _project_weighed(residual, weights, coarse, width, atom, moments)
    else:
        _project(residual, width, atom, moments)


@njit(fastmath=FAST, nogil=True, cache=True)
def _project(residual, width, atom, moments):
    edges = np.empty(2 * BAND_ROWS, np.int32)
    lanes = np.zeros(4 * LANES, np.float32)
    x, y, inv1, inv3, k, unit = atom
    first, last = _rows(atom, len(residual))
    for top in range(first // BAND_ROWS * BAND_ROWS, last, BAND_ROWS):
        spans(x, y, inv1, inv3, k, top, width, edges)
        for row in range(max(top, first), min(top + BAND_ROWS, last)):
            v = (_f(row) - y) * inv3
            for block in range(edges[row - top], edges[row - top + BAND_ROWS]):
                offset = _f(block * LANES) - x
                pixels = residual[row, block]
                inside = width - block * LANES
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 and i < inside else _f(0)
                    lanes[i] += w * pixels[i]
                    lanes[i + LANES] += w * pixels[i + LANES]
                    lanes[i + 2 * LANES] += w * pixels[i + 2 * LANES]
                    lanes[i + 3 * LANES] += w * w
    _fill_moments(lanes, unit, moments)


@njit(fastmath=FAST, nogil=True, cache=True)
def _project_weighed(residual, weights, coarse, width, atom, moments):
    """By the rows of whole cells, whose pixels share what they have of the atom."""
    edges = np.empty(2 * BAND_ROWS, np.int32)
    lanes = np.zeros(4 * LANES, np.float32)
    cells = np.zeros(2 * CELL * LANES, np.float32)  # rows of the atom, and then those of the weights
    x, y, inv1, inv3, k, unit = atom
    height = len(residual)
    first, last = _rows(atom, height)
    for top in range(first // CELL * CELL, last, CELL):
        band = top // BAND_ROWS * BAND_ROWS
        if top == band or top == first // CELL * CELL:
            spans(x, y, inv1, inv3, k, band, width, edges)
        begin, end = np.int32(weights.shape[1]), np.int32(0)
        for row in range(max(top, first), min(top + CELL, last)):
            if edges[row - band] < edges[row - band + BAND_ROWS]:
                begin = min(begin, edges[row - band])
                end = max(end, edges[row - band + BAND_ROWS])
        rows = min(CELL, height - top)
        cells[rows * LANES : CELL * LANES] = _f(0)
        cells[(CELL + rows) * LANES :] = _f(0)
        for block in range(begin, end):
            offset = _f(block * LANES) - x
            inside = width - block * LANES
            for row in range(rows):
                v = (_f(top + row) - y) * inv3
                pixels, weight = residual[top + row, block], weights[top + row, block]
                values, kept = cells[row * LANES : (row + 1) * LANES], cells[(CELL + row) * LANES :]
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 and i < inside else _f(0)
                    lanes[i] += w * pixels[i]
                    lanes[i + LANES] += w * pixels[i + LANES]
                    lanes[i + 2 * LANES] += w * pixels[i + 2 * LANES]
                    lanes[i + 3 * LANES] += w * w * weight[i]
                    values[i] = w
                    kept[i] = weight[i]
            share_energy(cells, coarse, lanes[3 * LANES :])
    _fill_moments(lanes, unit, moments)


@njit(fastmath=FAST, inline="always")
def _fill_moments(lanes, unit, moments):
    for channel in range(3):
        moments[channel] = lanes[channel * LANES : (channel + 1) * LANES].sum() * unit
    moments[3] = lanes[3 * LANES :].sum() * unit * unit
