"""The fit of a profile: plain forward and backward, the profile's loss and optimiser, one step and one record each."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from daub.codec.fit import FitProgress, FitSettings, fit
from daub.codec.fit.objective import moved_to, objective_of
from daub.codec.fit.optimisers import OptimiserState
from daub.codec.parameters import attributes as plain
from daub.codec.profiles.profile import Profile
from daub.codec.progress import Event
from daub.render.descent import GaussNewton
from daub.render.devices import fall_back
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

Result = TypeVar("Result")


class Quantiser(Protocol):
    """Quantisation in the loop. What it learns, it steps by itself, in `backward`."""

    def begin(self, raw: np.ndarray) -> None:
        """Learns what it starts from, ranges or codebooks, from raw (N, K)."""

    def __call__(self, raw: np.ndarray) -> np.ndarray:
        """raw (N, K) as a decoder would get it."""

    def backward(self, raw: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """dL/draw (N, K) from the gradient by what `__call__` returned for it."""


@dataclass(frozen=True)
class Trained:
    """What a fit was after."""

    raw: np.ndarray  # (N, K) float32, before the quantiser
    quantiser: Quantiser | None = None  # as it was when these were scored


def fit_profile(
    target: np.ndarray,
    profile: Profile,
    count: int,
    steps: int,
    seed: int,
    rasteriser: Rasteriser,
    quantiser: Quantiser | None = None,
    quantise_from: int = 0,
    price: float = 0.0,
) -> Generator[FitProgress, None, Trained]:
    """Fits target (H, W, 3) float32 in [0, 1] by the method of a profile; goes on on the CPU where the device fails.

    Args:
        count: Gaussians, reached but for those that the method removes late in the fit.
        steps: at least 1.
        quantiser: what lies between raw and its Gaussians; it begins with those ...
        quantise_from: ... of this step.
        price: of bits, see `FitSettings`; for gauss-newton alone.

    Yields:
        A record after every step. The last one has the best of all steps since the population last changed.

    Returns:
        Raw and quantiser of the last record.

    Raises:
        ValueError: gauss-newton takes no quantiser.
    """
    if isinstance(profile.optimiser, GaussNewton):
        if quantiser is not None:
            raise ValueError("gauss-newton takes no quantiser: its steps are fused with the forward")
        settings = FitSettings(
            count, steps, seed, profile.initialiser, profile.densifier, profile.optimiser, price=price
        )
        for record in fit(target, settings, rasteriser):
            yield record
        return Trained(record.gaussians.parameters)
    started = time.perf_counter()
    paused = 0.0
    training = _Training(target, profile, count, steps, seed, rasteriser)
    for step in range(steps):
        if quantiser is not None and step == quantise_from:
            training.quantise_with(quantiser)
        event = training.with_fallback(training.repopulate, step)
        error = training.with_fallback(training.advance, step)
        shown = training.gaussians
        if step + 1 == steps:
            shown, trained, error = training.with_fallback(training.best)
        now = time.perf_counter()
        psnr = -10 * np.log10(max(error, 1e-12))
        yield FitProgress(step + 1, steps, shown, psnr, now - started - paused, event)
        paused += time.perf_counter() - now
    return trained


class _Training:
    """A population under a first-order optimiser."""

    def __init__(self, target, profile, count, steps, seed, rasteriser):
        self._target, self._profile, self._goal, self._steps = target, profile, count, steps
        self._rng = np.random.default_rng(seed)
        self._use(rasteriser)
        self._size = target.shape[1], target.shape[0]
        self._quantiser = None
        start = profile.densifier.initial_count(count) if steps > 1 else count  # one step leaves no time to grow
        self._raw = self._born(profile.initialiser(target, start, self._rng), start)
        moments = np.zeros((profile.optimiser.moments, *self._raw.shape), np.float32)
        self._state = OptimiserState(moments)
        optimiser = profile.optimiser
        self._rate = np.full(self._raw.shape[1], optimiser.rate)
        for group, rate in optimiser.rates.items():
            self._rate[profile.parametrisation.groups[group]] = rate
        self._decode()

    def quantise_with(self, quantiser: Quantiser) -> None:
        quantiser.begin(self._raw)
        self._quantiser = quantiser
        self._decode()

    def with_fallback(self, work: Callable[..., Result], *arguments: object) -> Result:
        """What the work returns, done again on the CPU where the device fails; nothing has changed by then."""
        try:
            return work(*arguments)
        except self._rasteriser.failures as failure:
            self._fall_back(failure)
            return work(*arguments)

    def repopulate(self, step: int) -> Event | None:
        """Prunes and grows before `step`; returns what happened."""
        event = None
        every = self._profile.parametrisation.prune_every
        if every and step and step % every == 0:
            kept = np.flatnonzero(plain.definite(self._attributes))
            if len(kept) < len(self._raw):
                self._become(self._raw[kept], kept)
                event = Event.PRUNED
        densifier = self._profile.densifier
        if step and densifier.births(step, self._steps, self._goal, len(self._raw)) > 0:
            surface = self._objective.surface()
            there = moved_to(surface, self.gaussians)
            surface.error(there)  # leaves the residual that the densifier asks for
            change = densifier.update(step, self._steps, self._goal, there, surface, self._rng)
            kept = surface.host(change.kept)
            newborn = Gaussians(surface.host(change.gaussians.parameters)[len(kept) :])
            self._become(np.concatenate([self._raw[kept], self._born(newborn, len(change.gaussians))]), kept)
            event = change.event
        return event

    def advance(self, step: int) -> float:
        """One step; returns the mean squared error it started from."""
        profile = self._profile
        error = self._judge()
        gradient = plain.backward(self._attributes, self._objective.gradient(self.gaussians))
        gradient = profile.parametrisation.backward(self._decoded, gradient, self._size)
        if self._quantiser is not None:
            gradient = self._quantiser.backward(self._raw, gradient)
        rate = self._rate * profile.schedule(step, self._steps)
        profile.optimiser.step(self._raw, gradient, self._state, rate)
        self._decode(moved=True)
        return error

    def best(self) -> tuple[Gaussians, Trained, float]:
        """Those of the least error since the population last changed, without what is invisible; and their error."""
        self._judge()
        gaussians, attributes, raw, quantiser = self._best
        visible = plain.definite(attributes)
        return Gaussians(gaussians.parameters[visible]), Trained(raw[visible], quantiser), self._best_error

    def _use(self, rasteriser: Rasteriser) -> None:
        self._rasteriser = rasteriser
        try:
            self._objective = objective_of(self._profile.loss, self._target, rasteriser)
        except rasteriser.failures as failure:  # the image alone may be too large for the device
            self._fall_back(failure)

    def _fall_back(self, failure: Exception) -> None:
        self._objective = None  # its memory first
        self._use(fall_back(self._rasteriser, failure))

    def _judge(self) -> float:
        """The mean squared error of the Gaussians, which are kept if they are the best."""
        error = self._objective.error(self.gaussians)
        if error < self._best_error:
            self._keep(error)
        return error

    def _keep(self, error: float) -> None:
        learned = copy.deepcopy(self._quantiser)  # it moves on with every step, as raw does
        self._best, self._best_error = (self.gaussians, self._attributes, self._raw.copy(), learned), error

    def _born(self, gaussians: Gaussians, count: int) -> np.ndarray:
        """The raw array of newborn Gaussians, in a population of `count` with them."""
        attributes = plain.of_gaussians(gaussians)
        attributes[:, plain.VARIANCES] += self._profile.filter.at_birth(max(count, 1), self._size)
        return self._profile.parametrisation.raw(attributes, self._size)

    def _become(self, raw: np.ndarray, kept: np.ndarray) -> None:
        self._raw, self._state = raw, self._state.repopulated(kept, len(raw))
        self._decode()

    def _decode(self, moved: bool = False) -> None:
        """Brings what follows from raw up to date; unless a step has `moved` it, errors do not compare with earlier."""
        self._decoded = self._raw if self._quantiser is None else self._quantiser(self._raw)
        self._attributes = self._profile.attributes(self._decoded, self._size)
        self.gaussians = plain.to_rendered(self._attributes)
        if not moved:
            self._keep(np.inf)
