"""`bench methods`: fits by the methods of the literature, all with our own rasteriser, before any quantisation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

import numpy as np

from app.bench import images_in, machine
from app.commands import warm_up
from app.terminal import ProgressLine, table
from codec import images, metrics
from codec.methods.fit import fit_profile
from codec.methods.profile import Profile
from codec.methods.smartsplat import count_for_ratio
from codec.published import PUBLISHED_FITS
from render.rasterizer import Rasterizer, choose


@dataclass(frozen=True)
class MethodRow:
    """One fit."""

    profile: str
    image: str
    gaussians: int  # at the end
    steps: int
    psnr: float  # dB, clipped to [0, 1] and not rounded, as ms_ssim
    ms_ssim: float
    fit_seconds: float


def bench_methods(
    folder: str | None,
    profiles: Sequence[Profile],
    count: int,
    ratio: float | None,
    steps: int,
    device: str = "auto",
) -> dict:
    """Fits every image once by each method; the keys of `--json`.

    Args:
        ratio: instead of the count, a compression ratio as SmartSplat defines it.

    Raises:
        DaubError: no such folder or image.
    """
    rasterizer, reason = choose(device)
    paths = images_in(folder)
    rows: list[list[MethodRow]] = [[] for _ in profiles]
    with ProgressLine() as line:
        line.say("loading the kernels")
        warm_up(rasterizer)
        for index, path in enumerate(paths):
            pixels = images.load(path).pixels
            height, width, _ = pixels.shape
            goal = count if ratio is None else count_for_ratio(width, height, ratio)
            for place, profile in enumerate(profiles):
                fraction = (index + place / len(profiles)) / len(paths)
                line.advance("measuring", fraction, path.name, profile.name)
                rows[place].append(_row(path.name, pixels, profile, goal, steps, rasterizer))
    return {
        "gaussians": count if ratio is None else None,
        "ratio": ratio,
        "steps": steps,
        "profiles": [_mean(measured, count if ratio is None else None) for measured in rows],
        "images": [asdict(row) for measured in rows for row in measured],
        "device": rasterizer.name,
        "device_reason": reason,
        "machine": machine(),
    }


def methods_text(done: dict) -> str:
    """What `bench_methods` found, as a table."""
    header = ["profile", "Gaussians", "steps", "PSNR", "MS-SSIM", "seconds", "published"]
    rows = [
        (
            mean["profile"], f"{mean['gaussians']:,.0f}", f"{done['steps']:,}", f"{mean['psnr']:.2f}",
            f"{mean['ms_ssim']:.4f}", f"{mean['fit_seconds']:.1f}",
            "-" if mean["published_psnr"] is None else f"{mean['published_psnr']:.2f}",
        )
        for mean in done["profiles"]
    ]  # fmt: skip
    count = len({row["image"] for row in done["images"]})
    return (
        f"Mean of {count} image{'s' * (count > 1)} on {done['machine']}, {done['device']}\n\n{table(rows, header)}\n\n"
        "Before quantisation. published: PSNR for as many Gaussians, of all 24 Kodak images and mostly 50 000 steps."
    )


def _row(name: str, pixels: np.ndarray, profile: Profile, count: int, steps: int, rasterizer: Rasterizer) -> MethodRow:
    began = time.perf_counter()
    for record in fit_profile(pixels, profile, count, steps, 0, rasterizer):
        gaussians = record.gaussians
    seconds = time.perf_counter() - began
    height, width, _ = pixels.shape
    rendered = np.clip(rasterizer.forward(gaussians, width, height), 0, 1)
    return MethodRow(
        profile.name, name, len(gaussians), steps, metrics.psnr(pixels, rendered), metrics.ms_ssim(pixels, rendered),
        seconds,
    )  # fmt: skip


def _mean(rows: Sequence[MethodRow], count: int | None) -> dict:
    profile = rows[0].profile
    means = {
        name: fmean(getattr(row, name) for row in rows) for name in ("gaussians", "psnr", "ms_ssim", "fit_seconds")
    }
    published = {fit.gaussians: fit.psnr for fit in PUBLISHED_FITS if fit.profile == profile}
    return {"profile": profile, **means, "published_psnr": published.get(count)}
