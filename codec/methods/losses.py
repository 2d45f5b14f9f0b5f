"""What a fit makes small, with its gradient: weighted sums of L2, L1 and 1 - SSIM.

The image is the sum of the Gaussians, not clamped to [0, 1]: a clamp has no gradient where the image saturates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import ndimage

from codec.errors import DaubError
from codec.metrics import C1, C2, window_taps


class Loss(Protocol):
    is_squared: bool  # l2 * mean squared error, and nothing else
    l2: float

    def __call__(self, image: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
        """Returns: the loss of image (H, W, 3) against target, and its gradient by the image, (H, W, 3)."""


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
        error = image - target
        value, gradient = 0.0, 0.0
        if self.l2:
            value = self.l2 / error.size * float(np.vdot(error, error))
            gradient = error * error.dtype.type(2 * self.l2 / error.size)
        if self.l1:
            value += self.l1 * float(np.mean(np.abs(error), dtype=np.float64))
            gradient += np.sign(error) * error.dtype.type(self.l1 / error.size)
        if self.ssim:
            similarity, by_image = ssim(image, target)
            value += self.ssim * (1 - similarity)
            gradient -= self.ssim * by_image
        return value, gradient


def ssim(image: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Structural similarity (Wang et al. 2004, equation 13), and its gradient by the image.

    The mean over the channels and the 11x11 windows that lie inside the image, as in pytorch-msssim; a smaller side
    gets the largest odd window that fits, as in `metrics.ms_ssim`.

    Args:
        image, target: (H, W, C) floating point, data range 1.

    Returns:
        The mean, and d mean / d image (H, W, C) in the image's type.
    """
    taps = [window_taps(side) for side in image.shape[:2]]
    inside = tuple(slice(len(t) // 2, side - len(t) // 2) for t, side in zip(taps, image.shape[:2], strict=True))

    def windowed(values: np.ndarray) -> np.ndarray:
        """The windows' weighted means; beyond the image there is zero, which makes it its own adjoint."""
        for axis in (0, 1):
            values = ndimage.correlate1d(values, taps[axis], axis, mode="constant")
        return values

    def spread(values: np.ndarray) -> np.ndarray:
        """The adjoint of windowed(...)[inside]."""
        whole = np.zeros_like(image)
        whole[inside] = values
        return windowed(whole)

    mean_x, mean_y = windowed(image)[inside], windowed(target)[inside]
    variances = windowed(image * image + target * target)[inside] - (mean_x * mean_x + mean_y * mean_y)
    covariance = windowed(image * target)[inside] - mean_x * mean_y
    luminance_norm = mean_x * mean_x + mean_y * mean_y + C1
    luminance = (2 * mean_x * mean_y + C1) / luminance_norm
    contrast = (2 * covariance + C2) / (variances + C2)

    by_variance = -luminance * contrast / (variances + C2)
    by_covariance = 2 * luminance / (variances + C2)
    by_mean = 2 * contrast * (mean_y - mean_x * luminance) / luminance_norm
    by_mean -= 2 * mean_x * by_variance + mean_y * by_covariance  # the moments are taken about the means
    gradient = spread(by_mean) + 2 * image * spread(by_variance) + target * spread(by_covariance)
    return float(np.mean(luminance * contrast, dtype=np.float64)), gradient / luminance.size
