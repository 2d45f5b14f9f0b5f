"""Where the first Gaussians of a fit stand: policies with one method, `__call__(target, count, rng) -> Gaussians`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import ndimage

from render.gaussians import Gaussians


class Initialiser(Protocol):
    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        """`count` Gaussians for target (H, W, 3) float32 in [0, 1]."""


@dataclass(frozen=True)
class GradientWeighted:
    """Positions drawn where the image changes, sizes from the density of the draw (CODEC.md section 3)."""

    gradient_share: float = 0.7  # the rest is drawn uniformly, so that flat areas are covered
    size: float = 0.6  # standard deviation in units of 1 / sqrt(local density)
    colour: float = 0.35  # of the pixel below: neighbours overlap and add up

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        width = target.shape[1]
        grey = target.mean(2)
        gradient = np.hypot(ndimage.sobel(grey, 0), ndimage.sobel(grey, 1)).ravel().astype(np.float64)
        uniform = 1 / gradient.size
        probability = np.full(gradient.size, uniform)
        if gradient.sum() > 0:
            probability += self.gradient_share * (gradient / gradient.sum() - uniform)
        probability /= probability.sum()
        # Each pixel is drawn at most once while that is easy: from a quarter of them on, some repeat.
        pixel = rng.choice(gradient.size, count, replace=count > gradient.size // 4, p=probability)
        mean = np.stack([pixel % width, pixel // width], 1) + rng.uniform(-0.5, 0.5, (count, 2))
        spread = self.size / np.sqrt(np.maximum(probability[pixel] * count, 1 / gradient.size))
        covariance = (spread**2)[:, None, None] * np.eye(2)
        return Gaussians.build(mean, covariance, self.colour * target.reshape(-1, 3)[pixel])
