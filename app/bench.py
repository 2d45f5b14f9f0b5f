"""Measurements: `bench fit` (quality and speed of the fit) and `bench rd` (rate-distortion of written files).

Everything timed runs after the kernels have been loaded, and every size is that of a file on the disk.
"""

from __future__ import annotations

import csv
import io
import math
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median

import numpy as np

from app.commands import SUFFIX, compare, decode_file, warm_up
from app.plot_style import DAUB, STYLE, colour_of
from app.terminal import ProgressLine, duration, table
from codec import images, metrics
from codec.bdrate import bd_rate
from codec.drive import drive
from codec.encoder import EncodeSettings, encode, pack
from codec.errors import DaubError
from codec.files import write_atomic
from codec.fit import FitSettings, fit
from codec.peers import PEERS, Peer, peer
from codec.rate import Goal
from render.gaussians import Gaussians
from render.rasterizer import MOMENTUM, GaussNewton, Rasterizer, choose

SAMPLE = Path(__file__).parent.parent / "resources" / "sample.png"
KODAK = 768, 512  # the size that published speeds refer to
REPEATS = 15  # of anything that takes milliseconds; the median counts
BPP_RANGE = 0.08, 0.5  # of the BD-rates


@dataclass(frozen=True)
class Speed:
    """Milliseconds, medians: plain forward and backward, and a whole step (forward, backward and optimiser, fused)."""

    forward_ms: float
    backward_ms: float
    step_ms: float


@dataclass(frozen=True)
class FitRow:
    """One image; of several fits the last is timed further."""

    image: str
    width: int
    height: int
    psnr: tuple[float, ...]  # dB, after each number of steps
    seconds: tuple[float, ...]
    speed: Speed
    bytes: int  # of the written file
    decode_ms: float  # from opening that file to 8-bit pixels


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


# The fit.


def bench_fit(folder: str | None, count: int, steps: Sequence[int]) -> dict:
    """Fits every image once for each number of steps; the keys of `--json`."""
    rasterizer, reason = choose()
    rows = []
    with ProgressLine() as line, tempfile.TemporaryDirectory() as scratch:
        line.say("loading the kernels")
        warm_up(rasterizer)
        line.say("timing a synthetic picture")
        synthetic = _speed(_scattered(count, *KODAK), np.full((KODAK[1], KODAK[0], 3), 0.5, np.float32), rasterizer)
        paths = _paths(folder)
        for index, path in enumerate(paths):
            pixels = images.load(path).pixels
            psnrs, seconds = [], []
            for fit_index, fit_steps in enumerate(steps):
                gaussians, took = _timed_fit(pixels, count, fit_steps, rasterizer)
                height, width, _ = pixels.shape
                rendered = np.clip(rasterizer.forward(gaussians, width, height), 0, 1)
                psnrs.append(metrics.psnr(pixels, rendered))
                seconds.append(took)
                fraction = (index + (fit_index + 1) / (len(steps) + 1)) / len(paths)
                line.advance("fit", fraction, path.name, f"{psnrs[-1]:.2f} dB")
            speed = _speed(gaussians, pixels, rasterizer)
            size, decode_ms = _file_to_pixels(pixels, gaussians, rasterizer, Path(scratch) / f"fitted{SUFFIX}")
            rows.append(FitRow(path.name, width, height, tuple(psnrs), tuple(seconds), speed, size, decode_ms))
    mean = FitRow(
        "mean", 0, 0,
        tuple(fmean(row.psnr[i] for row in rows) for i in range(len(steps))),
        tuple(fmean(row.seconds[i] for row in rows) for i in range(len(steps))),
        Speed(*(fmean(getattr(row.speed, name) for row in rows) for name in Speed.__dataclass_fields__)),
        round(fmean(row.bytes for row in rows)), fmean(row.decode_ms for row in rows),
    )  # fmt: skip
    mean_entry = {key: value for key, value in asdict(mean).items() if key not in ("image", "width", "height")}
    return {
        "gaussians": count,
        "steps": list(steps),
        "images": [asdict(row) for row in rows],
        "mean": mean_entry,
        "synthetic": {"width": KODAK[0], "height": KODAK[1], **asdict(synthetic)},
        "device": rasterizer.name,
        "device_reason": reason,
        "machine": _machine(),
    }


