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
from daub.codec.goal import Goal, GoalKind
from daub.codec.job import FIT_TO_MEASURE, FIT_TO_SIZE, Fitted, Job
from daub.codec.parameters.attributes import to_rendered
from daub.codec.profiles.first_order import ProfileFit, fit_profile
from daub.codec.progress import EncodeProgress, Stage, retold
from daub.codec.rate.encoded import Encoded, score
from daub.codec.rate.fitting import fit_count, steps_done
from daub.codec.rate.measure import Measure, measure_of
from daub.codec.rate.opacity import opacity_of
from daub.codec.rate.packing import pack_fitted
from daub.codec.rate.plan import ROUNDING_LOSS, corrected_count, next_count, plan_count
from daub.codec.recipe import Recipe
from daub.codec.transparency import is_transparent
from daub.render.eight_bit import as_real
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.importance import Importance
    from daub.codec.metadata import Metadata

COUNTS_TRIED = 5  # fits for a PSNR or an MS-SSIM, at most
OPACITY = 0.25  # share of all the work that the opacity of a transparent image is taken to be
NEAR = -0.15, 0.12  # ln(size / limit) between which another step makes up for the count of a fit
Fit = Callable[..., Generator[EncodeProgress, None, Fitted]]  # as `fit_count`, but for the job
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
        pixels: (H, W, 3) float32 in [0, 1]; or (H, W, 4), straight colours and alpha. What is opaque everywhere makes
            the same file either way, and so do levels of 8 bits, uint8, in a quarter of the memory. Goals are about the
            whole file, and measures about what is seen of it.
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
    height, width = pixels.shape[:2]
    container.check_image(width, height)
    carried = () if metadata is None else container.metadata_chunks(metadata)
    if is_transparent(pixels):
        return (yield from _encode_transparent(as_real(pixels), recipe, rasteriser, importance, start, carried))
    pixels = np.ascontiguousarray(pixels[..., :3])
    job = Job(pixels, recipe, rasteriser, 0.0 if start is None else start.seconds, importance, carried)
    return (yield from _encode(job, start))


def _encode_transparent(
    pixels: np.ndarray,
    recipe: Recipe,
    rasteriser: Rasteriser,
    importance: Importance | None,
    start: Start | None,
    carried: tuple[container.Chunk, ...],
) -> Generator[EncodeProgress, None, Encoded]:
    """The opacity first, and then the colours for what the goal leaves them. Args: pixels: (H, W, 4)."""
    if not recipe.keeps_transparency:
        what = f"the profile {recipe.profile.name} cannot encode a transparent image"
        raise DaubError(what, "it has no place for an alpha channel", "lay it on a colour (--background white)")
    spent = 0.0 if start is None else start.seconds

    def of_opacity(record: EncodeProgress) -> EncodeProgress:
        # No file is whole yet, and no fit is one of the colours.
        done = OPACITY * record.fraction
        return replace(record, stage=Stage.OPACITY, fraction=done, best=None, checkpoint=None, born=None)

    def of_colours(record: EncodeProgress) -> EncodeProgress:
        return replace(record, fraction=OPACITY + (1 - OPACITY) * record.fraction, opacity=made.opacity)

    size = sum(len(chunk.to_bytes()) for chunk in carried)
    made = yield from retold(opacity_of(pixels, recipe, rasteriser, importance, size, spent), of_opacity)
    if recipe.goal.kind is GoalKind.GAUSSIANS:
        recipe = replace(recipe, goal=Goal(GoalKind.GAUSSIANS, max(recipe.goal.value - made.count, 1)))
    job = Job(made.colours, recipe, rasteriser, made.seconds, importance, carried, made.opacity)
    return (yield from retold(_encode(job, start), of_colours))


def _encode(job: Job, start: Start | None) -> Generator[EncodeProgress, None, Encoded]:
    """The file of a job. Args: start: as of `encode`."""
    recipe = job.recipe
    known = None if start is None else start.count
    count = (yield from plan_count(job)) if known is None else known
    checkpoint = None if start is None else start.checkpoint
    if recipe.profile.writes_method_file:
        return (yield from _encode_by_method(job, count, checkpoint))
    fit = partial(fit_count, job, start=checkpoint)
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
    _, trained = yield from job.run(records, Stage.FIT, count, 1.0, done=steps_done(job, count, start))
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

