"""`bench fit`: the quality and speed of the fit, of a rendering and of decoding.

Everything timed runs after the kernels have been loaded, and every size is that of a file on the disk.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median

import numpy as np

from daub.app.bench.setting import KODAK, images_in, machine
from daub.app.tasks.device import warm_up
from daub.app.tasks.reading import decode_file
from daub.app.terminal import ProgressLine, decibels, table
from daub.codec import images
from daub.codec.evaluation import metrics
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.fit import FitSettings, fit
from daub.codec.goal import Goal
from daub.codec.part_files import scratch_folder
from daub.codec.progress import drive
from daub.codec.rate.packing import pack
from daub.codec.recipe import Recipe
from daub.codec.tuning import Tuning
from daub.render.descent import Descent, GaussNewton
from daub.render.devices import choose
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

REPEATS = 15  # of anything that takes milliseconds; the median counts


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


def bench_fit(folder: str | None, count: int, steps: Sequence[int], device: str = "auto") -> dict:
    """Fits every image once for each number of steps; the keys of `--json`."""
    rasteriser, reason = choose(device)
    rows = []
    with ProgressLine() as line, scratch_folder() as scratch:
        line.say("loading the kernels")
        warm_up(rasteriser, Tuning.PSNR)
        line.say("timing a synthetic picture")
        synthetic = _speed(_scattered(count, *KODAK), np.full((KODAK[1], KODAK[0], 3), 0.5, np.float32), rasteriser)
        paths = images_in(folder)
        for index, path in enumerate(paths):
            pixels = images.load(path).pixels
            psnrs, seconds = [], []
            for fit_index, fit_steps in enumerate(steps):
                gaussians, took = _timed_fit(pixels, count, fit_steps, rasteriser)
                height, width, _ = pixels.shape
                rendered = np.clip(rasteriser.forward(gaussians, width, height), 0, 1)
                psnrs.append(metrics.psnr(pixels, rendered))
                seconds.append(took)
                fraction = (index + (fit_index + 1) / (len(steps) + 1)) / len(paths)
                line.advance("fit", fraction, path.name, decibels(psnrs[-1]))
            speed = _speed(gaussians, pixels, rasteriser)
            size, decode_ms = _file_to_pixels(pixels, gaussians, rasteriser, scratch / f"fitted{SUFFIX}")
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
        "device": rasteriser.name,
        "device_reason": str(reason),
        "machine": machine(),
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
        "dB@S: PSNR after a fit of S steps that pays for no bits, s@S: its seconds. forward, backward: milliseconds\n"
        "of the plain pair; step: of one whole step of the fit; decode: from opening the file to 8-bit pixels.\n"
        f"synthetic: scattered Gaussians of the mean size, {synthetic['width']}x{synthetic['height']} pixels."
    )


def _timed_fit(pixels: np.ndarray, count: int, steps: int, rasteriser: Rasteriser) -> tuple[Gaussians, float]:
    began = time.perf_counter()
    settings = FitSettings(gaussians=count, steps=steps, bit_price=0)  # for the error alone, as published fits are
    for record in fit(pixels, settings, rasteriser):
        gaussians = record.gaussians
    return gaussians, time.perf_counter() - began


def _speed(gaussians: Gaussians, pixels: np.ndarray, rasteriser: Rasteriser) -> Speed:
    """Of Gaussians as they are: the steps timed work on a copy."""
    height, width, _ = pixels.shape
    cotangent = rasteriser.forward(gaussians, width, height) - pixels
    surface = rasteriser.surface(pixels)
    descent = Descent.of(gaussians).moved(surface.xp.array)
    return Speed(
        _milliseconds(lambda: rasteriser.forward(gaussians, width, height)),
        _milliseconds(lambda: rasteriser.backward(gaussians, cotangent)),
        _milliseconds(lambda: surface.advance(descent, GaussNewton(), 1)),
    )


def _file_to_pixels(pixels: np.ndarray, gaussians: Gaussians, rasteriser: Rasteriser, path: Path) -> tuple[int, float]:
    """Returns: bytes of the file of these Gaussians, and milliseconds from opening it to 8-bit pixels."""
    settings = Recipe(Goal("gaussians", len(gaussians)))
    write_atomic(path, drive(pack(pixels, gaussians, settings, rasteriser)).data)
    return path.stat().st_size, _milliseconds(lambda: decode_file(str(path), rasteriser, large=True))


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
