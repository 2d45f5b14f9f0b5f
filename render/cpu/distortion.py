"""What a fit makes small, and half its gradient by each pixel, as numba kernels: squares, or what `weighting` says.

Residuals and weights are in `blocks`.
"""

import math

import numpy as np

from daub.render.cpu.blocks import BAND_ROWS, BLOCK, CELL, LANES, clear_padding
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


@njit(parallel=True, nogil=True, cache=True)  # no fused products, as in `weigh`
def weighted_residual(blocks, target, weights, coarse, width, band_error, band_squares):
    """blocks = half the gradient of the distortion of `render.weighting` at r = blocks - target, in place.

    Fills band_error and band_squares (bands,) float64: the distortion of each band, and its sum of r^2.

    Args:
        weights: (H, blocks, LANES) float32, the padding zero.
        coarse: as of `Weighting`, float32.
    """
    height, last = blocks.shape[0], blocks.shape[1] - 1
    for band in prange(len(band_error)):
        cells = np.zeros((CELL_ROWS, BLOCK), np.float32)
        flat = cells.reshape(CELL_ROWS * BLOCK)
        error, squares = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
        for top in range(band * BAND_ROWS, min((band + 1) * BAND_ROWS, height), CELL):
            rows = min(CELL, height - top)
            cells[rows:CELL] = _f(0)
            cells[VALUES + rows : VALUES + CELL] = _f(0)
            for row in range(top, top + rows):
                clear_padding(blocks[row, last], width - last * LANES)
            for block in range(last + 1):
                for row in range(rows):
                    pixels, goal, values = blocks[top + row, block], target[top + row, block], cells[VALUES + row]
                    for i in range(BLOCK):
                        values[i] = pixels[i] - goal[i]
                    spread(weights[top + row, block], cells[row])
                weigh(flat, coarse)
                for row in range(rows):
                    pixels, values, weighed = blocks[top + row, block], cells[VALUES + row], cells[WEIGHED + row]
                    for i in range(BLOCK):
                        error[i] += values[i] * weighed[i]
                        squares[i] += values[i] * values[i]
                        pixels[i] = weighed[i]
            for row in range(top, top + rows):  # cells at the border share with the padding
                clear_padding(blocks[row, last], width - last * LANES)
        of_error = of_squares = 0.0
        for i in range(BLOCK):
            of_error += error[i]
            of_squares += squares[i]
        band_error[band] = of_error
        band_squares[band] = of_squares


# The rows of BLOCK lanes that `weigh` takes and gives: first the weights of CELL rows of pixels, the same for all three
# channels, then their values, then what comes of these. The other rows are its own.
VALUES = CELL
WEIGHED = 2 * CELL
_PAIRS = 3 * CELL  # a sum over each cell of 2x2, in all of its lanes: those of the upper two rows, those of the lower
_FOURS = _PAIRS + 2  # likewise, over the two halves of each cell of 4x4
_SHARED = _FOURS + 2  # what each sum over a cell counts: of 2x2, upper and lower, and of 4x4
CELL_ROWS = _SHARED + 3


@njit(inline="always")
def spread(weight, row):
    """Fills a row (BLOCK,) with the weights (LANES,) of a block of pixels."""
    for i in range(LANES):
        row[i] = weight[i]
        row[i + LANES] = weight[i]
        row[i + 2 * LANES] = weight[i]


@njit(nogil=True, cache=True)
def weigh(cells, coarse):
    """weighed = weight * value + coarse * (mean weight * mean value of the cells of 2x2 and of 4x4), in one block.

    - No product is fused: numba would fuse others when it compiles what calls this than when it has compiled this.
    - Every loop becomes vectors because all offsets are constants: cells are flat, and what is called stands inline.

    Args:
        cells: (CELL_ROWS * BLOCK,) float32.
    """
    values, weighed = VALUES * BLOCK, WEIGHED * BLOCK
    pairs, fours, shared = _PAIRS * BLOCK, _FOURS * BLOCK, _SHARED * BLOCK
    small, large = coarse * _f(1 / 16), coarse * _f(1 / 256)  # two means, of 4 and of 16 pixels each
    _sum_cells(cells, 0)
    for i in range(BLOCK):
        cells[shared + i] = small * cells[pairs + i]
        cells[shared + BLOCK + i] = small * cells[pairs + BLOCK + i]
        cells[shared + 2 * BLOCK + i] = large * (cells[fours + i] + cells[fours + BLOCK + i])
    _sum_cells(cells, values)
    for i in range(BLOCK):
        whole = cells[shared + 2 * BLOCK + i] * (cells[fours + i] + cells[fours + BLOCK + i])
        upper = cells[shared + i] * cells[pairs + i] + whole
        lower = cells[shared + BLOCK + i] * cells[pairs + BLOCK + i] + whole
        cells[weighed + i] = cells[i] * cells[values + i] + upper
        cells[weighed + BLOCK + i] = cells[BLOCK + i] * cells[values + BLOCK + i] + upper
        cells[weighed + 2 * BLOCK + i] = cells[2 * BLOCK + i] * cells[values + 2 * BLOCK + i] + lower
        cells[weighed + 3 * BLOCK + i] = cells[3 * BLOCK + i] * cells[values + 3 * BLOCK + i] + lower


@njit(inline="always")
def _sum_cells(cells, first):
    """Fills the rows _PAIRS and _FOURS with the sums over the cells of CELL rows, of which the first begins there."""
    pairs, fours = _PAIRS * BLOCK, _FOURS * BLOCK
    for i in range(BLOCK):
        cells[pairs + i] = cells[first + i] + cells[first + BLOCK + i]
        cells[pairs + BLOCK + i] = cells[first + 2 * BLOCK + i] + cells[first + 3 * BLOCK + i]
    for i in range(0, 2 * BLOCK, CELL):
        left, right = cells[pairs + i] + cells[pairs + i + 1], cells[pairs + i + 2] + cells[pairs + i + 3]
        cells[pairs + i] = left
        cells[pairs + i + 1] = left
        cells[pairs + i + 2] = right
        cells[pairs + i + 3] = right
        both = left + right
        cells[fours + i] = both
        cells[fours + i + 1] = both
        cells[fours + i + 2] = both
        cells[fours + i + 3] = both


@njit(nogil=True, cache=True)
def share_energy(cells, coarse, lanes):
    """Adds to lanes (LANES,) what the values of CELL rows of a block cost together, beside what each costs alone.

    Args:
        cells: (2 * CELL * LANES,) float32: the rows of the values, zero beyond the image, and those of the weights.
            They are overwritten.
    """
    small, large = coarse * _f(1 / 16), coarse * _f(1 / 256)
    for first in (0, CELL * LANES):
        for i in range(LANES):
            cells[first + i] += cells[first + LANES + i]
            cells[first + 2 * LANES + i] += cells[first + 3 * LANES + i]
    weights, lower = CELL * LANES, 2 * LANES
    for i in range(0, LANES, CELL):
        whole = weight_of_whole = _f(0)
        for pair in range(2):
            at = i + 2 * pair
            for row in (0, lower):
                value = cells[row + at] + cells[row + at + 1]
                weight = cells[weights + row + at] + cells[weights + row + at + 1]
                lanes[at] += small * weight * value * value
                whole += value
                weight_of_whole += weight
        lanes[i] += large * weight_of_whole * whole * whole


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
