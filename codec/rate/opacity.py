"""The opacity of a transparent image: how many of the Gaussians are for it, and its chunk of the file.

It is fitted, rounded and written first, as a grey picture of its own, whose errors count what they change of what is
seen (`transparency`). Then the colours are made for what the goal leaves them. Both have the step that suits their
errors, so that a bit saves as much in the one as in the other; how many Gaussians each gets follows from short fits of
both, by the price at which one more of them pays.
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
from daub.codec.job import Job, Opacity
from daub.codec.progress import EncodeProgress
from daub.codec.rate.fitting import fit_count
from daub.codec.rate.packing import pack_fitted
from daub.codec.rate.plan import FITTED_BITS, PowerLaw, count_limit, error_law, gaussian_price
from daub.codec.recipe import Recipe
from daub.codec.transparency import filled_in, weights_of_alpha, weights_of_colours
from daub.codec.tuning import Tuning
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.importance import Importance

PSNR_BESIDE_MS_SSIM = 16.0  # dB that the PSNR of a photo is above its MS-SSIM in dB, about
_FRAME = 40  # bytes of a file that are not Gaussians
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
    plain = replace(recipe, tune=Tuning.PSNR, restore=False, goal=Goal(GoalKind.QUALITY, 50))
    grey = np.repeat(source[..., None], 3, 2)
    job = Job(grey, plain, rasteriser, importance=importance, seen=weights_of_alpha(colours), spent=spent)
    law = yield from error_law(job, lambda last: last.error)
    other = None
    if recipe.goal.kind is not GoalKind.QUALITY:
        beside = Job(colours, recipe, rasteriser, importance=importance, seen=weights_of_colours(source))
        beside.clock = job.clock  # one for all of it
        other = yield from error_law(beside, lambda last: last.error)
    count = _count(recipe.goal, job.area, law, other, carried)
    fitted = yield from fit_count(job, count)
    encoded = yield from pack_fitted(job, fitted)
    written = encoded.document
    # What is decoded is of 8 bits, and so is what is seen through it.
    levels = decode(written, rasteriser, large=True)[..., 1]
    chunk = alpha.chunk_of(written.payload.symbols, written.payload.grid)
    opacity = Opacity(source, levels / np.float32(255), chunk)
    return Made(colours, opacity, len(written), job.clock.seconds())


def _count(goal: Goal, area: int, law: PowerLaw, other: PowerLaw | None, carried: int) -> int:
    """How many Gaussians the opacity gets.

    Args:
        law: of the opacity's error.
        other: of that of the colours; None where the goal is a quality, to which each comes by itself.
    """
    if other is None:
        return count_limit(area, law.count_for_gaussian_price(gaussian_price(goal.value)))
    laws = law, other

    def together(price: float) -> float:
        return sum(each.count_for_gaussian_price(price) for each in laws)

    def energy(price: float) -> float:
        return -sum(each.energy_of(each.count_for_gaussian_price(price)) for each in laws)

    if goal.kind is GoalKind.GAUSSIANS:
        most = max(int(goal.value) - 1, 1)
        return min(count_limit(area, law.count_for_gaussian_price(_price(together, goal.value))), most)
    limit = goal.limit(area)
    if limit is not None:
        price = _price(together, 8 * max(limit - carried - _FRAME, 8) / FITTED_BITS)
    else:
        psnr = goal.value if goal.kind is GoalKind.PSNR else decibels_of_ms_ssim(goal.value) + PSNR_BESIDE_MS_SSIM
        price = _price(energy, -3 * area * error_of_psnr(psnr))
    return count_limit(area, law.count_for_gaussian_price(price))


def _price(falling: Callable[[float], float], wanted: float) -> float:
    """The price at which something that falls with it is what is wanted: halving, in logarithms."""
    low, high = map(math.log, _PRICES)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(math.exp(middle)) > wanted else (low, middle)
    return math.exp(low)
