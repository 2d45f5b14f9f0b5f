"""What an error of each pixel counts, alone and together with its neighbours: the distortion that a fit makes small.

With the residual r, the weights w and the mean over the cell of 2^l x 2^l pixels that a pixel lies in (cells begin at
the image's left and top; beyond the image r and w are zero) the distortion of a channel is

    E = sum over pixels of w * r^2  +  coarse * sum over l = 1, 2 of sum over pixels of mean(w) * mean(r)^2

so that an error that neighbours share counts more than one that changes from pixel to pixel: up to 1 + 2 * coarse times
as much. Half its gradient is, at each pixel, w * r + coarse * sum over l of mean(w) * mean(r).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from daub.render.eight_bit import as_real
from daub.render.interruption import go_on

STRIP_PIXELS = 1 << 21
LEVELS = 2  # cells of 2x2 and of 4x4 pixels


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights of the pixels of an image.

    Args:
        plane: (H, W) float32 >= 0, 1 on average: w.
        coarse: at least 0.
    """

    plane: np.ndarray
    coarse: float = 0.0

    def cells(self, level: int) -> np.ndarray:
        """(ceil(H / 2^level), ceil(W / 2^level)) float32: the mean weight of each cell."""
        return cell_means(self.plane, level)

    @cached_property
    def digest(self) -> bytes:
        """Tells weights of other values apart, 16 bytes: who only compares need not hold the plane."""
        digest = hashlib.blake2b(digest_size=16)
        for row in self.plane:
            digest.update(row)
        digest.update(str(self.coarse).encode())
        return digest.digest()

    def distortion(self, reference: np.ndarray, image: np.ndarray) -> float:
        """E of image - reference (H, W, C), real or uint8, in strips: a residual may be hundreds of megabytes."""
        rows = max(STRIP_PIXELS // self.plane.shape[1] >> LEVELS, 1) << LEVELS  # whole cells
        strips = [slice(top, top + rows) for top in range(0, len(self.plane), rows)]
        return sum(self._error_of(rows, reference, image) for rows in strips)

    def _error_of(self, rows: slice, reference: np.ndarray, image: np.ndarray) -> float:
        go_on()
        return Weighting(self.plane[rows], self.coarse).error(as_real(image[rows]) - as_real(reference[rows]))

    def error(self, residual: np.ndarray) -> float:
        """E of a residual (H, W, C), summed over the channels in float64."""
        squares = float(np.einsum("hwc,hwc,hw->", residual, residual, self.plane, dtype=np.float64))
        if not self.coarse:
            return squares
        for level in range(1, LEVELS + 1):
            means = cell_means(residual, level)
            shared = np.einsum("hwc,hwc,hw->", means, means, self.cells(level), dtype=np.float64)
            squares += self.coarse * 4**level * float(shared)
        return squares


def shared_energy(log_l1: np.ndarray, log_l3: np.ndarray, shear: np.ndarray, coarse: float) -> np.ndarray:
    """How many times the energy of an atom grows by what its pixels share: 1 to 1 + 2 * coarse, about.

    A mean over cells is taken for one over a Gaussian of the variance of a cell, b^2 = (4^level - 1) / 12 pixels^2: the
    energy that it leaves is sqrt(det Sigma / det(Sigma + b^2)).

    Args:
        log_l1, log_l3, shear: (N,) of the shape of each Gaussian, as in `Gaussians`.
    """
    first, second = np.exp(2 * log_l1), np.exp(2 * log_l3)
    determinant, trace = first * second, first + second * (1 + shear**2)
    left = 0.0
    for level in range(1, LEVELS + 1):
        cell = np.float32((4**level - 1) / 12)
        left = left + np.sqrt(determinant / (determinant + cell * (trace + cell)))
    return 1 + coarse * left


def cell_means(values: np.ndarray, level: int) -> np.ndarray:
    """The mean over each cell of 2^level x 2^level pixels of values (H, W) or (H, W, C), which are zero beyond."""
    return cell_sums(values, 1 << level) * values.dtype.type(1 / 4**level)


def cell_sums(values: np.ndarray, side: int) -> np.ndarray:
    """The sum over each cell of side x side pixels, a power of two, of values (H, W) or (H, W, C), zero beyond.

    Returns:
        (ceil(H / side), ceil(W / side)) or (..., C) of the same type, its own memory unless `side` is 1.
    """
    while side > 1:
        values, side = _sums_of_four(values), side // 2
    return values


def _sums_of_four(values: np.ndarray) -> np.ndarray:
    """By cells of 2x2 pixels. In long rows of one channel: numpy takes several times as long for three at a time."""
    odd_row, odd_column = (side % 2 for side in values.shape[:2])
    if odd_row or odd_column:
        values = np.pad(values, ((0, odd_row), (0, odd_column)) + ((0, 0),) * (values.ndim - 2))
    pairs = values[0::2] + values[1::2]
    if values.ndim == 2:
        return pairs[:, 0::2] + pairs[:, 1::2]
    sums = np.empty((pairs.shape[0], pairs.shape[1] // 2, values.shape[2]), values.dtype)
    for channel in range(values.shape[2]):
        np.add(pairs[:, 0::2, channel], pairs[:, 1::2, channel], out=sums[..., channel])
    return sums