def fit_text(done: dict) -> str:
    """What `bench_fit` found, as a table."""
    steps = done["steps"]
    header = ["image", *(f"dB@{s}" for s in steps), *(f"s@{s}" for s in steps), "forward", "backward", "step", "decode"]

    def line(name: str, row: dict) -> list[str]:
        speed = row["speed"]
        return [
            name, *(f"{value:.2f}" for value in row["psnr"]), *(f"{value:.2f}" for value in row["seconds"]),
            *(f"{speed[key]:.1f}" for key in ("forward_ms", "backward_ms", "step_ms")), f"{row['decode_ms']:.1f}",
        ]  # fmt: skip

    rows = [line(row["image"], row) for row in done["images"]]
    if len(rows) > 1:
        rows.append(line("mean", done["mean"]))
    synthetic = done["synthetic"]
    blanks = [""] * (2 * len(steps))
    rows.append(
        ["synthetic", *blanks, *(f"{synthetic[key]:.1f}" for key in ("forward_ms", "backward_ms", "step_ms")), ""]
    )
    return (
        f"{done['gaussians']:,} Gaussians on {done['machine']}, {done['device']}\n\n{table(rows, header)}\n\n"
        "dB@S: PSNR after a fit of S steps, s@S: its seconds. forward, backward: milliseconds of the plain\n"
        "pair; step: of one whole step of the fit; decode: from opening the written file to 8-bit pixels.\n"
        f"synthetic: scattered Gaussians of the mean size, {synthetic['width']}x{synthetic['height']} pixels."
    )


def _timed_fit(pixels: np.ndarray, count: int, steps: int, rasterizer: Rasterizer) -> tuple[Gaussians, float]:
    began = time.perf_counter()
    for record in fit(pixels, FitSettings(gaussians=count, steps=steps), rasterizer):
        gaussians = record.gaussians
    return gaussians, time.perf_counter() - began


def _speed(gaussians: Gaussians, pixels: np.ndarray, rasterizer: Rasterizer) -> Speed:
    """Of Gaussians as they are: the steps timed work on a copy."""
    height, width, _ = pixels.shape
    cotangent = rasterizer.forward(gaussians, width, height) - pixels
    surface, moved = rasterizer.surface(pixels), gaussians.copy()
    momentum, frozen = np.zeros((len(moved), MOMENTUM), np.float32), np.zeros((len(moved), 2), bool)
    return Speed(
        _milliseconds(lambda: rasterizer.forward(gaussians, width, height)),
        _milliseconds(lambda: rasterizer.backward(gaussians, cotangent)),
        _milliseconds(lambda: surface.step(moved, momentum, GaussNewton(), frozen)),
    )


def _file_to_pixels(pixels: np.ndarray, gaussians: Gaussians, rasterizer: Rasterizer, path: Path) -> tuple[int, float]:
    """Returns: bytes of the file of these Gaussians, and milliseconds from opening it to 8-bit pixels."""
    settings = EncodeSettings(Goal("gaussians", len(gaussians)))
    write_atomic(path, drive(pack(pixels, gaussians, settings, rasterizer)).data)
    return path.stat().st_size, _milliseconds(lambda: decode_file(str(path), rasterizer))


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


def _scattered(count: int, width: int, height: int) -> Gaussians:
    """Gaussians all over the picture, round and as large as theirs is the share of it."""
    rng = np.random.default_rng(0)
    sigma = 0.5 * math.sqrt(width * height / count)
    mean = rng.uniform((-0.5, -0.5), (width - 0.5, height - 0.5), (count, 2))
    covariance = np.broadcast_to(sigma**2 * np.eye(2), (count, 2, 2))
    return Gaussians.build(mean, covariance, rng.uniform(-0.2, 0.5, (count, 3)))


# Rate and distortion.


def bench_rd(folder: str | None, counts: Sequence[int], steps: int, codecs: Sequence[str] | None) -> list[RdRow]:
    """Writes, reads and judges a file for every image, codec and setting.

    Args:
        counts: the sweep of Daub, Gaussians per 768x512 pixels.
        codecs: names of peers, None for all.
    """
    peers = [peer(name) for name in codecs] if codecs is not None else list(PEERS.values())
    rasterizer, _ = choose()
    paths = _paths(folder)
    rows: list[RdRow] = []
    total = len(paths) * (len(counts) + sum(len(one.sweep) for one in peers))
    with ProgressLine() as line, tempfile.TemporaryDirectory() as scratch:
        line.say("loading the kernels")
        warm_up(rasterizer)
        for path in paths:
            pixels = images.load(path).pixels
            file = Path(scratch) / f"one{SUFFIX}"
            for row in _all_codecs(path.name, pixels, counts, steps, peers, rasterizer, file):
                rows.append(row)
                line.advance(
                    "measuring", len(rows) / total, path.name, row.codec, f"{row.bpp:.2f} bpp", f"{row.psnr:.2f} dB"
                )
    return rows


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

    def rate(theirs: list[RdRow], quality: Callable[[RdRow], float]) -> float | None:
        return bd_rate(*([(row.bpp, quality(row)) for row in curve] for curve in (theirs, ours)), *BPP_RANGE)

    return {
        codec: {"psnr": rate(theirs, lambda row: row.psnr), "ms_ssim": rate(theirs, lambda row: row.ms_ssim)}
        for codec, theirs in curves.items()
    }


