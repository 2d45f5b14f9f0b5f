"""What widens every Gaussian, so that none falls between the pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol


class Filter(Protocol):
    variance: float  # pixels^2, added whenever Gaussians are rendered

    def at_birth(self, count: int, size: tuple[int, int]) -> float:
        """pixels^2, added once to Gaussians born into a population that then has `count`."""


@dataclass(frozen=True)
class LowPass:
    """A constant variance; none at 0.

    3D Gaussian splatting, as released (Kerbl et al., SIGGRAPH 2023), adds 0.3 to every projected Gaussian.
    """

    variance: float = 0.0

    def at_birth(self, count, size):
        return 0.0


@dataclass(frozen=True)
class ContentAware:
    """s = min(H W / (9 pi N), 300) (GaussianImage++): wide while Gaussians are few, narrow for late ones.

    The paper keeps s beside the covariance it optimises and renders their sum; to add it once at birth is the same for
    a method that optimises the covariance itself, and applies to any other parametrisation.
    """

    variance = 0.0
    largest: float = 300.0  # pixels^2

    def at_birth(self, count, size):
        width, height = size
        return min(width * height / (9 * math.pi * count), self.largest)
