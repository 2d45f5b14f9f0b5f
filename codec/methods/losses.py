"""What a fit makes small, with its gradient: weighted sums of L2, L1 and 1 - SSIM.

The image is the sum of the Gaussians, not clamped to [0, 1]: a clamp has no gradient where the image saturates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numba import njit, prange

import render.compile_cache  # noqa: F401  before the first kernel
from codec.errors import DaubError
from codec.methods.ssim import FAST, add_ssim


class Loss(Protocol):
    is_squared: bool  # l2 * mean squared error, and nothing else
    l2: float

    def __call__(self, image: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
        """Returns: the loss of image (H, W, 3) against target, and its gradient by the image, (H, W, 3).

        All of them are contiguous and of one type, float32 or float64.
        """


@dataclass(frozen=True)
class WeightedLoss:
    """l2 * mean squared error + l1 * mean absolute error + ssim * (1 - mean SSIM), means over pixels and channels."""

    l2: float = 0.0
    l1: float = 0.0
    ssim: float = 0.0

    def __post_init__(self):
        if not (self.l2 or self.l1 or self.ssim):
            raise DaubError("this loss is none", "all its weights are 0", "give one of l2, l1 and ssim")

    @property
    def is_squared(self) -> bool:
        return not (self.l1 or self.ssim)

    def __call__(self, image, target):
        gradient = np.empty_like(image)
        errors = np.empty((2, len(image)))  # sums of each row
        real = image.dtype.type
        rows = (array.reshape(len(image), -1) for array in (image, target, gradient))
        _by_pixel(*rows, real(self.l1 / image.size), real(2 * self.l2 / image.size), errors)
        absolute, squared = errors.sum(1) / image.size
        value = self.l1 * float(absolute) + self.l2 * float(squared)
        if self.ssim:
            value += self.ssim * (1 - add_ssim(image, target, -self.ssim, gradient))
        return value, gradient


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def _by_pixel(image, target, gradient, slope, curvature, errors):
    """Fills gradient (H, 3 W) = slope * sign(error) + curvature * error; errors (2, H) = sums of |error|, error^2."""
    for row in prange(len(image)):
        zero = slope - slope  # of the image's type
        absolute = squared = zero
        for i in range(image.shape[1]):
            error = image[row, i] - target[row, i]
            absolute += abs(error)
            squared += error * error
            sign = slope if error > zero else (-slope if error < zero else zero)
            gradient[row, i] = sign + curvature * error
        errors[0, row], errors[1, row] = absolute, squared
