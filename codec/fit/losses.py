"""What a fit makes small, with its gradient: weighted sums of L2, L1 and 1 - SSIM.

The image is the sum of the Gaussians, not clamped to [0, 1]: a clamp has no gradient where the image saturates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.evaluation.ssim import add_ssim
from daub.codec.options import option
from daub.codec.parts import LARGEST_SETTING, Part, by_name, preset
from daub.render.jit import FAST, njit, parallel, prange


class Loss(Protocol):
    """Says how bad an image is, and which way it gets better."""

    name: str
    is_squared: bool  # whether it is l2 * mean squared error and nothing else
    l2: float  # weight of the mean squared error

    def __call__(self, image: np.ndarray, target: np.ndarray, gradient: np.ndarray) -> float:
        """Work out the loss of an image, and overwrite gradient with dL/dimage.

        Args:
            image, target, gradient: (H, W, 3), contiguous and of one type, float32 or float64.
        """


@dataclass(frozen=True)
class WeightedLoss(Part):
    """l2 * mean squared error + l1 * mean absolute error + ssim * (1 - mean SSIM), means over pixels and channels.

    - L2 is what PSNR measures; GaussianImage and GaussianImage++ use it alone.
    - 0.9 L1 + 0.1 (1 - SSIM) is the loss of SmartSplat; 3D Gaussian splatting has 0.8 and 0.2.
    - SSIM is that of Wang et al. 2004, over the 11x11 windows that lie inside the image.

    Raises:
        DaubError: all weights are 0.

        >>> image, target = np.full((1, 2, 3), 0.75), np.full((1, 2, 3), 0.25)
        >>> gradient = np.empty_like(image)
        >>> WeightedLoss(l2=1.0)(image, target, gradient), round(float(gradient.sum()), 6)
        (0.25, 1.0)
    """

    l2: float = option(0.0, 0, LARGEST_SETTING, "weight of the mean squared error")
    l1: float = option(0.0, 0, LARGEST_SETTING, "weight of the mean absolute error")
    ssim: float = option(0.0, 0, LARGEST_SETTING, "weight of 1 - mean SSIM")
    name: str = preset("l2")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (self.l2 or self.l1 or self.ssim):
            raise DaubError("this loss is none", "all its weights are 0", "give one of l2, l1 and ssim")

    @property
    def is_squared(self) -> bool:
        return not (self.l1 or self.ssim)

    def __call__(self, image: np.ndarray, target: np.ndarray, gradient: np.ndarray) -> float:
        errors = np.empty((2, len(image)))  # sums of |error| and of error^2, for each row
        real = image.dtype.type
        slope, curvature = real(self.l1 / image.size), real(2 * self.l2 / image.size)
        with parallel(image.size // 3):
            _by_pixel(*_rows(image, target, gradient), slope, curvature, errors)
        absolute, squared = errors.sum(1) / image.size
        value = self.l1 * float(absolute) + self.l2 * float(squared)
        if self.ssim:
            value += self.ssim * (1 - add_ssim(image, target, -self.ssim, gradient))
        return value


LOSSES: dict[str, Loss] = by_name(
    WeightedLoss(l2=1.0),
    WeightedLoss(l1=1.0, name="l1"),
    WeightedLoss(ssim=1.0, name="ssim"),
    WeightedLoss(l1=0.9, ssim=0.1, name="l1-ssim"),
    WeightedLoss(l2=0.7, ssim=0.3, name="l2-ssim"),
)


def mean_squared_error(image: np.ndarray, target: np.ndarray) -> float:
    """Work out the mean squared error of an image, without a third one for the difference.

    Args:
        image, target: (H, W, 3), contiguous and of one type.
    """
    errors = np.empty(len(image))
    with parallel(image.size // 3):
        _squared(*_rows(image, target), errors)
    return float(errors.sum()) / image.size


def _rows(*images: np.ndarray) -> list[np.ndarray]:
    """Views of contiguous images (H, W, 3) as (H, 3 W)."""
    return [image.reshape(len(image), -1) for image in images]


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def _by_pixel(image, target, gradient, slope, curvature, errors):
    """Fill gradient (H, 3 W) = slope * sign(error) + curvature * error, and errors (2, H) with sums of each row."""
    for row in prange(len(image)):
        zero = slope - slope  # a zero of the image's type
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
    """Fill errors (H,) with the sums of squares of image - target (H, 3 W)."""
    for row in prange(len(image)):
        squared = image[row, 0] - image[row, 0]  # a zero of the image's type
        for i in range(image.shape[1]):
            error = image[row, i] - target[row, i]
            squared += error * error
        errors[row] = squared
