"""One Gaussian at a time, added to a residual or projected on it: kernels of one thread, for one atom at one place.

They serve searches that change one Gaussian after another and look at the true distortion each time. An atom is the
first six numbers of `drawing.derive`: x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3). A residual, its weights and `coarse` are
those of a `CpuSurface`, in `planes`; weights are None where all pixels are alike.

Whole vectors are read and written, up to SHORT pixels beyond the right end of an atom's rows, whose values stay.
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, CELL
from daub.render.cpu.distortion import put_rows, rows_of, shared, shares
from daub.render.cpu.drawing import EDGE, SUPPORT32
from daub.render.cpu.fitting import columns_of, exp_half
from daub.render.cpu.vectors import SHORT, fma, keep_less, short_broadcast, short_load, short_ramp, store, total
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


@njit(inline="always")
def _weight(along, column, x, inv1, k, v, width):
    """The atom, but for its unit, at the SHORT pixels from a column on; nothing beyond the width."""
    z1 = along + (_f(np.int32(column)) - x) * inv1
    z2 = v - k * z1
    q = fma(z1, z1, z2 * z2)
    return keep_less(short_ramp(), _f(np.int32(width - column)), keep_less(q, SUPPORT32, exp_half(q) - EDGE))


@njit(fastmath=FAST, nogil=True, cache=True)
def add(residual, weights, coarse, width, atom, coefficient):
    """Lets a residual follow when coefficient (3,) times the atom of unit energy is added to the picture, in place."""
    if weights is not None:
        _add_weighed(residual, weights, coarse, width, atom, coefficient)
    else:
        _add(residual, width, atom, coefficient)


@njit(fastmath=FAST, nogil=True, cache=True)
def _add(residual, width, atom, coefficient):
    ends = np.empty(2 * BAND_ROWS, np.int32)
    pitch, flat = residual.shape[2], residual.reshape(residual.size)
    x, y, inv1, inv3, k, unit = atom
    c0, c1, c2 = _f(coefficient[0]) * unit, _f(coefficient[1]) * unit, _f(coefficient[2]) * unit
    along = short_ramp() * inv1
    first, last = _rows(atom, len(residual))
    for top in range(first // BAND_ROWS * BAND_ROWS, last, BAND_ROWS):
        columns_of(x, y, inv1, inv3, k, top, width, ends)
        for row in range(max(top, first), min(top + BAND_ROWS, last)):
            v = (_f(row) - y) * inv3
            for column in range(ends[row - top], ends[row - top + BAND_ROWS], SHORT):
                w = _weight(along, column, x, inv1, k, v, width)
                red = row * 3 * pitch + column
                green, blue = red + pitch, red + 2 * pitch
                store(flat, red, fma(w, c0, short_load(flat, red)))
                store(flat, green, fma(w, c1, short_load(flat, green)))
                store(flat, blue, fma(w, c2, short_load(flat, blue)))


@njit(fastmath=FAST, nogil=True, cache=True)
def _add_weighed(residual, weights, coarse, width, atom, coefficient):
    """By the rows of whole cells: what the pixels of one share reaches all of them."""
    ends = np.empty(2 * BAND_ROWS, np.int32)
    height, _, pitch = residual.shape
    flat, weight = residual.reshape(residual.size), weights.reshape(weights.size)
    x, y, inv1, inv3, k, unit = atom
    along = short_ramp() * inv1
    first, last = _rows(atom, height)
    for top in range(first // CELL * CELL, last, CELL):
        band = top // BAND_ROWS * BAND_ROWS
        if top == band or top == first // CELL * CELL:
            columns_of(x, y, inv1, inv3, k, band, width, ends)
        begin, end = _widest(ends, max(top, first) - band, min(top + CELL, last) - band, width)
        rows = min(CELL, height - top)
        v = (_f(top) - y) * inv3
        for column in range(begin, end, SHORT):
            inside = _f(np.int32(width - column))
            a0, a1, a2, a3 = _weights(along, column, x, inv1, inv3, k, v, width, rows)
            w0, w1, w2, w3 = rows_of(weight, top * pitch + column, pitch, rows)
            upper, lower, whole = shares(w0, w1, w2, w3, coarse)
            up, low = shared(a0, a1, a2, a3, upper, lower, whole)
            a0, a1, a2, a3 = fma(w0, a0, up), fma(w1, a1, up), fma(w2, a2, low), fma(w3, a3, low)
            for channel in range(3):
                at, c = (3 * top + channel) * pitch + column, _f(coefficient[channel]) * unit
                r0, r1, r2, r3 = rows_of(flat, at, 3 * pitch, rows)
                # Cells at the border share with what is beyond.
                put_rows(
                    flat, at, 3 * pitch, rows, inside, fma(a0, c, r0), fma(a1, c, r1), fma(a2, c, r2), fma(a3, c, r3)
                )


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
    ends = np.empty(2 * BAND_ROWS, np.int32)
    pitch, flat = residual.shape[2], residual.reshape(residual.size)
    x, y, inv1, inv3, k, unit = atom
    along = short_ramp() * inv1
    red = green = blue = own = short_broadcast(_f(0))
    first, last = _rows(atom, len(residual))
    for top in range(first // BAND_ROWS * BAND_ROWS, last, BAND_ROWS):
        columns_of(x, y, inv1, inv3, k, top, width, ends)
        for row in range(max(top, first), min(top + BAND_ROWS, last)):
            v = (_f(row) - y) * inv3
            for column in range(ends[row - top], ends[row - top + BAND_ROWS], SHORT):
                w = _weight(along, column, x, inv1, k, v, width)
                at = row * 3 * pitch + column
                red = fma(w, short_load(flat, at), red)
                green = fma(w, short_load(flat, at + pitch), green)
                blue = fma(w, short_load(flat, at + 2 * pitch), blue)
                own = fma(w, w, own)
    _fill_moments(red, green, blue, own, unit, moments)


@njit(fastmath=FAST, nogil=True, cache=True)
def _project_weighed(residual, weights, coarse, width, atom, moments):
    """By the rows of whole cells, whose pixels share what they have of the atom."""
    ends = np.empty(2 * BAND_ROWS, np.int32)
    height, _, pitch = residual.shape
    flat, weight = residual.reshape(residual.size), weights.reshape(weights.size)
    x, y, inv1, inv3, k, unit = atom
    along = short_ramp() * inv1
    red = green = blue = own = short_broadcast(_f(0))
    first, last = _rows(atom, height)
    for top in range(first // CELL * CELL, last, CELL):
        band = top // BAND_ROWS * BAND_ROWS
        if top == band or top == first // CELL * CELL:
            columns_of(x, y, inv1, inv3, k, band, width, ends)
        begin, end = _widest(ends, max(top, first) - band, min(top + CELL, last) - band, width)
        rows = min(CELL, height - top)
        v = (_f(top) - y) * inv3
        for column in range(begin, end, SHORT):
            a0, a1, a2, a3 = _weights(along, column, x, inv1, inv3, k, v, width, rows)
            w0, w1, w2, w3 = rows_of(weight, top * pitch + column, pitch, rows)
            upper, lower, whole = shares(w0, w1, w2, w3, coarse)
            up, low = shared(a0, a1, a2, a3, upper, lower, whole)
            own = fma(a0, fma(w0, a0, up), fma(a1, fma(w1, a1, up), own))
            own = fma(a2, fma(w2, a2, low), fma(a3, fma(w3, a3, low), own))
            at = 3 * top * pitch + column
            r0, r1, r2, r3 = rows_of(flat, at, 3 * pitch, rows)
            red = fma(a0, r0, fma(a1, r1, fma(a2, r2, fma(a3, r3, red))))
            r0, r1, r2, r3 = rows_of(flat, at + pitch, 3 * pitch, rows)
            green = fma(a0, r0, fma(a1, r1, fma(a2, r2, fma(a3, r3, green))))
            r0, r1, r2, r3 = rows_of(flat, at + 2 * pitch, 3 * pitch, rows)
            blue = fma(a0, r0, fma(a1, r1, fma(a2, r2, fma(a3, r3, blue))))
    _fill_moments(red, green, blue, own, unit, moments)


@njit(inline="always")
def _fill_moments(red, green, blue, own, unit, moments):
    moments[0], moments[1], moments[2] = total(red) * unit, total(green) * unit, total(blue) * unit
    moments[3] = total(own) * unit * unit


@njit(inline="always")
def _widest(ends, first, last, width):
    """The columns, from the first of a cell on, that the rows of a band from `first` to before `last` have of it."""
    begin, end = np.int32(width), np.int32(0)
    for row in range(first, last):
        if ends[row] < ends[row + BAND_ROWS]:
            begin, end = min(begin, ends[row]), max(end, ends[row + BAND_ROWS])
    return begin // CELL * CELL, end


@njit(inline="always")
def _weights(along, column, x, inv1, inv3, k, v, width, rows):
    """As `_weight` in CELL rows below each other, of which there are `rows`, the first of them at v."""
    nothing = short_broadcast(_f(0))
    first = _weight(along, column, x, inv1, k, v, width)
    second = _weight(along, column, x, inv1, k, v + inv3, width) if rows > 1 else nothing
    third = _weight(along, column, x, inv1, k, v + _f(2) * inv3, width) if rows > 2 else nothing
    fourth = _weight(along, column, x, inv1, k, v + _f(3) * inv3, width) if rows > 3 else nothing
    return first, second, third, fourth
