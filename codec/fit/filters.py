"""Variances that widen every Gaussian, so that none falls between the pixels.

`LowPass` widens what is rendered, always by the same; `ContentAware` widens what is born, by the density there is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from daub.codec.options import option
from daub.codec.parts import LARGEST_SETTING, Part, by_name, preset


class Filter(Protocol):
    """Widens Gaussians, when they are rendered or when they are born."""

    name: str
    variance: float  # pixels^2 that both variances grow by whenever Gaussians are rendered

    def at_birth(self, count: int, size: tuple[int, int]) -> float:
        """Tell by how much the variances of newborn Gaussians grow, once, pixels^2.

        Args:
            count: Gaussians in the population, the newborn ones included.
            size: (width, height) of the image, pixels.
        """


@dataclass(frozen=True)
class LowPass(Part):
    """A constant variance in the rendering.

    3D Gaussian splatting, as released (Kerbl et al., SIGGRAPH 2023), adds 0.3 to every projected Gaussian: one that is
    narrower than a pixel still hits some.

        >>> LowPass(0.3).variance, LowPass(0.3).at_birth(1000, (768, 512))
        (0.3, 0.0)
    """

    variance: float = option(0.0, 0, LARGEST_SETTING, "added to both variances in the rendering; 0: none", " px²")
    name: str = preset("none")

    def at_birth(self, count: int, size: tuple[int, int]) -> float:
        return 0.0


@dataclass(frozen=True)
class ContentAware(Part):
    """s = min(H W / (9 pi N), 300) (Li et al., GaussianImage++, AAAI 2026): wide while Gaussians are few.

    The paper keeps s beside the covariance it optimises and renders their sum; to add it once at birth is the same for
    a method that optimises the covariance itself, and applies to any other parametrisation.

        >>> round(ContentAware().at_birth(1000, (768, 512)), 2), ContentAware().at_birth(10, (768, 512))
        (13.91, 300.0)
    """

    name = "content-aware"
    variance = 0.0
    largest: float = option(300.0, 0, LARGEST_SETTING, "largest variance that is added at birth", " px²")

    def at_birth(self, count: int, size: tuple[int, int]) -> float:
        width, height = size
        return min(width * height / (9 * math.pi * count), self.largest)


FILTERS: dict[str, Filter] = by_name(
    LowPass(), LowPass(0.3, name="low-pass-0.3"), LowPass(0.5, name="low-pass-0.5"), ContentAware()
)
