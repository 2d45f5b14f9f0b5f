"""What a fit makes small, with its gradient: weighted sums of L2, L1 and 1 - SSIM.

The image is the sum of the Gaussians, not clamped to [0, 1]: a clamp has no gradient where the image saturates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.evaluation.ssim import add_ssim
from daub.render.jit import FAST, ONE_AT_A_TIME, njit, prange


class Loss(Protocol):
    is_squared: bool  # l2 * mean squared error, and nothing else
    l2: float

    def __call__(self, image: np.ndarray, target: np.ndarray, gradient: np.ndarray) -> float:
        """The loss of image (H, W, 3) against target; overwrites gradient (H, W, 3) with that by the image.

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

    def __call__(self, image, target, gradient):
        errors = np.empty((2, len(image)))  # sums of each row
        real = image.dtype.type
        slope, curvature = real(self.l1 / image.size), real(2 * self.l2 / image.size)
        with ONE_AT_A_TIME:
            _by_pixel(*_rows(image, target, gradient), slope, curvature, errors)
        absolute, squared = errors.sum(1) / image.size
        value = self.l1 * float(absolute) + self.l2 * float(squared)
        if self.ssim:
            value += self.ssim * (1 - add_ssim(image, target, -self.ssim, gradient))
        return value


def mean_squared_error(image: np.ndarray, target: np.ndarray) -> float:
    """That of two contiguous images (H, W, 3) of one type, without a third one for what lies between them."""
    errors = np.empty(len(image))
    with ONE_AT_A_TIME:
        _squared(*_rows(image, target), errors)
    return float(errors.sum()) / image.size


def _rows(*images: np.ndarray) -> list[np.ndarray]:
    """Views of contiguous images (H, W, 3) as (H, 3 W)."""
    return [image.reshape(len(image), -1) for image in images]


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


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def _squared(image, target, errors):
    """Fills errors (H,) with the sums of squares of image - target (H, 3 W)."""
    for row in prange(len(image)):
        squared = image[row, 0] - image[row, 0]  # of the image's type
        for i in range(image.shape[1]):
            error = image[row, i] - target[row, i]
            squared += error * error
        errors[row] = squared
