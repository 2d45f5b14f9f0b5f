"""What others have published for 2D Gaussians, as printed: nothing was measured here.

Every figure is a mean over the 24 Kodak images, but for SmartSplat's, which are of DIV8K. The rates are counts of bits,
not sizes of files: none was written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedMethod:
    """What a method that is a profile here reached at one number of Gaussians, mostly in 50 000 steps.

    Args:
        profile: name of the profile.
        gaussians: their number; None where a ratio is given.
        ratio: SmartSplat's compression ratio, which stands for a number.
        fit: dB, before quantisation.
        coded: bpp as counted, and dB after quantisation.
    """

    profile: str
    gaussians: int | None = None
    ratio: float | None = None
    fit: float | None = None
    coded: tuple[float, float] | None = None


PUBLISHED_METHODS = (
    PublishedMethod("gaussianimage-cholesky", 800, coded=(0.118, 24.65)),
    PublishedMethod("gaussianimage-cholesky", 1000, coded=(0.147, 25.04)),
    PublishedMethod("gaussianimage-cholesky", 3000, coded=(0.432, 27.38)),
    PublishedMethod("gaussianimage-cholesky", 5000, fit=29.86, coded=(0.717, 28.72)),
    PublishedMethod("gaussianimage-cholesky", 7000, coded=(1.001, 29.63)),
    PublishedMethod("gaussianimage-cholesky", 9000, coded=(1.286, 30.49)),
    PublishedMethod("gaussianimage-cholesky", 10000, fit=32.49),
    PublishedMethod("gaussianimage++", 5000, fit=31.83),  # took 116 s on an A30
    PublishedMethod("gaussianimage++", 10000, fit=35.41),
    # DIV8K, on an A800; the fit at a ratio of 20 took 2145 s.
    PublishedMethod("smartsplat", ratio=20, fit=33.26),
    PublishedMethod("smartsplat", ratio=50, fit=29.65),
    PublishedMethod("smartsplat", ratio=100, fit=27.49),
    PublishedMethod("smartsplat", ratio=200, fit=25.74),
    PublishedMethod("smartsplat", ratio=500, fit=23.82),
    PublishedMethod("smartsplat", ratio=1000, fit=22.66),
)


@dataclass(frozen=True)
class Published:
    """One curve, or as much of it as is known in numbers.

    Args:
        points: (bpp, PSNR in dB), from the lowest rate up.
    """

    name: str
    source: str
    points: tuple[tuple[float, float], ...]


PUBLISHED = (
    Published(
        name="GaussianImage",
        source="Zhang et al., ECCV 2024, arXiv 2403.08551",
        points=tuple(m.coded for m in PUBLISHED_METHODS if m.profile == "gaussianimage-cholesky" and m.coded),
    ),
    Published(
        name="GaussianImage++",
        source="Li et al., AAAI 2026, arXiv 2512.19108",
        points=((0.15, 25.3), (1.08, 31.1)),  # both ends of the curve
    ),
)
