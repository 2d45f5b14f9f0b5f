"""What a fit makes small, and half its gradient by each pixel, as numba kernels: squares, or what `weighting` says.

Residuals and weights are in `planes`.
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, CELL
from daub.render.cpu.vectors import (
    SHORT,
    fma,
    fours,
    keep_less,
    pairs,
    short_broadcast,
    short_load,
    short_ramp,
    store,
    total,
)
from daub.render.jit import FAST, njit, prange

_f = np.float32
_SMALL, _LARGE = _f(3 / 12), _f(15 / 12)  # variance of cells of 2 and of 4 pixels
_PAIRS, _FOURS = _f(1 / 16), _f(1 / 256)  # what the product of two sums over a cell is to that of the means


@njit(parallel=True, nogil=True, cache=True)
def residual(canvas, target, width, band_error):
    """canvas -= target, in place, zero beyond the width; fills band_error (bands,) float64, the sum of squares."""
    pitch = canvas.shape[2]
    drawn, goal = canvas.reshape(canvas.size), target.reshape(target.size)
    for band in prange(len(band_error)):
        of_band = 0.0
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, len(canvas))):
            squares = short_broadcast(_f(0))
            for channel in range(3):
                line = (3 * row + channel) * pitch
                canvas[row, channel, width:] = _f(0)
                for at in range(line, line + width, SHORT):  # beyond the width, both are zero
                    d = short_load(drawn, at) - short_load(goal, at)
                    store(drawn, at, d)
                    squares = fma(d, d, squares)
            of_band += total(squares)
        band_error[band] = of_band


@njit(parallel=True, nogil=True, cache=True)
def weighted_residual(canvas, target, weights, coarse, width, band_error, band_squares):
    """canvas = half the gradient of the distortion of `render.weighting` at r = canvas - target, in place.

    Fills band_error and band_squares (bands,) float64: the distortion of each band, and its sum of r^2.

    Args:
        weights: (H, 1, pitch) float32.
        coarse: as of `Weighting`, float32.
    """
    height, pitch = len(canvas), canvas.shape[2]
    drawn, goal, weight = canvas.reshape(canvas.size), target.reshape(target.size), weights.reshape(weights.size)
    for band in prange(len(band_error)):
        of_error = of_squares = 0.0
        for top in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height), CELL):
            rows = min(CELL, height - top)
            for row in range(top, top + rows):
                for channel in range(3):
                    canvas[row, channel, width:] = _f(0)
            error = squares = short_broadcast(_f(0))
            for column in range(0, width, SHORT):
                inside = _f(np.int32(width - column))
                w0, w1, w2, w3 = rows_of(weight, top * pitch + column, pitch, rows)
                upper, lower, whole = shares(w0, w1, w2, w3, coarse)
                for channel in range(3):
                    at = (3 * top + channel) * pitch + column
                    d0, d1, d2, d3 = rows_of(drawn, at, 3 * pitch, rows)
                    g0, g1, g2, g3 = rows_of(goal, at, 3 * pitch, rows)
                    r0, r1, r2, r3 = d0 - g0, d1 - g1, d2 - g2, d3 - g3
                    up, low = shared(r0, r1, r2, r3, upper, lower, whole)
                    r0w, r1w, r2w, r3w = fma(w0, r0, up), fma(w1, r1, up), fma(w2, r2, low), fma(w3, r3, low)
                    error = fma(r0, r0w, fma(r1, r1w, fma(r2, r2w, fma(r3, r3w, error))))
                    squares = fma(r0, r0, fma(r1, r1, fma(r2, r2, fma(r3, r3, squares))))
                    # Cells at the border share with what is beyond.
                    put_rows(drawn, at, 3 * pitch, rows, inside, r0w, r1w, r2w, r3w)
            of_error += total(error)
            of_squares += total(squares)
        band_error[band] = of_error
        band_squares[band] = of_squares


@njit(inline="always")
def rows_of(flat, at, pitch, rows):
    """CELL vectors below each other, of which there are `rows`; zeros for the others."""
    nothing = short_broadcast(_f(0))
    first = short_load(flat, at)
    second = short_load(flat, at + pitch) if rows > 1 else nothing
    third = short_load(flat, at + 2 * pitch) if rows > 2 else nothing
    fourth = short_load(flat, at + 3 * pitch) if rows > 3 else nothing
    return first, second, third, fourth


@njit(inline="always")
def put_rows(flat, at, pitch, rows, inside, first, second, third, fourth):
    """Stores the first `rows` of CELL vectors below each other, zero from the lane `inside` on."""
    store(flat, at, keep_less(short_ramp(), inside, first))
    if rows > 1:
        store(flat, at + pitch, keep_less(short_ramp(), inside, second))
    if rows > 2:
        store(flat, at + 2 * pitch, keep_less(short_ramp(), inside, third))
    if rows > 3:
        store(flat, at + 3 * pitch, keep_less(short_ramp(), inside, fourth))


@njit(inline="always")
def shares(w0, w1, w2, w3, coarse):
    """What a sum over a cell counts, by the weights of CELL rows: of 2x2 in the upper two, in the lower, and of 4x4."""
    upper, lower = pairs(w0 + w1), pairs(w2 + w3)
    return upper * (coarse * _PAIRS), lower * (coarse * _PAIRS), fours(upper + lower) * (coarse * _FOURS)


@njit(inline="always")
def shared(r0, r1, r2, r3, upper, lower, whole):
    """coarse * (mean weight * mean value of the cells of 2x2 and of 4x4): in the upper two of CELL rows, in the lower.

    Args:
        r0, r1, r2, r3: the values of the rows, from a column on that cells begin with.
        upper, lower, whole: from `shares`.
    """
    above, below = pairs(r0 + r1), pairs(r2 + r3)
    all_of_it = fours(above + below) * whole
    return fma(above, upper, all_of_it), fma(below, lower, all_of_it)


@njit(fastmath=FAST, inline="always")
def shared_energy(inv1, inv3, k, coarse):
    """`render.weighting.shared_energy` of an atom with 1/l1, 1/l3 and k."""
    first, second = _f(1) / (inv1 * inv1), _f(1) / (inv3 * inv3)
    determinant, trace = first * second, first + second * (_f(1) + k * k)
    left = math.sqrt(determinant / (determinant + _SMALL * (trace + _SMALL)))
    left += math.sqrt(determinant / (determinant + _LARGE * (trace + _LARGE)))
    return _f(1) + coarse * left


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def absolute_error(canvas, weights, error):
    """Fills error (H, W): the sum over the channels of what planes hold, by its size, over sqrt(weight)."""
    width = error.shape[1]
    for row in prange(len(error)):
        red, green, blue = canvas[row]
        for column in range(width):
            total_error = abs(red[column]) + abs(green[column]) + abs(blue[column])
            if weights is not None:
                weight = weights[row, 0, column]
                total_error = total_error / math.sqrt(weight) if weight > _f(0) else _f(0)
            error[row, column] = total_error
