"""BD-rate: how much more or less rate one codec needs than another at equal distortion (Bjontegaard, VCEG-M33, 2001).

The curves log(rate) over distortion are piecewise cubic (PCHIP) rather than one cubic: as in current common test
conditions, they then pass through every measured point and stay monotone between them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator

Curve = Sequence[tuple[float, float]]  # pairs of rate, bpp, and quality, higher is better; in any order


def bd_rate(
    anchor: Curve, test: Curve, low_bpp: float, high_bpp: float, least_overlap: float = 0.0,
    quality_range: tuple[float, float] = (-math.inf, math.inf),
) -> float | None:  # fmt: skip
    """Work out the mean difference in rate of `test` against `anchor`, in percent; negative where `test` needs less.

    The mean runs over the qualities that both curves reach between low_bpp and high_bpp.

    Args:
        low_bpp, high_bpp: range of rates, bits per pixel.
        least_overlap: how much of the qualities that `test` reaches there `anchor` must reach as well, a share of 1.
        quality_range: the lowest and the highest quality that count.

    Returns:
        None where they have no such qualities in common, or too few.

        >>> anchor = [(0.1, 28.0), (0.2, 30.0), (0.4, 32.0)]
        >>> round(bd_rate(anchor, [(0.9 * rate, psnr) for rate, psnr in anchor], 0.1, 0.4), 6)
        -10.0
    """
    curves = [_curve(points, low_bpp, high_bpp) for points in (anchor, test)]
    if any(curve is None for curve in curves):
        return None
    reached = [np.clip(curve[1:], *quality_range) for curve in curves]
    low = max(lowest for lowest, _ in reached)
    high = min(highest for _, highest in reached)
    lowest, highest = reached[1]
    if high <= low or high - low < least_overlap * (highest - lowest):
        return None
    anchor_area, test_area = (float(log_rate.integrate(low, high)) for log_rate, _, _ in curves)
    return 100 * math.expm1((test_area - anchor_area) / (high - low))


def _curve(points: Curve, low_bpp: float, high_bpp: float) -> tuple[PchipInterpolator, float, float] | None:
    """log(rate) over quality, and the qualities at the ends of the range of rates; None for less than two points."""
    rising: list[tuple[float, float]] = []
    for rate, quality in sorted(points):
        # A setting that spends more for no better quality is not on the curve.
        if rate > 0 and math.isfinite(quality) and (not rising or (rate > rising[-1][0] and quality > rising[-1][1])):
            rising.append((rate, quality))
    if len(rising) < 2:
        return None
    rates, qualities = np.array(rising).T
    quality_at = PchipInterpolator(np.log(rates), qualities)
    inside = np.clip([low_bpp, high_bpp], rates[0], rates[-1])
    lowest, highest = quality_at(np.log(inside))
    return PchipInterpolator(qualities, np.log(rates)), float(lowest), float(highest)
