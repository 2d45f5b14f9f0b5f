"""The opacity of a transparent image: how many of the Gaussians are for it, and its chunk of the file.

It is fitted, rounded and written first, as a grey picture of its own, whose errors count what they change of what is
seen (`transparency.weight_of_alpha`). Then the colours are made for what the goal leaves them. Both have the step that
suits their errors, so that a bit saves as much in the one as in the other; how many Gaussians each gets follows from
fits of both, by the price at which one more of them pays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.container import alpha
from daub.codec.decoder import decode
from daub.codec.evaluation.metrics import decibels_of_ms_ssim, error_of_psnr
from daub.codec.goal import Goal, GoalKind
from daub.codec.job import Fitted, Job, Opacity
from daub.codec.progress import EncodeProgress
from daub.codec.rate.fitting import fit_count
from daub.codec.rate.packing import pack_fitted
from daub.codec.rate.plan import (
    PowerLaw,
    corrected_count,
    count_limit,
    error_law,
    gaussian_price,
)
from daub.codec.recipe import Recipe
from daub.codec.transparency import filled_in, weight_of_alpha
from daub.codec.tuning import Tuning
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.importance import Importance
    from daub.codec.rate.encoded import Encoded

PSNR_BESIDE_MS_SSIM = 16.0  # dB that the PSNR of a photo is above its MS-SSIM in dB, about
LONGEST_FIT = 1000  # steps: a thousand more of so few Gaussians would gain nothing
_FRAME = 40  # bytes of a file that are not Gaussians
FITS = 4  # for a price, at most
_EXPONENT = 2.0  # -d ln E / d ln N of an opacity, about: of sharp edges 1.5, of soft ones more
_FARTHEST = 4.0  # times as many Gaussians, or that part of them, that the next fit may have
LARGEST_SHARE = 0.97  # of the bytes, that of line art of one colour
BITS = 36  # of the file for each of its Gaussians, about
_NEAR = 0.25  # ln(better / count) up to which a fit is taken
_PRICES = 1e-9, 1e9  # image energies of a Gaussian between which every goal is


@dataclass(frozen=True, eq=False)
class Made:
    """An opacity that is decided, and what is left to encode.

    Args:
        colours: (H, W, 3) float32, of the image, with something smooth where they are not seen.
        opacity: what they are seen through.
        count: Gaussians of it in the file.
        seconds: all work so far, pauses excluded.
    """

    colours: np.ndarray
    opacity: Opacity
    count: int
    seconds: float


def opacity_of(
    pixels: np.ndarray,
    recipe: Recipe,
    rasteriser: Rasteriser,
    importance: Importance | None = None,
    carried: int = 0,
    spent: float = 0.0,
) -> Generator[EncodeProgress, None, Made]:
    """Decides how transparent the file of an image is, towards a goal for the whole file.

    Args:
        pixels: (H, W, 4) float32 in [0, 1], straight colours and alpha.
        recipe: how the whole is encoded.
        importance: as of `encoder.encode`.
        carried: bytes of chunks that the file will hold beside both.
        spent: seconds of work before.
    """
    source = np.ascontiguousarray(pixels[..., 3])
    colours = filled_in(pixels[..., :3], source)
    steps = min(recipe.steps, LONGEST_FIT)
    plain = replace(recipe, tune=Tuning.PSNR, restore=False, goal=Goal(GoalKind.QUALITY, 50), steps=steps)
    grey = np.repeat(source[..., None], 3, 2)
    job = Job(grey, plain, rasteriser, importance=importance, spent=spent)
    worth = weight_of_alpha(colours, source)
    law = yield from error_law(job, lambda last: worth * last.error)
    other = None
    if recipe.goal.kind is not GoalKind.QUALITY:
        beside = Job(colours, recipe, rasteriser, importance=importance)
        beside.clock, beside.done = job.clock, job.done  # one for all of it
        other = yield from error_law(beside, lambda last: last.error)
    price = _price_for(recipe.goal, job.area, law, other, carried)
    fitted = yield from _fit_for_price(job, law, price, worth)
    colours_count = 0.0 if other is None else other.count_for_gaussian_price(price)
    share = len(fitted.gaussians) / (len(fitted.gaussians) + colours_count)
    if recipe.goal.kind is GoalKind.GAUSSIANS:
        fitted = yield from fit_count(job, min(max(round(share * recipe.goal.value), 1), max(recipe.goal.value - 1, 1)))
    encoded = yield from pack_fitted(job, fitted)
    limit = recipe.goal.limit(job.area)
    most = math.inf if limit is None else max(min(max(share, 0.6), LARGEST_SHARE) * (limit - carried - _FRAME), 1)
    if _size(encoded) > most:
        count = corrected_count(len(fitted.gaussians), _size(encoded), most, job.area)
        encoded = yield from pack_fitted(job, (yield from fit_count(job, count)))
    written = encoded.document
    # What is decoded is of 8 bits, and so is what is seen through it.
    levels = decode(written, rasteriser, large=True)[..., 1]
    chunk = alpha.chunk_of(written.payload.symbols, written.payload.grid)
    opacity = Opacity(pixels, levels / np.float32(255), chunk)
    return Made(colours, opacity, len(written), job.clock.seconds())


def _fit_for_price(
    job: Job, law: PowerLaw, price: float, worth: float
) -> Generator[EncodeProgress, None, Fitted]:
    """A fit of so many Gaussians that one more would save just `price` of energy.

    A law through two short fits is good for what looks like a photo. Of a soft shape the error falls far faster with
    the first few Gaussians, and of a sharp one more slowly: the fit itself tells, and is made again where it was wrong.

    Args:
        worth: of an error of the opacity, in errors of what is seen.
    """
    count = count_limit(job.area, law.count_for_gaussian_price(price))
    for attempt in range(FITS):
        fitted = yield from fit_count(job, count, share=1 / (FITS - attempt))
        ratio = _EXPONENT * max(worth * fitted.error, 1e-9) / (count * price)
        better = count_limit(job.area, count * min(max(ratio ** (1 / (1 + _EXPONENT)), 1 / _FARTHEST), _FARTHEST))
        if abs(math.log(better / count)) < _NEAR:
            break
        count = better
    return fitted


def _size(encoded: Encoded) -> int:
    """Bytes of the Gaussians of a file."""
    return len(encoded.document.chunks[-1].content)


def _price_for(goal: Goal, area: int, law: PowerLaw, other: PowerLaw | None, carried: int) -> float:
    """The image energy that a Gaussian, of the opacity as of the colours, must save to be worth its bits.

    Args:
        law: of the opacity's error.
        other: of that of the colours; None where the goal is a quality, which is such a price.
    """
    if other is None:
        return gaussian_price(goal.value)

    def together(price: float) -> float:
        return sum(each.count_for_gaussian_price(price) for each in (law, other))

    def closeness(price: float) -> float:
        return -sum(each.energy_of(each.count_for_gaussian_price(price)) for each in (law, other))

    if goal.kind is GoalKind.GAUSSIANS:
        return _price(together, goal.value)
    limit = goal.limit(area)
    if limit is not None:
        return _price(together, 8 * max(limit - carried - _FRAME, 8) / BITS)
    psnr = goal.value if goal.kind is GoalKind.PSNR else decibels_of_ms_ssim(goal.value) + PSNR_BESIDE_MS_SSIM
    return _price(closeness, -3 * area * error_of_psnr(psnr))


def _price(falling: Callable[[float], float], wanted: float) -> float:
    """The price at which something that falls with it is what is wanted: halving, in logarithms."""
    low, high = map(math.log, _PRICES)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(math.exp(middle)) > wanted else (low, middle)
    return math.exp(low)
