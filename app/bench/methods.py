"""`bench methods`: the methods of the literature, all with our own rasteriser: their fits and their files.

An image is fitted twice by each, where both are asked for: once for the figures before quantisation, and once for a
file, as `encode` does.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

import numpy as np

from daub.app.bench.setting import images_in, machine
from daub.app.tasks.device import warm_up
from daub.app.terminal import ProgressLine, table
from daub.codec import images
from daub.codec.container import method as stored
from daub.codec.encoder import encode
from daub.codec.evaluation import metrics
from daub.codec.evaluation.published import PUBLISHED_METHODS, PublishedMethod
from daub.codec.fit.smartsplat import count_for_ratio
from daub.codec.goal import Goal
from daub.codec.profiles.first_order import ProfileFit, fit_profile
from daub.codec.profiles.profile import Profile
from daub.codec.progress import drive
from daub.codec.recipe import Recipe, recipe_of
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.render.devices import choose


@dataclass(frozen=True)
class MethodRow:
    """What was measured of one image: of its fit, of its file, or both."""

    profile: str
    image: str
    gaussians: int  # at the end
    steps: int
    psnr: float | None = None  # dB, before quantisation, clipped to [0, 1] and not rounded, as ms_ssim
    ms_ssim: float | None = None
    fit_seconds: float | None = None
    counted_bpp: float | None = None  # as papers count: fixed-length symbols and what was learned; None for our own
    file_bpp: float | None = None
    file_psnr: float | None = None  # dB, of the file decoded to 8 bits
    file_seconds: float | None = None  # to fit with quantisation, and to write
    own_psnr: float | None = None  # dB, of our own file of at most as many bytes, at the usual effort


def bench_methods(
    folder: str | None,
    profiles: Sequence[Profile],
    count: int,
    ratio: float | None,
    steps: int,
    device: str = "auto",
    measure: str = "both",
) -> dict:
    """Fits and encodes every image by each method; the keys of `--json`.

    Args:
        ratio: instead of the count, a compression ratio as SmartSplat defines it.
        measure: "fits", "files" or "both".

    Raises:
        DaubError: no such folder or image, or the format lacks a profile's parametrisation.
    """
    for profile in profiles:
        if profile.writes_method_file:
            stored.number_of(profile.parametrisation)  # before the first fit rather than after many
    rasteriser, reason = choose(device)
    paths = images_in(folder)
    rows: list[list[MethodRow]] = [[] for _ in profiles]
    with ProgressLine() as line:
        line.say("loading the kernels")
        warm_up(rasteriser, Tuning.PSNR)
        done, works = 0, len(paths) * len(profiles) * (1 + (measure == "both"))
        for path in paths:
            pixels = images.load(path).pixels
            height, width, _ = pixels.shape
            goal = count if ratio is None else count_for_ratio(width, height, ratio)
            for place, profile in enumerate(profiles):
                found = {}
                if measure != "files":
                    for fraction in _fit(pixels, profile, goal, steps, rasteriser, found):
                        line.advance("measuring", (done + fraction) / works, path.name, profile.name)
                    done += 1
                if measure != "fits":
                    for fraction in _file(pixels, profile, goal, steps, rasteriser, found):
                        line.advance("measuring", (done + fraction) / works, path.name, f"{profile.name}, its file")
                    done += 1
                rows[place].append(MethodRow(profile.name, path.name, steps=steps, **found))
    return {
        "gaussians": count if ratio is None else None,
        "ratio": ratio,
        "steps": steps,
        "profiles": [_mean(measured, _published(measured[0].profile, count, ratio)) for measured in rows],
        "images": [asdict(row) for measured in rows for row in measured],
        "device": rasteriser.name,
        "device_reason": str(reason),
        "machine": machine(),
    }


def _fit(pixels, profile, count, steps, rasteriser, found):
    """Yields how much is done; adds the figures of a fit without quantisation to `found`."""
    began = time.perf_counter()
    for record in fit_profile(pixels, ProfileFit(profile, count, steps), rasteriser):
        gaussians = record.gaussians
        yield record.step / record.steps
    found["gaussians"], found["fit_seconds"] = len(gaussians), time.perf_counter() - began
    height, width, _ = pixels.shape
    rendered = rasteriser.forward(gaussians, width, height)
    np.clip(rendered, 0, 1, out=rendered)  # of an 8K image, each more would be 400 MB
    found["psnr"], found["ms_ssim"] = metrics.psnr(pixels, rendered), metrics.ms_ssim(pixels, rendered)


def _file(pixels, profile, count, steps, rasteriser, found):
    """Yields how much is done; adds the figures of a file to `found`."""
    records = encode(pixels, Recipe(Goal("gaussians", count), steps, profile=profile), rasteriser)
    while True:
        try:
            yield next(records).fraction
        except StopIteration as stop:
            encoded = stop.value
            break
    found["gaussians"], found["file_seconds"] = len(encoded.gaussians), encoded.encode_seconds
    found["file_bpp"], found["file_psnr"] = encoded.bpp, encoded.psnr
    if encoded.counted_bits is not None:
        found["counted_bpp"] = encoded.counted_bits / (pixels.shape[0] * pixels.shape[1])
        own = recipe_of(EncodeSettings(Goal("bytes", len(encoded.data)), tune=Tuning.PSNR))
        found["own_psnr"] = drive(encode(pixels, own, rasteriser)).psnr


def _published(profile: str, count: int, ratio: float | None) -> PublishedMethod:
    wanted = (profile, count, None) if ratio is None else (profile, None, ratio)
    known = {(each.profile, each.gaussians, each.ratio): each for each in PUBLISHED_METHODS}
    return known.get(wanted, PublishedMethod(profile))


def _mean(rows: Sequence[MethodRow], published: PublishedMethod) -> dict:
    means: dict = {"profile": published.profile}
    for name, value in asdict(rows[0]).items():
        if name not in ("profile", "image", "steps"):
            means[name] = None if value is None else fmean(getattr(row, name) for row in rows)
    bpp, psnr = published.coded or (None, None)
    return {**means, "published_psnr": published.fit, "published_bpp": bpp, "published_coded_psnr": psnr}


_COLUMNS = {  # of the table, what the figures are
    "PSNR": ("psnr", ".2f"),
    "published": ("published_psnr", ".2f"),
    "MS-SSIM": ("ms_ssim", ".4f"),
    "seconds": ("fit_seconds", ".1f"),
    "counted bpp": ("counted_bpp", ".3f"),
    "file bpp": ("file_bpp", ".3f"),
    "file PSNR": ("file_psnr", ".2f"),
    "Daub": ("own_psnr", ".2f"),
    "published bpp": ("published_bpp", ".3f"),
    "and PSNR": ("published_coded_psnr", ".2f"),
    "file seconds": ("file_seconds", ".1f"),
}


def methods_text(done: dict) -> str:
    """What `bench_methods` found, as a table; columns in which there is nothing are left out."""
    means = done["profiles"]
    shown = {title: column for title, column in _COLUMNS.items() if any(mean[column[0]] is not None for mean in means)}
    rows = [
        (
            mean["profile"],
            f"{mean['gaussians']:,.0f}",
            *("-" if mean[key] is None else format(mean[key], form) for key, form in shown.values()),
        )
        for mean in means
    ]
    count = len({row["image"] for row in done["images"]})
    said = [
        f"Mean of {count} image{'s' * (count > 1)}, {done['steps']:,} steps, on {done['machine']}, {done['device']}",
        "",
        table(rows, ["profile", "Gaussians", *shown]),
        "",
    ]
    if "PSNR" in shown:
        said.append("PSNR, MS-SSIM, seconds: before quantisation.")
    if "counted bpp" in shown:
        said.append("counted bpp: as papers count, no file. file: of a fit that quantises, decoded to 8 bits.")
        said.append("Daub: the PSNR of our own file of as many bytes.")
    if "published" in shown or "published bpp" in shown:
        where = "all 24 Kodak images" if done["ratio"] is None else "other images, those of DIV8K"
        said.append(f"published: {where}, mostly 50,000 steps.")
    return "\n".join(said)
