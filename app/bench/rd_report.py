"""What `bench rd` has found, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from daub.app.bench.rd_rates import (
    BPP_RANGE,
    against_published,
    bd_rates,
    bd_rates_per_image,
    mean_curves,
)
from daub.app.bench.setting import machine
from daub.app.terminal import LOOKS, duration, looks, percent, table
from daub.codec.evaluation.published import Published
from daub.codec.evaluation.rd_table import SCORE_RANGE, Quality, RdRow, measured_qualities


def rd_json(
    rows: Sequence[RdRow], earlier: Sequence[RdRow] = (), published: Sequence[Published] = (), device: str = "cpu"
) -> dict:
    """The keys of `--json`.

    Args:
        earlier: the rows given to `bench_rd`.
        published: curves to compare with.
        device: the name of the backend that Daub ran on.
    """
    curves = {codec: curve_json(curve) for codec, curve in mean_curves(rows).items()}
    names = list(dict.fromkeys(row.image for row in rows))
    others = {}
    for one in published:
        found = against_published(rows, one)
        others[one.name] = {
            "source": one.source, "points": one.points, "bd_rate_psnr": found and found[0],
            "psnr_range": found and found[1:],
        }  # fmt: skip
    return {
        "images": names, "curves": curves, "bpp_range": list(BPP_RANGE), "ssimulacra2_range": list(SCORE_RANGE),
        "bd_rate": bd_rates(rows), "bd_rate_per_image": bd_rates_per_image(rows), "published": others,
        "reused_rows": len(set(rows) & set(earlier)), "device": device, "machine": machine(),
    }  # fmt: skip


def curve_json(curve: Sequence[RdRow]) -> list[dict]:
    """A mean curve for JSON."""
    return [{key: value for key, value in asdict(row).items() if key not in ("codec", "image")} for row in curve]


def rd_text(
    rows: Sequence[RdRow], earlier: Sequence[RdRow] = (), published: Sequence[Published] = (), device: str = "cpu"
) -> str:
    """Mean curves and BD-rates as tables. Args: as of `rd_json`."""
    count = len({row.image for row in rows})
    text = f"Mean of {count} image{'s' * (count > 1)} on {machine()}, {device}\n\n{_curves_text(rows)}"
    if earlier:
        text += f"\n\n{len(set(rows) & set(earlier))} of {len(rows)} files were measured earlier, their times included."
    if bd_rates(rows):
        low, high = BPP_RANGE
        text += f"\n\nBD-rate of Daub, {low:g} to {high:g} bpp (negative: Daub needs less rate)\n\n"
        text += _rates_text(rows) if count == 1 else _two_means_text(rows)
    if published:
        text += f"\n\n{_published_text(rows, published, count)}"
    return text


def left_out_text(rates: dict[str, dict[str, float | None]], qualities: Sequence[Quality]) -> str:
    """A last line on the images that `mean_bd_rate` left out, if there are any. Args: rates: what it found, by name."""
    numbers = {name: [found[f"{quality.key}_left_out"] for quality in qualities] for name, found in rates.items()}
    those = ", ".join(f"{name}: {_listed(map(str, counts))}" for name, counts in numbers.items() if any(counts))
    by = _listed(f"by {quality.name}" for quality in qualities)
    return those and f"\nImages left out, as the curves share too little ({by}). {those}"


def _curves_text(rows: Sequence[RdRow]) -> str:
    """A line for each codec and setting."""
    curves = [row for curve in mean_curves(rows).values() for row in curve]
    perceptual = any(row.flip is not None for row in curves)
    lines = [
        (row.codec, f"{row.setting:g}", f"{row.bytes:,.0f}", f"{row.bpp:.3f}", f"{row.psnr:.2f}", f"{row.ms_ssim:.4f}",
         *(looks(row.ssimulacra2, row.flip) if perceptual else ()),
         duration(row.encode_seconds), duration(row.decode_seconds))
        for row in curves
    ]  # fmt: skip
    named = LOOKS if perceptual else ()
    return table(lines, ("codec", "setting", "bytes", "bpp", "PSNR", "MS-SSIM", *named, "encode", "decode"))


def _rates_text(rows: Sequence[RdRow]) -> str:
    """The BD-rates on the curves of one image."""
    qualities = measured_qualities(rows)
    lines = [(codec, *_percents(found, qualities)) for codec, found in bd_rates(rows).items()]
    ranges = _range_text(qualities)
    return table(lines, ("against", *(f"by {quality.name}" for quality in qualities))) + (ranges and f"\n{ranges}")


def _two_means_text(rows: Sequence[RdRow]) -> str:
    """The BD-rates per image beside those of the mean curves, and why they differ."""
    qualities = measured_qualities(rows)
    of_mean_curve, per_image = bd_rates(rows), bd_rates_per_image(rows)
    lines = [
        (codec, *_percents(of_mean_curve[codec], qualities), *_percents(per_image[codec], qualities))
        for codec in of_mean_curve
    ]
    header = (f"{mean}\nby {quality.name}" for mean in ("mean curve", "per image") for quality in qualities)
    rates = table(lines, ("\nagainst", *header))
    return (
        f"{rates}\n\n"
        "mean curve: of the curves above. per image: the mean of each image's own BD-rate. They differ because at a\n"
        "fixed setting the ordinary codecs spend more on busy images, while the sweep of Daub gives all images of a\n"
        "size about the same rate. The figures per image do not depend on that."
        + _range_text(qualities)
        + left_out_text(per_image, qualities)
    )


def _published_text(rows: Sequence[RdRow], published: Sequence[Published], count: int) -> str:
    """The BD-rates against published curves. Args: count: of images."""
    against = []
    for one in published:
        found = against_published(rows, one)
        over = f"{found[1]:.1f} to {found[2]:.1f} dB" if found else "-"
        against.append((f"{one.name} (published)", percent(found and found[0]), over))
    sources = "\n".join(f"{one.name}: {one.source}" for one in published)
    return (
        "BD-rate of Daub over the PSNR that both reach (-: too few points, or too little in common)\n\n"
        f"{table(against, ('against', 'by PSNR', 'over'))}\n\n"
        f"Published figures are means over the 24 Kodak images, those of Daub over {count}.\n{sources}"
    )


def _percents(found: dict[str, float | None], qualities: Sequence[Quality]) -> list[str]:
    return [percent(found[quality.key]) for quality in qualities]


def _range_text(qualities: Sequence[Quality]) -> str:
    """A line for each quality whose BD-rate is not bounded by rates."""
    ranges = ((quality.name, *quality.score_range) for quality in qualities if quality.any_rate)
    return "".join(f"\nby {name}: over scores from {low:g} to {high:g}, at any rate." for name, low, high in ranges)


def _listed(items) -> str:
    """ "a and b", "a, b and c"."""
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last