def rd_json(rows: Sequence[RdRow]) -> dict:
    """The keys of `--json`."""
    curves = {
        codec: [{key: value for key, value in asdict(row).items() if key not in ("codec", "image")} for row in curve]
        for codec, curve in mean_curves(rows).items()
    }
    names = list(dict.fromkeys(row.image for row in rows))
    return {
        "images": names, "curves": curves, "bpp_range": list(BPP_RANGE), "bd_rate": bd_rates(rows),
        "machine": _machine(),
    }  # fmt: skip


def rd_text(rows: Sequence[RdRow]) -> str:
    """Mean curves and BD-rates as tables."""
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
    text = f"Mean of {count} image{'s' * (count > 1)} on {_machine()}\n\n{table(lines, header)}"
    rates = bd_rates(rows)
    if rates:
        against = [(codec, _percent(rate["psnr"]), _percent(rate["ms_ssim"])) for codec, rate in rates.items()]
        text += f"\n\nBD-rate of Daub, {low:g} to {high:g} bpp (negative: Daub needs less rate)\n\n"
        text += table(against, ("against", "by PSNR", "by MS-SSIM"))
    return text


def write_csv(rows: Sequence[RdRow], path: str) -> None:
    """One line for every file that was measured."""
    text = io.StringIO()
    writer = csv.DictWriter(text, RdRow.__dataclass_fields__, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    write_atomic(path, text.getvalue().encode())


def plot(rows: Sequence[RdRow], path: str) -> None:
    """PSNR and MS-SSIM over bpp, one curve for each codec, as a PNG."""
    from matplotlib.figure import Figure  # loads only for those who plot


    figure = Figure(figsize=(12, 5.2), layout="constrained")
    for axes, quality, name in zip(figure.subplots(1, 2), ("psnr", "ms_ssim"), ("PSNR, dB", "MS-SSIM"), strict=True):
        for codec, curve in mean_curves(rows).items():
            ours = codec == DAUB
            axes.plot(
                [row.bpp for row in curve], [getattr(row, quality) for row in curve], "o-", label=codec,
                color=colour_of(codec), linewidth=2.6 if ours else 1.4, markersize=5 if ours else 3.5,
                zorder=3 if ours else 2,
            )  # fmt: skip
        axes.set(xlabel="bits per pixel", ylabel=name, xlim=(0, None))
        axes.grid(color=STYLE["grid"])
        axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    write_atomic(path, content.getvalue())


_MEASURED = ("bytes", "bpp", "psnr", "ms_ssim", "encode_seconds", "decode_seconds")


def _all_codecs(
    name: str, pixels: np.ndarray, counts: Sequence[int], steps: int, peers: Sequence[Peer], rasterizer: Rasterizer,
    file: Path,
) -> Iterator[RdRow]:  # fmt: skip
    area = pixels.shape[0] * pixels.shape[1]
    for count in counts:
        scaled = max(1, round(count * area / (KODAK[0] * KODAK[1])))
        began = time.perf_counter()
        encoded = drive(encode(pixels, EncodeSettings(Goal("gaussians", scaled), steps), rasterizer))
        write_atomic(file, encoded.data)
        encode_seconds = time.perf_counter() - began
        image8, _, size, decode_seconds = decode_file(str(file), rasterizer)
        yield _row(DAUB, name, count, size, pixels, image8, encode_seconds, decode_seconds)
    image8 = images.to_8bit(pixels)
    for one in peers:
        for setting in one.sweep:
            began = time.perf_counter()
            write_atomic(file, one.encode(image8, setting))
            encode_seconds = time.perf_counter() - began
            began = time.perf_counter()
            decoded = one.decode(file.read_bytes())
            decode_seconds = time.perf_counter() - began
            yield _row(one.name, name, setting, file.stat().st_size, pixels, decoded, encode_seconds, decode_seconds)


def _row(codec, name, setting, size, pixels, image8, encode_seconds, decode_seconds) -> RdRow:
    score = compare(name, size, pixels, image8)
    return RdRow(codec, name, setting, size, score.bpp, score.psnr, score.ms_ssim, encode_seconds, decode_seconds)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:+.1f} %"


def _paths(folder: str | None) -> list[Path]:
    """The images of a folder in the order of their names, or the bundled photo."""
    if folder is None:
        return [SAMPLE]
    import PIL.Image

    what = f"cannot measure {folder}"
    if not os.path.isdir(folder):
        raise DaubError(what, "there is no such folder", "check the name")
    PIL.Image.init()
    known = {*PIL.Image.registered_extensions(), ".jxl"} - {SUFFIX}
    paths = [path for path in sorted(Path(folder).iterdir()) if path.suffix.lower() in known]
    if not paths:
        raise DaubError(what, "there are no images in it", "choose a folder of images")
    return paths


def _machine() -> str:
    """What a figure needs beside it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), name)
    except OSError:
        pass  # not Linux: the architecture has to do
    return f"{cores} cores of {name}"
