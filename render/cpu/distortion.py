"""What a fit makes small, and half its gradient by each pixel, as numba kernels: squares, or what `weighting` says.

Residuals and weights are in `blocks`.
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, CELL, LANES, clear_padding
from daub.render.jit import FAST, njit, prange

_f = np.float32
_SMALL, _LARGE = _f(3 / 12), _f(15 / 12)  # variance of cells of 2 and of 4 pixels


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def residual(blocks, target, width, band_error):
    """blocks -= target, in place, the padding zero; fills band_error (bands,) float64, the sum of squares of a band."""
    height = blocks.shape[0]
    for band in prange(len(band_error)):
        total = 0.0
        for row in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height)):
            part = _f(0)
            for block in range(blocks.shape[1]):
                pixels, goal = blocks[row, block], target[row, block]
                clear_padding(pixels, width - block * LANES)
                for i in range(3 * LANES):
                    d = pixels[i] - goal[i]
                    pixels[i] = d
                    part += d * d
            total += part
        band_error[band] = total


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def weighted_residual(blocks, target, weights, coarse, width, band_error, band_squares):
    """blocks = half the gradient of the distortion of `render.weighting` at r = blocks - target, in place.

    Fills band_error and band_squares (bands,) float64: the distortion of each band, and its sum of r^2.

    Args:
        weights: (H, blocks, LANES) float32, the padding zero.
        coarse: as of `Weighting`, float32.
    """
    height = blocks.shape[0]
    for band in prange(len(band_error)):
        total = squares = 0.0
        cells = np.zeros((3, CELL, LANES), np.float32)
        r, weight, out = cells[0], cells[1], cells[2]
        for top in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height), CELL):
            rows = min(CELL, height - top)
            part = plain = _f(0)
            for block in range(blocks.shape[1]):
                for row in range(rows):
                    clear_padding(blocks[top + row, block], width - block * LANES)
                    weight[row] = weights[top + row, block]
                weight[rows:] = _f(0)
                r[rows:] = _f(0)
                for channel in range(0, 3 * LANES, LANES):
                    for row in range(rows):
                        pixels, goal = blocks[top + row, block], target[top + row, block]
                        for i in range(LANES):
                            r[row, i] = pixels[channel + i] - goal[channel + i]
                    weigh(r, weight, coarse, out)
                    for row in range(rows):
                        pixels = blocks[top + row, block]
                        for i in range(LANES):
                            part += r[row, i] * out[row, i]
                            plain += r[row, i] * r[row, i]
                            pixels[channel + i] = out[row, i]
                for row in range(rows):  # cells at the border share with the padding
                    clear_padding(blocks[top + row, block], width - block * LANES)
            total += part
            squares += plain
        band_error[band] = total
        band_squares[band] = squares


@njit(nogil=True, cache=True)  # no fused products: numba would fuse others when it compiles than when it has compiled
def weigh(values, weight, coarse, out):
    """out = weight * values + coarse * (mean weight * mean value of the cells of 2x2 and of 4x4), all (CELL, LANES)."""
    for row in range(CELL):
        for i in range(LANES):
            out[row, i] = weight[row, i] * values[row, i]
    if coarse > _f(0):
        small, large = coarse * _f(1 / 16), coarse * _f(1 / 256)  # two means, of 4 and of 16 pixels each
        for left in range(0, LANES, CELL):
            all_values = all_weights = _f(0)
            for row in range(0, CELL, 2):
                for i in range(left, left + CELL, 2):
                    of_values = values[row, i] + values[row, i + 1] + values[row + 1, i] + values[row + 1, i + 1]
                    of_weights = weight[row, i] + weight[row, i + 1] + weight[row + 1, i] + weight[row + 1, i + 1]
                    shared = small * of_values * of_weights
                    out[row, i] += shared
                    out[row, i + 1] += shared
                    out[row + 1, i] += shared
                    out[row + 1, i + 1] += shared
                    all_values += of_values
                    all_weights += of_weights
            shared = large * all_values * all_weights
            for row in range(CELL):
                for i in range(left, left + CELL):
                    out[row, i] += shared


@njit(fastmath=FAST, inline="always")
def shared_energy(inv1, inv3, k, coarse):
    """`render.weighting.shared_energy` of an atom with 1/l1, 1/l3 and k."""
    first, second = _f(1) / (inv1 * inv1), _f(1) / (inv3 * inv3)
    determinant, trace = first * second, first + second * (_f(1) + k * k)
    left = math.sqrt(determinant / (determinant + _SMALL * (trace + _SMALL)))
    left += math.sqrt(determinant / (determinant + _LARGE * (trace + _LARGE)))
    return _f(1) + coarse * left


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def absolute_error(blocks, weights, error):
    """Fills error (H, W): the sum over the channels of what blocks hold, by its size, over sqrt(weight)."""
    width = error.shape[1]
    for row in prange(len(error)):
        for column in range(width):
            pixels, i = blocks[row, column // LANES], column % LANES
            total = abs(pixels[i]) + abs(pixels[i + LANES]) + abs(pixels[i + 2 * LANES])
            if weights is not None:
                weight = weights[row, column // LANES, i]
                total = total / math.sqrt(weight) if weight > _f(0) else _f(0)
            error[row, column] = total
