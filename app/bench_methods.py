"""`bench methods`: the methods of the literature, all with our own rasteriser: their fits and their files.

Every image is fitted twice by each: once for the figures before quantisation, and once for a file, as `encode` does.
"""

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
from codec.decoder import render
from codec.drive import drive
from codec.encoder import encode
from codec.methods import stored
from codec.methods.fit import fit_profile
from codec.methods.profile import Profile
from codec.methods.smartsplat import count_for_ratio
from codec.published import PUBLISHED_FITS
from codec.rate import Goal
from codec.settings import EncodeSettings
from render.gaussians import Gaussians
from render.rasterizer import Rasterizer, choose


@dataclass(frozen=True)
class MethodRow:
    """One fit, and one file."""

    profile: str
    image: str
    gaussians: int  # at the end
    steps: int
    psnr: float  # dB, clipped to [0, 1] and not rounded, as ms_ssim
    ms_ssim: float
    fit_seconds: float
    counted_bpp: float | None  # as papers count: fixed-length symbols and what the quantiser learned; None for our own
    file_bpp: float
    file_psnr: float  # dB, of the file decoded to 8 bits


def bench_methods(
    folder: str | None,
    profiles: Sequence[Profile],
    count: int,
    ratio: float | None,
    steps: int,
    device: str = "auto",
) -> dict:
    """Fits and encodes every image by each method; the keys of `--json`.

    Args:
        ratio: instead of the count, a compression ratio as SmartSplat defines it.

    Raises:
        DaubError: no such folder or image, or the format lacks a profile's parametrisation.
    """
    for profile in profiles:
        if profile.has_own_file:
            stored.number_of(profile.parametrisation)  # before the first fit rather than after many
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
    header = [
        "profile", "Gaussians", "steps", "PSNR", "MS-SSIM", "seconds", "published", "counted bpp", "file bpp",
        "file PSNR",
    ]  # fmt: skip
    rows = [
        (
            mean["profile"], f"{mean['gaussians']:,.0f}", f"{done['steps']:,}", f"{mean['psnr']:.2f}",
            f"{mean['ms_ssim']:.4f}", f"{mean['fit_seconds']:.1f}",
            "-" if mean["published_psnr"] is None else f"{mean['published_psnr']:.2f}",
            "-" if mean["counted_bpp"] is None else f"{mean['counted_bpp']:.3f}",
            f"{mean['file_bpp']:.3f}", f"{mean['file_psnr']:.2f}",
        )
        for mean in done["profiles"]
    ]  # fmt: skip
    count = len({row["image"] for row in done["images"]})
    return (
        f"Mean of {count} image{'s' * (count > 1)} on {done['machine']}, {done['device']}\n\n{table(rows, header)}\n\n"
        "PSNR, MS-SSIM, seconds: before quantisation. published: that PSNR, all 24 Kodak images, mostly 50 000 steps.\n"
        "counted bpp: as papers count, no file. file: of a fit of as many steps that quantises, decoded to 8 bits."
    )


def _row(name: str, pixels: np.ndarray, profile: Profile, count: int, steps: int, rasterizer: Rasterizer) -> MethodRow:
    began = time.perf_counter()
    for record in fit_profile(pixels, profile, count, steps, 0, rasterizer):
        gaussians = record.gaussians
    seconds = time.perf_counter() - began
    height, width, _ = pixels.shape
    psnr, ms_ssim = _judged(gaussians, pixels, rasterizer)
    settings = EncodeSettings(Goal("gaussians", count), steps, profile=profile)
    encoded = drive(encode(pixels, settings, rasterizer))
    counted = None if encoded.counted_bits is None else encoded.counted_bits / (height * width)
    return MethodRow(
        profile.name, name, len(gaussians), steps, psnr, ms_ssim, seconds, counted, encoded.bpp, encoded.psnr,
    )  # fmt: skip


def _judged(gaussians: Gaussians, pixels: np.ndarray, rasterizer: Rasterizer) -> tuple[float, float]:
    """PSNR and MS-SSIM, clipped to [0, 1]; on its own so that no image is left when the next fit begins."""
    rendered = render(gaussians, (pixels.shape[1], pixels.shape[0]), rasterizer)
    return metrics.psnr(pixels, rendered), metrics.ms_ssim(pixels, rendered)


def _mean(rows: Sequence[MethodRow], count: int | None) -> dict:
    profile = rows[0].profile
    names = ["gaussians", "psnr", "ms_ssim", "fit_seconds", "file_bpp", "file_psnr"]
    means = {name: fmean(getattr(row, name) for row in rows) for name in names}
    own = rows[0].counted_bpp is None
    means["counted_bpp"] = None if own else fmean(row.counted_bpp for row in rows)
    published = {fit.gaussians: fit.psnr for fit in PUBLISHED_FITS if fit.profile == profile}
    return {"profile": profile, **means, "published_psnr": published.get(count)}
