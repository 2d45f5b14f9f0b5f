"""Rows of `bench rd`, their mean curves, and BD-rates between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from daub.app.model.rivals.plot_style import DAUB
from daub.codec.evaluation.bdrate import bd_rate
from daub.codec.evaluation.published import Published
from daub.codec.evaluation.rd_table import Quality, RdRow, measured_qualities

BPP_RANGE = 0.08, 0.5  # of the BD-rates
POINTS_OF_A_CURVE = 4  # that a BD-rate takes (VCEG-M33); published curves may be known by fewer
LEAST_OVERLAP = 2.0  # dB that a published curve and ours must share
LEAST_SHARE = 0.1  # of the qualities that Daub reaches for an image: what another codec must reach for a BD-rate


def mean_curves(rows: Sequence[RdRow]) -> dict[str, list[RdRow]]:
    """Codec to one row for each setting, the mean over all images, from the lowest rate up.

    A mean is None where a row lacks the figure.
    """
    grouped: dict[tuple[str, float], list[RdRow]] = {}
    for row in rows:
        grouped.setdefault((row.codec, row.setting), []).append(row)
    curves: dict[str, list[RdRow]] = {}
    for (codec, setting), group in grouped.items():
        means = {name: _mean([getattr(row, name) for row in group]) for name in _MEASURED}
        curves.setdefault(codec, []).append(RdRow(codec, "mean", setting, **means))
    return {codec: sorted(curve, key=lambda row: row.bpp) for codec, curve in curves.items()}


def bd_rates(rows: Sequence[RdRow]) -> dict[str, dict[str, float | None]]:
    """Peer to the BD-rates of Daub against it in percent, by each quality that was measured, on the mean curves."""
    curves = mean_curves(rows)
    ours = curves.pop(DAUB)
    qualities = measured_qualities(rows)
    return {
        codec: {quality.key: _bd_rate(ours, theirs, quality, BPP_RANGE) for quality in qualities}
        for codec, theirs in curves.items()
    }


def bd_rates_per_image(rows: Sequence[RdRow]) -> dict[str, dict[str, float | None]]:
    """Peer to the `mean_bd_rate` of Daub against it."""
    by_codec: dict[str, list[RdRow]] = {}
    for row in rows:
        by_codec.setdefault(row.codec, []).append(row)
    ours = by_codec.pop(DAUB)
    qualities = measured_qualities(rows)
    return {codec: mean_bd_rate(ours, theirs, qualities, BPP_RANGE) for codec, theirs in by_codec.items()}


def mean_bd_rate(
    ours: Sequence[RdRow], theirs: Sequence[RdRow], qualities: Sequence[Quality], bpp_range: tuple[float, float]
) -> dict[str, float | None]:
    """The means over the images of each one's own BD-rate in percent, by each quality.

    Returns:
        `psnr`, None without an image that counts; `psnr_left_out`, the number of those whose curves share too little;
        and so for the other qualities.
    """
    found: dict[str, float | None] = {}
    for quality in qualities:
        rates = []
        for image in dict.fromkeys(row.image for row in ours):
            curves = ([row for row in rows if row.image == image] for rows in (ours, theirs))
            rates.append(_bd_rate(*curves, quality, bpp_range, LEAST_SHARE))
        counted = [rate for rate in rates if rate is not None]
        found[quality.key] = fmean(counted) if counted else None
        found[f"{quality.key}_left_out"] = len(rates) - len(counted)
    return found


def against_published(rows: Sequence[RdRow], one: Published) -> tuple[float, float, float] | None:
    """The BD-rate of Daub against a published curve, by PSNR and at any rate: the rates of the two differ too much.

    Returns:
        Percent, and the lowest and highest PSNR in dB that count, those that both reach; None where that is too little
        to go by, or the points are too few for a curve.
    """
    curves = one.points, [(row.bpp, row.psnr) for row in mean_curves(rows)[DAUB]]
    low = max(min(psnr for _, psnr in curve) for curve in curves)
    high = min(max(psnr for _, psnr in curve) for curve in curves)
    if len(one.points) < POINTS_OF_A_CURVE or high - low < LEAST_OVERLAP:
        return None
    rate = bd_rate(*curves, 0, math.inf)
    return None if rate is None else (rate, low, high)


_MEASURED = ("bytes", "bpp", "psnr", "ms_ssim", "encode_seconds", "decode_seconds", "ssimulacra2", "flip")


def _mean(values: Sequence[float | None]) -> float | None:
    return None if None in values else fmean(values)


def _bd_rate(
    ours: Sequence[RdRow], theirs: Sequence[RdRow], quality: Quality, bpp_range: tuple[float, float],
    least_overlap: float = 0.0,
) -> float | None:  # fmt: skip
    curves = (
        [(row.bpp, getattr(row, quality.key)) for row in rows if getattr(row, quality.key) is not None]
        for rows in (theirs, ours)
    )
    low, high = (0, math.inf) if quality.any_rate else bpp_range
    return bd_rate(*curves, low, high, least_overlap, quality.score_range)
