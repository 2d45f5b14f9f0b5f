"""`bench prior`: what restoration brings to files, part by part: the ablation of the learned image prior in 2D.

Every file is measured as it is, and with each restoration layer that the encoder could give it. A layer makes the file
larger, so the curves of the parts are what compares: BD-rates, and decibels above the plain curve at as many bytes.

    plain            the rendering
    residual         side information alone: the coarse residual, as JPEG XL
    network          the network alone
    both             the network on rendering and residual
    both, refined    the Gaussians fitted to what both make, and rendered
    kept             the best of these by the encoder's own measure, the plain rendering perhaps
    foreseen         what `encode --restore auto` writes: the kept one, or a native one fitted with foresight
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from daub.app.bench.setting import images_in
from daub.app.tasks.device import warm_up
from daub.app.terminal import ProgressLine, decibels
from daub.codec import container, images
from daub.codec.container.method import number_of
from daub.codec.decoder import decode, render
from daub.codec.encoder import encode
from daub.codec.evaluation.rd_table import RdRow, scaled_count
from daub.codec.evaluation.score import score
from daub.codec.goal import Goal
from daub.codec.profiles.profile import NATIVE_PROFILE, Profile
from daub.codec.progress import drive
from daub.codec.recipe import Recipe, recipe_of
from daub.codec.restoration.choosing import Trial, trials
from daub.codec.restoration.refinement import refined
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.render.rasteriser import Rasteriser

PLAIN, RESIDUAL, NETWORK, BOTH, REFINED, KEPT = "plain", "residual", "network", "both", "both, refined", "kept"
FORESEEN = "foreseen"


@dataclass(frozen=True)
class PriorSettings:
    """What is measured.

    Args:
        counts: the sweep, Gaussians fitted per 768x512 pixels.
        profiles: that the files are made by.
        effort: of native files.
        profile_steps: of the fits by other profiles.
        refine: steps of the refinement; 0: that row is left out.
    """

    counts: Sequence[int]
    profiles: Sequence[Profile]
    effort: int
    profile_steps: int
    refine: int


def bench_prior(rasteriser: Rasteriser, folder: str | None, settings: PriorSettings) -> list[RdRow]:
    """A row for every image, profile, count and part; the codec of a row is named by `row_name`.

    Raises:
        DaubError: no such folder or image, or the format lacks a profile's parametrisation.
    """
    for profile in settings.profiles:
        if profile.writes_method_file:
            number_of(profile.parametrisation)  # before the first fit rather than after many
    paths = images_in(folder)
    rows: list[RdRow] = []
    done, total = 0, len(paths) * len(settings.profiles) * len(settings.counts)
    with ProgressLine() as line:
        line.say("loading the kernels")
        warm_up(rasteriser, Tuning.PSNR)
        for path in paths:
            pixels = images.load(path).pixels
            for profile in settings.profiles:
                for count in settings.counts:
                    recipe = _recipe(profile, count, pixels, settings)
                    data, seconds = _encoded(pixels, recipe, rasteriser)
                    setting = (profile.name, path.name, count, seconds)
                    rows += file_rows(data, pixels, setting, rasteriser, settings.refine)
                    if profile.name == NATIVE_PROFILE.name:
                        data, seconds = _encoded(pixels, replace(recipe, restore=True), rasteriser)
                        rows.append(_row(FORESEEN, data, pixels, (*setting[:3], seconds), rasteriser))
                    done += 1
                    line.advance("measuring", done / total, path.name, profile.name, decibels(rows[-1].psnr))
    return rows


def row_name(profile: str, part: str) -> str:
    """What stands in the column of codecs.

    >>> row_name("native", PLAIN)
    'native, plain'
    """
    return f"{profile}, {part}"


def file_rows(
    data: bytes, pixels: np.ndarray, setting: tuple[str, str, float, float], rasteriser: Rasteriser, refine: int = 0
) -> Iterator[RdRow]:
    """The rows of one file, the plain one first; parts that make the picture worse have the plain picture, too.

    Args:
        data: the file, without a layer.
        pixels: (H, W, 3) float32 in [0, 1], that it is of.
        setting: profile, name of the image, number by which the sweep knows the file, seconds to encode.
        refine: as of `PriorSettings`.
    """
    document = container.read(data)
    tried = list(trials(pixels, render(document, rasteriser, restore=False), document))
    plain = tried[0]
    for part, belongs in _PARTS.items():
        if part == REFINED and not refine:
            continue
        best = min((trial for trial in tried[1:] if belongs(trial)), key=lambda trial: trial.worth, default=plain)
        if part == KEPT:
            best = min(tried, key=lambda trial: trial.worth)
        file = (document if best.layer is None else document.with_chunk(best.layer.chunk())).to_bytes()
        yield _row(part, file, pixels, setting, rasteriser, refine if part == REFINED else 0)


def _encoded(pixels: np.ndarray, recipe: Recipe, rasteriser: Rasteriser) -> tuple[bytes, float]:
    """A file, and the seconds that it took."""
    began = time.perf_counter()
    return drive(encode(pixels, recipe, rasteriser)).data, time.perf_counter() - began


def _row(
    part: str,
    data: bytes,
    pixels: np.ndarray,
    setting: tuple[str, str, float, float],
    rasteriser: Rasteriser,
    refine: int = 0,
) -> RdRow:
    """That of a file as a decoder shows it. Args: as of `file_rows`; refine: steps, 0 for none."""
    profile, image, number, encode_seconds = setting
    image8, seconds = _decoded(data, refine, rasteriser)
    found = score(pixels, image8, perceptually=True)
    return RdRow(
        row_name(profile, part), image, number, len(data), 8 * len(data) / pixels[..., 0].size, found.psnr,
        found.ms_ssim, encode_seconds, seconds, found.ssimulacra2, found.flip,
    )  # fmt: skip


def _has(network: bool, residual: bool) -> Callable[[Trial], bool]:
    return lambda trial: (trial.layer.network is not None, trial.layer.residual is not None) == (network, residual)


_PARTS: dict[str, Callable[[Trial], bool]] = {
    PLAIN: lambda trial: False,
    RESIDUAL: _has(network=False, residual=True),
    NETWORK: _has(network=True, residual=False),
    BOTH: _has(network=True, residual=True),
    REFINED: _has(network=True, residual=True),
    KEPT: lambda trial: True,
}


def _decoded(data: bytes, refine: int, rasteriser: Rasteriser) -> tuple[np.ndarray, float]:
    """(H, W, 3) uint8 as a decoder makes it of a file, and the seconds from its bytes."""
    began = time.perf_counter()
    read = container.read(data)
    if refine:
        read = refined(read, render(read, rasteriser), refine, rasteriser)
    return decode(read, rasteriser), time.perf_counter() - began


def _recipe(profile: Profile, count: int, pixels: np.ndarray, settings: PriorSettings) -> Recipe:
    goal = Goal("gaussians", scaled_count(count, pixels.shape[1], pixels.shape[0]))
    if profile.name == NATIVE_PROFILE.name:
        return recipe_of(EncodeSettings(goal, settings.effort, exact_count=False, tune=Tuning.PSNR))
    return Recipe(goal, settings.profile_steps, profile=profile)


def gain_at_equal_bytes(row: RdRow, plain: Sequence[RdRow], key: str = "psnr") -> float | None:
    """By how much a file is above the curve of the plain files of its image at as many bytes.

    Args:
        plain: of the same image, ordered by bytes; between two of them, and beyond the ends, quality is taken to be
            linear in the logarithm of the bytes.
        key: the quality.

    Returns:
        In the unit of the quality; None where there is no curve.
    """
    points = sorted((math.log(other.bytes), getattr(other, key)) for other in plain)
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return None
    at = math.log(row.bytes)
    above = next((index for index in range(1, len(points)) if points[index][0] >= at), len(points) - 1)
    (left, low), (right, high) = points[above - 1], points[above]
    slope = (high - low) / (right - left) if right > left else 0.0
    return getattr(row, key) - (low + slope * (at - left))
