"""`bench rd`: the rate-distortion of written files, ours and those of the ordinary codecs.

Everything timed runs after the kernels have been loaded, and every size is that of a file on the disk.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from daub.app.bench.plot_style import DAUB
from daub.app.bench.setting import KODAK, images_in, machine
from daub.app.tasks import compare, decode_file, warm_up
from daub.app.terminal import ProgressLine, decibels, duration, percent, table
from daub.codec import images
from daub.codec.encoder import encode
from daub.codec.errors import DaubError
from daub.codec.evaluation.bdrate import bd_rate
from daub.codec.evaluation.peers import PEERS, Peer, peer_named
from daub.codec.evaluation.published import Published
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.goal import Goal
from daub.codec.part_files import scratch_folder
from daub.codec.progress import drive
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.render.eight_bit import to_8bit
from daub.render.rasteriser import Rasteriser

BPP_RANGE = 0.08, 0.5  # of the BD-rates
POINTS_OF_A_CURVE = 4  # that a BD-rate takes (VCEG-M33); published curves may be known by fewer
LEAST_OVERLAP = 2.0  # dB that a published curve and ours must share
LEAST_SHARE = 0.1  # of the qualities that Daub reaches for an image: what another codec must reach for a BD-rate
QUALITIES = "psnr", "ms_ssim"


@dataclass(frozen=True)
class RdRow:
    """One file that was written and read."""

    codec: str
    image: str
    setting: float
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float
    encode_seconds: float
    decode_seconds: float


def bench_rd(
    rasteriser: Rasteriser, folder: str | None, counts: Sequence[int], effort: int, steps: int | None,
    codecs: Sequence[str] | None, earlier: Sequence[RdRow] = (), only_kodak: bool = False,
) -> list[RdRow]:  # fmt: skip
    """Writes, reads and judges a file for every image, codec and setting.

    Args:
        counts: the sweep of Daub, Gaussians fitted per 768x512 pixels.
        steps: of each fit, where they shall not follow from the effort.
        codecs: names of peers, None for all.
        earlier: rows that stand in for measuring the same image (by its name), peer and setting again; others, and
            those of Daub, are passed over.
        only_kodak: refuse images that cannot be from the Kodak set, to which published figures refer.

    Raises:
        DaubError: no such folder, image or codec; nothing of `earlier` can be used, or a row of it is of an image of
            another size; an image is not of the Kodak set.
    """
    peers = [peer_named(name) for name in codecs] if codecs is not None else list(PEERS.values())
    paths = images_in(folder)
    known = {(row.codec, row.image, row.setting): row for row in earlier}
    wanted = {(one.name, path.name, setting) for one in peers for path in paths for setting in one.sweep}
    if earlier and known.keys().isdisjoint(wanted):
        raise DaubError(
            "cannot reuse the measurements given", "none is of these images and codecs", "leave --reuse out"
        )
    if only_kodak:
        _refuse_all_but_kodak(paths)
    rows: list[RdRow] = []
    total = len(paths) * (len(counts) + sum(len(one.sweep) for one in peers))
    with ProgressLine() as line, scratch_folder() as scratch:
        line.say("loading the kernels")
        warm_up(rasteriser)
        for path in paths:
            pixels = images.load(path).pixels
            file = scratch / f"one{SUFFIX}"
            for row in _all_codecs(path.name, pixels, counts, effort, steps, peers, known, rasteriser, file):
                rows.append(row)
                line.advance(
                    "measuring", len(rows) / total, path.name, row.codec, f"{row.bpp:.2f} bpp", decibels(row.psnr)
                )
    return rows


def daub_row(
    name: str, pixels: np.ndarray, count: int, effort: int, steps: int | None, rasteriser: Rasteriser, file: Path
) -> RdRow:
    """One file of Daub; like those of other goals than a number it leaves out Gaussians not worth their bits.

    Args:
        count: Gaussians fitted per 768x512 pixels.
    """
    scaled = max(1, round(count * pixels.shape[0] * pixels.shape[1] / (KODAK[0] * KODAK[1])))
    settings = recipe_of(EncodeSettings(Goal("gaussians", scaled), effort, steps, exact_count=False))
    began = time.perf_counter()
    write_atomic(file, drive(encode(pixels, settings, rasteriser)).data)
    encode_seconds = time.perf_counter() - began
    image8, _, size, decode_seconds = decode_file(str(file), rasteriser, large=True)
    return _row(DAUB, name, count, size, pixels, image8, encode_seconds, decode_seconds)


def mean_curves(rows: Sequence[RdRow]) -> dict[str, list[RdRow]]:
    """Codec to one row for each setting, the mean over all images, from the lowest rate up."""
    grouped: dict[tuple[str, float], list[RdRow]] = {}
    for row in rows:
        grouped.setdefault((row.codec, row.setting), []).append(row)
    curves: dict[str, list[RdRow]] = {}
    for (codec, setting), group in grouped.items():
        means = [fmean(getattr(row, name) for row in group) for name in _MEASURED]
        curves.setdefault(codec, []).append(RdRow(codec, "mean", setting, *means))
    return {codec: sorted(curve, key=lambda row: row.bpp) for codec, curve in curves.items()}


def bd_rates(rows: Sequence[RdRow]) -> dict[str, dict[str, float | None]]:
    """Peer to the BD-rates of Daub against it in percent, by PSNR and by MS-SSIM, on the mean curves."""
    curves = mean_curves(rows)
    ours = curves.pop(DAUB)
    return {
        codec: {quality: _bd_rate(ours, theirs, quality, *BPP_RANGE) for quality in QUALITIES}
        for codec, theirs in curves.items()
    }


def bd_rates_per_image(rows: Sequence[RdRow]) -> dict[str, dict[str, float | None]]:
    """Peer to the `mean_bd_rate` of Daub against it."""
    by_codec: dict[str, list[RdRow]] = {}
    for row in rows:
        by_codec.setdefault(row.codec, []).append(row)
    ours = by_codec.pop(DAUB)
    return {codec: mean_bd_rate(ours, theirs, *BPP_RANGE) for codec, theirs in by_codec.items()}


def mean_bd_rate(
    ours: Sequence[RdRow], theirs: Sequence[RdRow], low_bpp: float, high_bpp: float
) -> dict[str, float | None]:
    """The means over the images of each one's own BD-rate in percent, by PSNR and by MS-SSIM.

    Returns:
        `psnr` and `ms_ssim`, None without an image that counts; `psnr_left_out` and `ms_ssim_left_out`, the number of
        those whose curves share too little.
    """
    found: dict[str, float | None] = {}
    for quality in QUALITIES:
        rates = []
        for image in dict.fromkeys(row.image for row in ours):
            curves = ([row for row in rows if row.image == image] for rows in (ours, theirs))
            rates.append(_bd_rate(*curves, quality, low_bpp, high_bpp, LEAST_SHARE))
        counted = [rate for rate in rates if rate is not None]
        found[quality] = fmean(counted) if counted else None
        found[f"{quality}_left_out"] = len(rates) - len(counted)
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
        "images": names, "curves": curves, "bpp_range": list(BPP_RANGE), "bd_rate": bd_rates(rows),
        "bd_rate_per_image": bd_rates_per_image(rows), "published": others,
        "reused_rows": len(set(rows) & set(earlier)), "device": device, "machine": machine(),
    }  # fmt: skip


def curve_json(curve: Sequence[RdRow]) -> list[dict]:
    """A mean curve for JSON."""
    return [{key: value for key, value in asdict(row).items() if key not in ("codec", "image")} for row in curve]


def rd_text(
    rows: Sequence[RdRow], earlier: Sequence[RdRow] = (), published: Sequence[Published] = (), device: str = "cpu"
) -> str:
    """Mean curves and BD-rates as tables. Args: as of `rd_json`."""
    lines = []
    for codec, curve in mean_curves(rows).items():
        for row in curve:
            lines.append(
                (codec, f"{row.setting:g}", f"{row.bytes:,.0f}", f"{row.bpp:.3f}", f"{row.psnr:.2f}",
                 f"{row.ms_ssim:.4f}", duration(row.encode_seconds), duration(row.decode_seconds))
            )  # fmt: skip
    header = ("codec", "setting", "bytes", "bpp", "PSNR", "MS-SSIM", "encode", "decode")
    count = len({row.image for row in rows})
    low, high = BPP_RANGE
    text = f"Mean of {count} image{'s' * (count > 1)} on {machine()}, {device}\n\n{table(lines, header)}"
    if earlier:
        text += f"\n\n{len(set(rows) & set(earlier))} of {len(rows)} files were measured earlier, their times included."
    rates = bd_rates(rows)
    if rates:
        against = [(codec, percent(rate["psnr"]), percent(rate["ms_ssim"])) for codec, rate in rates.items()]
        text += f"\n\nBD-rate of Daub, {low:g} to {high:g} bpp (negative: Daub needs less rate)\n\n"
        text += table(against, ("against", "by PSNR", "by MS-SSIM")) if count == 1 else _two_means_text(rows, against)
    if published:
        against = []
        for one in published:
            found = against_published(rows, one)
            over = f"{found[1]:.1f} to {found[2]:.1f} dB" if found else "-"
            against.append((f"{one.name} (published)", percent(found and found[0]), over))
        text += "\n\nBD-rate of Daub over the PSNR that both reach (-: too few points, or too little in common)\n\n"
        text += table(against, ("against", "by PSNR", "over"))
        text += f"\n\nPublished figures are means over the 24 Kodak images, those of Daub over {count}.\n"
        text += "\n".join(f"{one.name}: {one.source}" for one in published)
    return text


def left_out_text(rates: dict[str, dict[str, float | None]]) -> str:
    """A last line on the images that `mean_bd_rate` left out, if there are any. Args: rates: what it found, by name."""
    numbers = {name: [found[f"{quality}_left_out"] for quality in QUALITIES] for name, found in rates.items()}
    those = ", ".join(f"{name}: {psnr} and {ms_ssim}" for name, (psnr, ms_ssim) in numbers.items() if psnr or ms_ssim)
    return those and f"\nImages left out, as the curves share too little (by PSNR and by MS-SSIM). {those}"


def _two_means_text(rows: Sequence[RdRow], of_mean_curve: Sequence[tuple[str, str, str]]) -> str:
    """The BD-rates per image beside those of the mean curves, and why they differ."""
    rates = bd_rates_per_image(rows)
    lines = [(*line, *(percent(rates[line[0]][quality]) for quality in QUALITIES)) for line in of_mean_curve]
    header = (
        "\nagainst", "mean curve\nby PSNR", "mean curve\nby MS-SSIM", "per image\nby PSNR", "per image\nby MS-SSIM"
    )  # fmt: skip
    return (
        f"{table(lines, header)}\n\n"
        "mean curve: of the curves above. per image: the mean of each image's own BD-rate. They differ because at a\n"
        "fixed setting the ordinary codecs spend more on busy images, while the sweep of Daub gives all images of a\n"
        "size about the same rate. The figures per image do not depend on that." + left_out_text(rates)
    )


def _bd_rate(
    ours: Sequence[RdRow], theirs: Sequence[RdRow], quality: str, low_bpp: float, high_bpp: float,
    least_overlap: float = 0.0,
) -> float | None:  # fmt: skip
    curves = ([(row.bpp, getattr(row, quality)) for row in rows] for rows in (theirs, ours))
    return bd_rate(*curves, low_bpp, high_bpp, least_overlap)


_MEASURED = ("bytes", "bpp", "psnr", "ms_ssim", "encode_seconds", "decode_seconds")


def _all_codecs(
    name: str, pixels: np.ndarray, counts: Sequence[int], effort: int, steps: int | None, peers: Sequence[Peer],
    known: dict[tuple[str, str, float], RdRow], rasteriser: Rasteriser, file: Path,
) -> Iterator[RdRow]:  # fmt: skip
    area = pixels.shape[0] * pixels.shape[1]
    for count in counts:
        yield daub_row(name, pixels, count, effort, steps, rasteriser, file)
    image8 = to_8bit(pixels)
    for one in peers:
        for setting in one.sweep:
            row = known.get((one.name, name, setting))
            if row is None:
                row = _peer_row(one, name, setting, pixels, image8, file)
            elif not math.isclose(8 * row.bytes, row.bpp * area, rel_tol=1e-6):
                raise DaubError(
                    f"cannot reuse the rows of {name}", "they are of an image of another size", "measure it again"
                )
            yield row


def _refuse_all_but_kodak(paths: Sequence[Path]) -> None:
    for path in paths:
        height, width, _ = images.load(path).pixels.shape
        if (max(width, height), min(width, height)) != KODAK:
            raise DaubError(
                "cannot compare with published figures",
                f"they are of the Kodak images of 768x512 pixels and {path.name} has {width}x{height}",
                "measure those or leave --published out",
            )


def _peer_row(one: Peer, name: str, setting: float, pixels: np.ndarray, image8: np.ndarray, file: Path) -> RdRow:
    began = time.perf_counter()
    write_atomic(file, one.encode(image8, setting))
    encode_seconds = time.perf_counter() - began
    began = time.perf_counter()
    decoded = one.decode(file.read_bytes())
    decode_seconds = time.perf_counter() - began
    return _row(one.name, name, setting, file.stat().st_size, pixels, decoded, encode_seconds, decode_seconds)


def _row(codec, name, setting, size, pixels, image8, encode_seconds, decode_seconds) -> RdRow:
    score = compare(name, size, pixels, image8)
    return RdRow(codec, name, setting, size, score.bpp, score.psnr, score.ms_ssim, encode_seconds, decode_seconds)
