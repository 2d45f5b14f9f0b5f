"""The fit of a profile: plain forward and backward, the profile's loss and optimiser, one step and one record each."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from daub.codec.evaluation.metrics import psnr_of_error
from daub.codec.fit import Checkpoint, FitProgress, FitSettings, fit, unweighted
from daub.codec.fit.births import after_change, births
from daub.codec.fit.checkpoint import strongest
from daub.codec.fit.objective import moved_to, objective_of
from daub.codec.fit.optimisers import OptimiserState
from daub.codec.fit.sizes import Reductions
from daub.codec.parameters.attributes import VARIANCES, attributes_of, definite, gradient_of_attributes, to_rendered
from daub.codec.profiles.profile import Profile
from daub.codec.progress import Event
from daub.codec.rounding.trained import InLoop
from daub.render.descent import GaussNewton
from daub.render.devices import fall_back
from daub.render.eight_bit import as_real
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser
from daub.render.weighting import Weighting

Result = TypeVar("Result")


@dataclass(frozen=True)
class ProfileFit:
    """What the fit of a profile depends on besides the image.

    Args:
        profile: the method.
        count: Gaussians, reached but for those that the method removes late in the fit.
        steps: at least 1.
        seed: of all random draws.
        quantiser: what lies between raw and what is rendered, from `quantise_from` on; None: nothing.
        quantise_from: the step, from 0 on, at which the quantiser begins with the Gaussians of then.
        bit_price: price of bits, as in `FitSettings`; gauss-newton alone knows one.

    Raises:
        ValueError: gauss-newton takes no quantiser.
    """

    profile: Profile
    count: int
    steps: int
    seed: int = 0
    quantiser: InLoop | None = None
    quantise_from: int = 0
    bit_price: float = 0.0

    def __post_init__(self) -> None:
        if self.quantiser is not None and isinstance(self.profile.optimiser, GaussNewton):
            raise ValueError("gauss-newton takes no quantiser: its steps are fused with the forward")


@dataclass(frozen=True)
class Trained:
    """What the last record of a fit was made of.

    Args:
        raw: (N, K) float32, before the quantiser.
        quantiser: with what it had learned by then; None where there is none.
        born: (N,) int32, as of `FitProgress`.
    """

    raw: np.ndarray
    quantiser: InLoop | None = None
    born: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class TrainingCheckpoint(Checkpoint):
    """Of the loop of a published method.

    Args:
        profile: the method.
        raw: (N, K) float32, before the quantiser.
        state: of the optimiser.
        quantiser: with what it has learned; None where it has not begun.
        best: Gaussians, their attributes, raw and quantiser of the least error since the population last changed.
        best_error: that error.
    """

    profile: Profile
    raw: np.ndarray
    state: OptimiserState
    quantiser: InLoop | None
    best: tuple[Gaussians, np.ndarray, np.ndarray, InLoop | None]
    best_error: float

    @property
    def nbytes(self) -> int:
        best, attributes, raw, _ = self.best
        arrays = self.gaussians.parameters, self.raw, self.state.moments, best.parameters, attributes, raw
        return sum(array.nbytes for array in arrays)


def fit_profile(
    target: np.ndarray,
    settings: ProfileFit,
    rasteriser: Rasteriser,
    weights: Callable[[], Weighting | None] = unweighted,
    start: Checkpoint | None = None,
    reductions: Reductions | None = None,
) -> Generator[FitProgress, None, Trained]:
    """Fit target (H, W, 3), real or uint8, by the method of a profile. Where the device fails, the CPU goes on.

    Args:
        weights: as of `fit`, for a profile that weighs pixels; others pass them over.
        start: as of `fit`. From another method only the Gaussians are taken.
        reductions: as of `fit`, for a profile that takes them.

    Yields:
        A record after every step. The last one has the best of all steps since the population last changed.

    Returns:
        What the last record was made of.
    """
    if isinstance(settings.profile.optimiser, GaussNewton):
        return (yield from _fit_natively(target, settings, rasteriser, weights, start, reductions))
    return (yield from _fit_first_order(target, settings, rasteriser, start))


def _fit_natively(
    target: np.ndarray,
    settings: ProfileFit,
    rasteriser: Rasteriser,
    weights: Callable[[], Weighting | None],
    start: Checkpoint | None,
    reductions: Reductions | None,
) -> Generator[FitProgress, None, Trained]:
    profile = settings.profile
    native = FitSettings(
        settings.count, settings.steps, settings.seed, profile.initialiser, profile.densifier, profile.optimiser,
        settings.bit_price,
    )  # fmt: skip
    for record in fit(target, native, rasteriser, weights, start, reductions):
        yield record
    return Trained(record.gaussians.parameters, born=record.born)


def _fit_first_order(
    target: np.ndarray, settings: ProfileFit, rasteriser: Rasteriser, start: Checkpoint | None
) -> Generator[FitProgress, None, Trained]:
    started = time.perf_counter()
    paused = 0.0
    step = 0 if start is None else start.step
    steps, training = max(settings.steps, step), _Training(target, settings, rasteriser, start)
    ended = False
    while not ended:
        event, error = None, None
        if step < steps:
            if settings.quantiser is not None and step >= settings.quantise_from:
                training.quantise_with(settings.quantiser)
            event = training.with_fallback(training.repopulate, step)
            error = training.with_fallback(training.advance, step)
            step += 1
        shown, born, ended = training.gaussians, training.born, step == steps
        if ended:
            shown, trained, error = training.with_fallback(training.best)
            born = trained.born
        now = time.perf_counter()
        seconds = now - started - paused
        keep = partial(training.checkpoint, step)
        yield FitProgress(step, steps, shown, psnr_of_error(error), error * target.size, seconds, event, keep, born)
        paused += time.perf_counter() - now
    return trained


class _Training:
    """A population under a first-order optimiser.

    raw --quantiser--> decoded --parametrisation, filter--> attributes --> gaussians, as they are rendered
    """

    def __init__(
        self, target: np.ndarray, settings: ProfileFit, rasteriser: Rasteriser, start: Checkpoint | None = None
    ):
        target = as_real(target)
        self._target, self._profile = target, settings.profile
        self._goal, self._steps = settings.count, settings.steps
        self._rng = np.random.default_rng(settings.seed)
        self._use(rasteriser)
        self._size = target.shape[1], target.shape[0]
        self._quantiser: InLoop | None = None
        profile, optimiser = self._profile, self._profile.optimiser
        if start is None:
            # A single step leaves no time to grow.
            count = profile.densifier.initial_count(self._goal, self._steps) if self._steps > 1 else self._goal
            self._begin(profile.initialiser(target, count, self._rng))
        else:
            self._resume(start)
        self._rate = np.full(self._raw.shape[1], optimiser.rate)
        for group, rate in optimiser.rates.items():
            self._rate[profile.parametrisation.groups[group]] = rate

    def checkpoint(self, step: int) -> TrainingCheckpoint:
        """Make what another fit can go on from after that step."""
        state = OptimiserState(self._state.moments.copy(), self._state.steps)
        gaussians, attributes, raw, learned = self._best
        best = gaussians, attributes, raw.copy(), copy.deepcopy(learned)
        return TrainingCheckpoint(
            step, self._goal, self.gaussians, copy.deepcopy(self._rng), self.born, self._profile, self._raw.copy(),
            state, copy.deepcopy(self._quantiser), best, self._best_error,
        )  # fmt: skip

    def _begin(self, gaussians: Gaussians) -> None:
        """Take these Gaussians for the first ones."""
        self.born = births(len(gaussians))
        self._raw = self._born(gaussians, len(gaussians))
        self._state = OptimiserState(np.zeros((self._profile.optimiser.moments, *self._raw.shape), np.float32))
        self._decode()

    def _resume(self, start: Checkpoint) -> None:
        """Go on from there; of too many Gaussians, the strongest stay."""
        self._rng = copy.deepcopy(start.rng)
        if isinstance(start, TrainingCheckpoint) and start.profile == self._profile:
            self._raw, self._quantiser = start.raw.copy(), copy.deepcopy(start.quantiser)
            self._state = OptimiserState(start.state.moments.copy(), start.state.steps)
            self._decode()
            gaussians, attributes, raw, learned = start.best
            if start.goal == self._goal:
                self._best, self._best_error = (
                    (gaussians, attributes, raw.copy(), copy.deepcopy(learned)),
                    start.best_error,
                )
        else:
            self._begin(start.gaussians)
        self.born = start.born
        if len(self._raw) > self._goal:
            kept = strongest(self.gaussians, self._goal)
            self._become(self._raw[kept], kept, start.step)

    def quantise_with(self, quantiser: InLoop) -> None:
        """Let a quantiser begin with the Gaussians as they are, unless it has."""
        if self._quantiser is not None:
            return
        quantiser.begin(self._raw)
        self._quantiser = quantiser
        self._decode()

    def with_fallback(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Do the work, and do it again on the CPU where the device fails: nothing has changed by then."""
        try:
            return work(*arguments)
        except self._rasteriser.failures as failure:
            self._fall_back(failure)
            return work(*arguments)

    def repopulate(self, step: int) -> Event | None:
        """Prune and grow before `step`; tell what happened."""
        event = None
        every = self._profile.parametrisation.prune_every
        if every and step and step % every == 0:
            kept = np.flatnonzero(definite(self._attributes))
            if len(kept) < len(self._raw):
                self._become(self._raw[kept], kept, step)
                event = Event.PRUNED
        densifier = self._profile.densifier
        if step and densifier.births(step, self._steps, self._goal, len(self._raw)) > 0:
            surface = self._objective.surface()
            there = moved_to(surface, self.gaussians)
            surface.error(there)  # leaves the residual that the densifier asks for
            change = densifier.update(step, self._steps, self._goal, there, surface, self._rng)
            kept = surface.host(change.kept)
            newborn = Gaussians(surface.host(change.gaussians.parameters)[len(kept) :])
            self._become(np.concatenate([self._raw[kept], self._born(newborn, len(change.gaussians))]), kept, step)
            event = change.event
        return event

    def advance(self, step: int) -> float:
        """Take a step; tell the mean squared error that it started from."""
        profile = self._profile
        error = self._judge()
        gradient = gradient_of_attributes(self._attributes, self._objective.gradient(self.gaussians))
        gradient = profile.parametrisation.backward(self._decoded, gradient, self._size)
        if self._quantiser is not None:
            gradient = self._quantiser.backward(self._raw, gradient)
        rate = self._rate * profile.schedule(step, self._steps)
        profile.optimiser.step(self._raw, gradient, self._state, rate)
        self._decode(moved=True)
        return error

    def best(self) -> tuple[Gaussians, Trained, float]:
        """Give the best Gaussians since the population last changed, without invisible ones, and their error."""
        self._judge()
        gaussians, attributes, raw, quantiser = self._best
        visible = definite(attributes)
        return (
            Gaussians(gaussians.parameters[visible]),
            Trained(raw[visible], quantiser, self.born[visible]),
            self._best_error,
        )

    def _use(self, rasteriser: Rasteriser) -> None:
        self._rasteriser = rasteriser
        try:
            self._objective = objective_of(self._profile.loss, self._target, rasteriser)
        except rasteriser.failures as failure:  # the image alone may be too large for the device
            self._fall_back(failure)

    def _fall_back(self, failure: Exception) -> None:
        self._objective = None  # lets go of its memory
        self._use(fall_back(self._rasteriser, failure))

    def _judge(self) -> float:
        """Work out the mean squared error of the Gaussians, and keep them if they are the best."""
        error = self._objective.error(self.gaussians)
        if error < self._best_error:
            self._keep(error)
        return error

    def _keep(self, error: float) -> None:
        learned = copy.deepcopy(self._quantiser)  # the quantiser moves on with every step, as raw does
        self._best, self._best_error = (self.gaussians, self._attributes, self._raw.copy(), learned), error

    def _born(self, gaussians: Gaussians, count: int) -> np.ndarray:
        """Make the raw array of newborn Gaussians, in a population that has `count` with them."""
        attributes = attributes_of(gaussians)
        attributes[:, VARIANCES] += self._profile.filter.at_birth(max(count, 1), self._size)
        return self._profile.parametrisation.raw(attributes, self._size)

    def _become(self, raw: np.ndarray, kept: np.ndarray, step: int) -> None:
        """Change the population before a step; the first of raw are those of the indices `kept`, the rest newborn."""
        self.born = after_change(self.born, kept, len(raw), step)
        self._raw, self._state = raw, self._state.repopulated(kept, len(raw))
        self._decode()

    def _decode(self, moved: bool = False) -> None:
        """Bring up to date what follows from raw; unless a step has `moved` it, errors do not compare with earlier."""
        self._decoded = self._raw if self._quantiser is None else self._quantiser(self._raw)
        self._attributes = self._profile.attributes(self._decoded, self._size)
        self.gaussians = to_rendered(self._attributes)
        if not moved:
            self._keep(np.inf)
