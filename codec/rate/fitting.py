"""A fit of so many Gaussians as a stage of an encode, by the method of its recipe."""

from __future__ import annotations

from collections.abc import Callable, Generator

from daub.codec.fit import Checkpoint
from daub.codec.fit.workload import shares_done
from daub.codec.job import FITTED, Fitted, Job
from daub.codec.profiles.first_order import ProfileFit, fit_profile
from daub.codec.progress import EncodeProgress, Stage


def fit_count(
    job: Job, count: int, share: float = 1.0, start: Checkpoint | None = None, more: int = 0, until: float = FITTED
) -> Generator[EncodeProgress, None, Fitted]:
    """Fits so many Gaussians by the method of the recipe.

    Args:
        share: how much of the work that is left for fits this one takes, 0 to 1.
        start: what it goes on from.
        more: steps beyond those of the recipe.
        until: share of all the work that is done when the last fit of this kind is.
    """
    began = job.clock.seconds()
    recipe = job.recipe
    steps = recipe.steps + more
    settings = ProfileFit(recipe.profile, count, steps, recipe.seed, bit_price=recipe.bit_price)
    records = fit_profile(job.target, settings, job.rasteriser, job.weights, start, job.reductions)
    last, _ = yield from job.run(records, Stage.FIT, count, share, until, steps_done(job, count, start, more))
    return job.fitted(last.gaussians, job.clock.seconds() - began, last.born)


def steps_done(job: Job, count: int, start: Checkpoint | None, more: int = 0) -> Callable[[int], float]:
    """How much of a fit of so many Gaussians is done after each step, 0 to 1."""
    begun_at, population = (0, None) if start is None else (start.step, len(start.gaussians))
    steps = max(job.recipe.steps + more, begun_at)
    done = shares_done(job.recipe.profile.densifier, count, steps, job.area, begun_at, population)
    return lambda step: float(done[step])
