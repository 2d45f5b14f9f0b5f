"""An image becomes a file: plan, fit, pack, and again until the goal is met (DESIGN.md has a picture).

Like the fit, `encode` is a generator of progress records, so that whoever drives it can pause, stop or cancel between
any two; what it returns (`StopIteration.value`, or the value of `yield from`) is the `Encoded` file. Whoever never
pauses calls `daub.codec.encode`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.codec import container
from daub.codec.container import method
from daub.codec.entropy.coders import BitsBack
from daub.codec.errors import DaubError
from daub.codec.fit import Checkpoint
from daub.codec.fit.workload import shares_done
from daub.codec.job import FIT_TO_MEASURE, FIT_TO_SIZE, FITTED, Fitted, Job
from daub.codec.parameters.attributes import to_rendered
from daub.codec.profiles.first_order import ProfileFit, fit_profile
from daub.codec.progress import EncodeProgress, Stage
from daub.codec.rate.encoded import Encoded, score
from daub.codec.rate.measure import Measure, measure_of
from daub.codec.rate.packing import pack_fitted
from daub.codec.rate.plan import ROUNDING_LOSS, corrected_count, next_count, plan_count
from daub.codec.recipe import Recipe
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.importance import Importance
    from daub.codec.metadata import Metadata

COUNTS_TRIED = 5  # fits for a PSNR or an MS-SSIM, at most
NEAR = -0.15, 0.12  # ln(size / limit) between which another step makes up for the count of a fit
Fit = Callable[..., Generator[EncodeProgress, None, Fitted]]  # of so many Gaussians, as `_fit` takes them and a share
ROUNDING_RANGE = 0.35  # dB around that, which other steps make up for without a loss


@dataclass(frozen=True, eq=False)
class Start:
    """What an encode goes on from, instead of from nothing.

    Args:
        checkpoint: of a fit of the same image; the steps count on from it, up to those of the recipe.
        count: Gaussians to fit, where they are known already; None has them planned as usual.
        seconds: what the work so far has taken.
    """

    checkpoint: Checkpoint
    count: int | None = None
    seconds: float = 0.0


def encode(
    pixels: np.ndarray,
    recipe: Recipe,
    rasteriser: Rasteriser,
    importance: Importance | None = None,
    start: Start | None = None,
    metadata: Metadata | None = None,
) -> Generator[EncodeProgress, None, Encoded]:
    """Encodes an image towards a goal.

    Args:
        pixels: (H, W, 3) float32 in [0, 1].
        recipe: what to reach and how, see `recipe.recipe_of`.
        importance: what parts matter, (H, W) of the same size; the fit follows when it is changed meanwhile. None: all
            alike.
        start: what it goes on from; every fit of the encode does, with whatever number of Gaussians.
        metadata: what the file says of the photo. They count among its bytes: see `carriable`.

    Returns:
        The best file found: one that does not meet the goal says so in `Encoded.missed`.

    Raises:
        DaubError: the image is too large for the format, or can never have as many Gaussians; or the profile knows no
            importance.
        ValueError: the map has another size than the image.
    """
    if importance is not None and importance.values.shape != pixels.shape[:2]:
        raise ValueError(f"expected a map of importance {pixels.shape[:2]}, got {importance.values.shape}")
    if importance is not None and not recipe.profile.weighs_pixels:
        what = f"the profile {recipe.profile.name} takes no importance map"
        raise DaubError(what, "its loss is its own", "leave the map out, or take the profile native")
    carried = () if metadata is None else container.metadata_chunks(metadata)
    job = Job(pixels, recipe, rasteriser, 0.0 if start is None else start.seconds, importance, carried)
    container.check_image(job.width, job.height)
    known = None if start is None else start.count
    count = (yield from plan_count(job)) if known is None else known
    checkpoint = None if start is None else start.checkpoint
    if recipe.profile.writes_method_file:
        return (yield from _encode_by_method(job, count, checkpoint))
    fit = partial(_fit, job, start=checkpoint)
    if recipe.goal.limit(job.area) is not None:
        return (yield from _encode_to_size(job, fit, count))
    measure = measure_of(recipe.goal)
    fitted = yield from fit(count) if measure is None else _fit_to_measure(job, fit, measure, count)
    return (yield from pack_fitted(job, fitted))


def _encode_to_size(job: Job, fit: Fit, count: int) -> Generator[EncodeProgress, None, Encoded]:
    """Fits again with another count where the step that suits the first fit misses the limit by far."""
    limit = job.recipe.goal.limit(job.area)
    fitted = yield from fit(count, share=FIT_TO_SIZE)
    encoded = yield from pack_fitted(job, fitted, NEAR)
    if not NEAR[0] < math.log(len(encoded.data) / limit) < NEAR[1]:
        better = corrected_count(count, len(encoded.data), limit, job.area)
        if better != count:  # it is where the image can take no more, or there is but one
            job.attempt, count = 2, better
            fitted = yield from fit(count)
        encoded = yield from pack_fitted(job, fitted)
    while len(encoded.data) > limit and count > 1:  # so low a limit that no step makes so many Gaussians small enough
        count = (count + 1) // 3
        fitted = yield from fit(count)
        encoded = yield from pack_fitted(job, fitted)
    return encoded


def _fit(
    job: Job, count: int, share: float = 1.0, start: Checkpoint | None = None
) -> Generator[EncodeProgress, None, Fitted]:
    """Fits so many Gaussians by the method of the recipe.

    Args:
        share: how much of the work that is left for fits this one takes, 0 to 1.
        start: what it goes on from.
    """
    began = job.clock.seconds()
    recipe = job.recipe
    settings = ProfileFit(recipe.profile, count, recipe.steps, recipe.seed, bit_price=recipe.bit_price)
    records = fit_profile(job.pixels, settings, job.rasteriser, job.weights, start, job.reductions)
    last, _ = yield from job.run(records, Stage.FIT, count, share, FITTED, _done(job, count, start))
    return job.fitted(last.gaussians, job.clock.seconds() - began, last.born)


def _fit_to_measure(job: Job, fit: Fit, measure: Measure, count: int) -> Generator[EncodeProgress, None, Fitted]:
    """Fits with other counts until rounding will land on the goal; returns the nearest of the fits."""
    fit_goal = measure.decibels_of(job.recipe.goal.value) + ROUNDING_LOSS
    job.decibels = measure.decibels
    fits: dict[int, Fitted] = {}  # by count, as their dB
    reached: dict[int, float] = {}
    for attempt in range(1, COUNTS_TRIED + 1):
        job.attempt = attempt
        fits[count] = yield from fit(count, share=FIT_TO_MEASURE)
        reached[count] = fits[count].decibels
        if abs(reached[count] - fit_goal) <= ROUNDING_RANGE:
            break
        count = next_count(reached, fit_goal, job.area)
        if count in fits:
            break
    return fits[min(fits, key=lambda count: abs(reached[count] - fit_goal))]


def _encode_by_method(
    job: Job, count: int, start: Checkpoint | None = None
) -> Generator[EncodeProgress, None, Encoded]:
    """Fits with the profile's quantiser in the loop and writes what that made."""
    recipe = job.recipe
    profile, size = recipe.profile, (job.width, job.height)
    method.number_of(profile.parametrisation)  # before the fit rather than after it
    began = job.clock.seconds()
    quantise_from = min(round(profile.quantiser.trained_from * recipe.steps), recipe.steps - 1)
    settings = ProfileFit(profile, count, recipe.steps, recipe.seed, profile.quantiser.quantiser(), quantise_from)
    records = fit_profile(job.pixels, settings, job.rasteriser, start=start)
    _, trained = yield from job.run(records, Stage.FIT, count, 1.0, done=_done(job, count, start))
    seconds = job.clock.seconds() - began
    raw, quantiser = trained.raw, trained.quantiser
    if not np.isfinite(raw).all():
        what = f"the fit of the profile {profile.name} failed"
        raise DaubError(what, "its numbers grew without end", "lower its rates")
    data = container.write_profiled(
        raw,
        *size,
        profile.parametrisation,
        quantiser,
        profile.coder,
        profile.filter.variance,
        job.carried,
    )
    unquantised = to_rendered(profile.attributes(raw, size))
    encoded = score(job, data, job.fitted(unquantised, seconds))
    born = None if profile.coder == BitsBack() else trained.born  # bits-back keeps no order
    return replace(encoded, counted_bits=quantiser.counted_bits(len(raw)), born=born)


def _done(job: Job, count: int, start: Checkpoint | None) -> Callable[[int], float]:
    """How much of a fit of so many Gaussians is done after each step."""
    begun_at, population = (0, None) if start is None else (start.step, len(start.gaussians))
    steps = max(job.recipe.steps, begun_at)
    done = shares_done(job.recipe.profile.densifier, count, steps, job.area, begun_at, population)
    return lambda step: float(done[step])
