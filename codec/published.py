"""What others have published for 2D Gaussians, as printed: nothing was measured here.

Every figure is a mean over the 24 Kodak images. The rates are counts of bits, not sizes of files: none was written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """One curve, or as much of it as is known in numbers."""

    name: str
    source: str
    points: tuple[tuple[float, float], ...]  # (bpp, PSNR in dB), from the lowest rate up


PUBLISHED = (
    Published(
        name="GaussianImage",
        source="Zhang et al., ECCV 2024, arXiv 2403.08551",
        points=((0.118, 24.65), (0.147, 25.04), (0.432, 27.38), (0.717, 28.72), (1.001, 29.63), (1.286, 30.49)),
    ),
    Published(
        name="GaussianImage++",
        source="Li et al., AAAI 2026, arXiv 2512.19108",
        points=((0.15, 25.3), (1.08, 31.1)),  # the ends of the curve
    ),
)


@dataclass(frozen=True)
class PublishedFit:
    """The quality of Gaussians before quantisation, of a method that is a profile here."""

    profile: str
    gaussians: int
    psnr: float  # dB


PUBLISHED_FITS = (
    PublishedFit("gaussianimage++", 5000, 31.83),  # 50 000 steps, 116 s on an A30
    PublishedFit("gaussianimage++", 10000, 35.41),
)
