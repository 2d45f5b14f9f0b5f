"""The fit: an image becomes Gaussians, one progress record at a time.

`fit` is a generator. Whoever drives it decides: not asking for the next record is a pause, asking once is a single
step, closing it is a stop, and the last record always holds the Gaussians fitted so far.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from daub.codec.evaluation.metrics import psnr_of_error
from daub.codec.fit.densifiers import Densifier, ErrorDriven
from daub.codec.fit.initialisers import GradientWeighted, Initialiser
from daub.codec.progress import Event
from daub.render.descent import Descent, GaussNewton
from daub.render.devices import fall_back
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser, Surface
from daub.render.weighting import Weighting


def unweighted() -> None:
    """Weights for a fit in which all pixels are alike."""


@dataclass(frozen=True)
class FitSettings:
    """What a fit depends on besides the image; on one machine equal ones give equal bits.

    Args:
        gaussians: their number, reached exactly.
        steps: at least 1.
        seed: of all random draws.
        initialiser, densifier, optimiser: policies; see their classes.
        bit_price: weight of log |e| of each Gaussian in what is made small, in units of the mean error E / N of a
            Gaussian; 0 fits for distortion alone. Eight numbers whose steps shrink with |e| cost 8 log2 |e| bits, which
            lambda (tradeoff.py) makes worth 0.25 E / N * log |e| beside half the error. Without it Gaussians grow large
            to cancel one another.
    """

    gaussians: int = 5000
    steps: int = 300
    seed: int = 0
    initialiser: Initialiser = field(default_factory=GradientWeighted)
    densifier: Densifier = field(default_factory=ErrorDriven)
    optimiser: GaussNewton = field(default_factory=GaussNewton)
    bit_price: float = 0.2


@dataclass(frozen=True)
class FitProgress:
    """The state after `step` of `steps` steps.

    Args:
        gaussians: a snapshot, which does not change afterwards.
        psnr: dB before clipping to [0, 1], of the state that the last step started from; in the last record, of its
            Gaussians.
        error: what the fit makes small, the sum of weighted squared errors over pixels and channels, of the same state.
        seconds: spent in the fit itself, pauses excluded.
        event: how the population has changed since the record before, if it has.
    """

    step: int
    steps: int
    gaussians: Gaussians
    psnr: float
    error: float
    seconds: float
    event: Event | None = None


def fit(
    target: np.ndarray,
    settings: FitSettings,
    rasteriser: Rasteriser,
    weights: Callable[[], Weighting | None] = unweighted,
) -> Iterator[FitProgress]:
    """Fit Gaussians to target (H, W, 3) float32 in [0, 1].

    Where the device fails, the CPU goes on from the last record.

    Args:
        weights: asked before every record; gives those of the pixels, or None where all are alike. The fit goes on
            under others as soon as it gives others.

    Yields:
        A record every `Surface.stride` steps, on the CPU after every one, and where the population changes. The last
        one has exactly `settings.gaussians` Gaussians, the best of all steps.
    """
    started = time.perf_counter()
    paused = 0.0
    goal, steps = settings.gaussians, settings.steps
    start = settings.densifier.initial_count(goal) if steps > 1 else goal  # a single step leaves no time to grow
    state, step, changed = None, 0, False
    while step < steps:
        try:
            weighted_by = weights()
            surface = rasteriser.surface(target, weighted_by)
            if state is None:
                rng = np.random.default_rng(
                    settings.seed
                )  # a new one, if the device has failed over the first Gaussians
                descent = _started(surface, target, settings.initialiser, start, rng)
            else:
                descent = state.descent.moved(surface.xp.array)
                surface.error(descent.gaussians)  # leaves the residual that the densifier asks for
                if changed:  # errors under other weights compare with none of before
                    descent.fresh, descent.best_error = True, math.inf
            changed = False
            while step < steps and not changed:
                descent, state = _advance(surface, descent, step, settings, rng, bool(rasteriser.failures))
                step = state.step
                now = time.perf_counter()
                psnr = psnr_of_error(state.squares / target.size)
                seconds = now - started - paused
                yield FitProgress(step, steps, state.shown, psnr, state.error, seconds, state.event)
                paused += time.perf_counter() - now
                changed = weights() is not weighted_by
        except rasteriser.failures as failure:
            surface = descent = None  # lets go of their memory
            rasteriser = fall_back(rasteriser, failure)


@dataclass(frozen=True)
class _State:
    """A fit in the host's memory, as of a record."""

    step: int
    descent: Descent
    shown: Gaussians | None = None
    # Of what is shown; before the end, of the state that the last step started from: sums of squares, weighted or not.
    error: float = 0.0
    squares: float = 0.0
    event: Event | None = None


def _started(
    surface: Surface, target: np.ndarray, initialiser: Initialiser, count: int, rng: np.random.Generator
) -> Descent:
    gaussians = initialiser(surface.target if initialiser.on_device else target, count, rng)
    return Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters)))


def _advance(
    surface: Surface, descent: Descent, step: int, settings: FitSettings, rng: np.random.Generator, may_fail: bool
) -> tuple[Descent, _State]:
    """Advance from `step` to the next record. Where nothing may fail, only the Gaussians of the state are a copy."""
    goal, steps, event = settings.gaussians, settings.steps, None
    change = settings.densifier.update(step, steps, goal, descent.gaussians, surface, rng) if step else None
    if change is not None:
        descent, event = descent.repopulated(change.gaussians, change.kept), change.event
    count = len(descent.gaussians)
    end = min(step + surface.stride, steps)
    end = next((s for s in range(step + 1, end) if settings.densifier.births(s, steps, goal, count)), end)
    surface.advance(descent, settings.optimiser, end - step, settings.bit_price if count == goal else 0.0)
    if may_fail:
        kept = descent.moved(surface.host)
    else:
        kept = replace(descent, gaussians=Gaussians(surface.host(descent.gaussians.parameters)))
    shown, error, squares = kept.gaussians, kept.error, kept.squares
    if end == steps:  # long fits overshoot now and then, perhaps just now
        error = surface.error(descent.gaussians)
        if kept.best_error < error:
            shown = Gaussians(surface.host(descent.best.parameters))
            error = surface.error(descent.best)
        squares = surface.squares
    return descent, _State(end, kept, shown, error, squares, event)
