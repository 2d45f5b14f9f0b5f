"""What `bench prior` has found, as JSON and as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from daub.app.bench.prior import PLAIN, gain_at_equal_bytes, row_name
from daub.app.bench.rd_rates import mean_bd_rate, mean_curves
from daub.app.bench.rd_report import curve_json, left_out_text
from daub.app.bench.setting import machine
from daub.app.terminal import LOOKS, duration, looks, percent, table
from daub.codec.evaluation.rd_table import RdRow, measured_qualities
from daub.codec.restoration import weights


def prior_json(rows: Sequence[RdRow], device: str = "cpu") -> dict:
    """The keys of `--json`. Args: device: the name of the backend that the files were made on."""
    rates = _rates(rows)
    network = weights.newest()
    return {
        "images": list(dict.fromkeys(row.image for row in rows)),
        "network": None if network is None else f"{network:08x}",
        "parts": [
            {
                "part": codec,
                "curve": [
                    {**point, "decibels_at_equal_bytes": _gain(rows, codec, point["setting"])}
                    for point in curve_json(curve)
                ],
                "bd_rate_per_image": rates[codec],
            }
            for codec, curve in mean_curves(rows).items()
        ],
        "device": device,
        "machine": machine(),
    }


def prior_text(rows: Sequence[RdRow], device: str = "cpu") -> str:
    """A line for each part at each rate, and its BD-rates. Args: as of `prior_json`."""
    qualities = measured_qualities(rows)
    curves = mean_curves(rows)
    perceptual = any(row.flip is not None for curve in curves.values() for row in curve)
    lines = []
    for codec, curve in curves.items():
        for row in curve:
            gain = _gain(rows, codec, row.setting)
            lines.append(
                (codec, f"{row.setting:g}", f"{row.bytes:,.0f}", f"{row.bpp:.3f}", f"{row.psnr:.2f}",
                 "-" if gain is None else f"{gain:+.3f}", f"{row.ms_ssim:.4f}",
                 *(looks(row.ssimulacra2, row.flip) if perceptual else ()), duration(row.decode_seconds))
            )  # fmt: skip
    header = ("part", "setting", "bytes", "bpp", "PSNR", "at equal bytes", "MS-SSIM", *(LOOKS if perceptual else ()))
    rates = _rates(rows)
    bd_lines = [
        (codec, *(percent(found[quality.key]) for quality in qualities))
        for codec, found in rates.items()
        if not codec.endswith(PLAIN)
    ]
    count, network = len({row.image for row in rows}), weights.newest()
    said = "no restoration network at hand" if network is None else f"network {network:08x}"
    return (
        f"Mean of {count} image{'s' * (count > 1)} on {machine()}, {device}; {said}\n\n"
        f"{table(lines, (*header, 'decode'))}\n\n"
        "at equal bytes: dB above the plain files of the same image, between the two next in size.\n\n"
        f"{table(bd_lines, ('BD-rate against plain', *(f'by {quality.name}' for quality in qualities)))}\n"
        "The mean of each image's own (negative: less rate is needed)." + left_out_text(rates, qualities)
    )


def _rates(rows: Sequence[RdRow]) -> dict[str, dict[str, float | None]]:
    """Part to its BD-rates against the plain files of its profile."""
    qualities = measured_qualities(rows)
    by_codec: dict[str, list[RdRow]] = {}
    for row in rows:
        by_codec.setdefault(row.codec, []).append(row)
    return {
        codec: mean_bd_rate(those, by_codec[_plain_of(codec)], qualities, (0, math.inf))
        for codec, those in by_codec.items()
    }


def _plain_of(codec: str) -> str:
    return row_name(codec.partition(", ")[0], PLAIN)


def _gain(rows: Sequence[RdRow], codec: str, setting: float) -> float | None:
    """The mean over the images; None where there is but one plain file of an image."""
    gains = []
    for row in rows:
        if (row.codec, row.setting) == (codec, setting):
            plain = [other for other in rows if (other.codec, other.image) == (_plain_of(codec), row.image)]
            gains.append(gain_at_equal_bytes(row, plain))
    return None if None in gains else fmean(gains)
