"""Kernels for one Gaussian at a time on a residual: taking it out, putting it in, and what it could remove.

They serve searches that change one Gaussian after another and look at the true distortion each time. An atom is the
first six numbers of `kernels.derive`: x, y, 1/l1, 1/l3, k, 1/sqrt(pi*l1*l3). Residuals, which are weighted, and weights
of the pixels are in blocks, as `kernels` has them.
"""

import math

import numpy as np

from daub.render.cpu.kernels import BAND_ROWS, EDGE, LANES, SUPPORT32, exp_half, spans
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
def add(residual, weights, width, atom, coefficient):
    """residual += weight times coefficient (3,) times the atom of unit energy, in place."""
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
                if weights is not None:
                    weight = weights[row, block]
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 and i < inside else _f(0)
                    if weights is not None:
                        w *= weight[i]
                    pixels[i] += c0 * w
                    pixels[i + LANES] += c1 * w
                    pixels[i + 2 * LANES] += c2 * w


@njit(fastmath=FAST, nogil=True, cache=True)
def project(residual, weights, width, atom, moments):
    """Fills moments (4,): the inner products of the atom of unit energy with red, green and blue, and with itself under
    the weights.

    Without weights the last differs from one where the border of the image cuts the atom off, or it is not much larger
    than a pixel.
    """
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
                if weights is not None:
                    weight = weights[row, block]
                for i in range(LANES):
                    z1 = (_f(np.int32(i)) + offset) * inv1
                    z2 = v - k * z1
                    q = z1 * z1 + z2 * z2
                    w = exp_half(q) - EDGE if q < SUPPORT32 and i < inside else _f(0)
                    lanes[i] += w * pixels[i]
                    lanes[i + LANES] += w * pixels[i + LANES]
                    lanes[i + 2 * LANES] += w * pixels[i + 2 * LANES]
                    lanes[i + 3 * LANES] += w * w * weight[i] if weights is not None else w * w
    for channel in range(3):
        moments[channel] = lanes[channel * LANES : (channel + 1) * LANES].sum() * unit
    moments[3] = lanes[3 * LANES :].sum() * unit * unit
