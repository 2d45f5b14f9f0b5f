"""The fit: an image becomes Gaussians, one progress record at a time.

`fit` is a generator. Whoever drives it decides: not asking for the next record is a pause, asking once is a single
step, closing it is a stop, and the last record always holds the Gaussians fitted so far. A checkpoint of any record
lets another fit go on from there.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from daub.codec.evaluation.metrics import psnr_of_error
from daub.codec.fit.births import after_change, births
from daub.codec.fit.checkpoint import Checkpoint, DescentCheckpoint, strongest
from daub.codec.fit.densifiers import Densifier, ErrorDriven
from daub.codec.fit.initialisers import GradientWeighted, Initialiser
from daub.codec.fit.sizes import CoarseToFine, Reduced, Reductions, scaled, scaled_descent
from daub.codec.progress import Event
from daub.render.descent import Descent, GaussNewton
from daub.render.devices import fall_back
from daub.render.eight_bit import as_real
from daub.render.gaussians import Gaussians
from daub.render.interruption import aside
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
        sizes: what size the image has at a step.
    """

    gaussians: int = 5000
    steps: int = 300
    seed: int = 0
    initialiser: Initialiser = field(default_factory=GradientWeighted)
    densifier: Densifier = field(default_factory=ErrorDriven)
    optimiser: GaussNewton = field(default_factory=GaussNewton)
    bit_price: float = 0.2
    sizes: CoarseToFine = field(default_factory=CoarseToFine)


@dataclass(frozen=True)
class FitProgress:
    """The state after `step` of `steps` steps.

    Args:
        gaussians: a snapshot, which does not change afterwards.
        psnr: dB before clipping to [0, 1], of the state that the last step started from; in the last record, of its
            Gaussians. Where they are fitted to a reduced image, what its pixels cannot show counts as error.
        error: what the fit makes small, the sum of weighted squared errors over pixels and channels, of the same state.
        seconds: spent in the fit itself, pauses excluded.
        event: how the population has changed since the record before, if it has.
        checkpoint: makes what another fit can go on from; to be called before the next record is asked for.
        born: (N,) int32, step before which each Gaussian was put where it is or near it; 0 for the first ones.
    """

    step: int
    steps: int
    gaussians: Gaussians
    psnr: float
    error: float
    seconds: float
    event: Event | None = None
    checkpoint: Callable[[], Checkpoint] | None = None
    born: np.ndarray | None = None


def fit(
    target: np.ndarray,
    settings: FitSettings,
    rasteriser: Rasteriser,
    weights: Callable[[], Weighting | None] = unweighted,
    start: Checkpoint | None = None,
    reductions: Reductions | None = None,
) -> Iterator[FitProgress]:
    """Fit Gaussians to target (H, W, 3) float32 in [0, 1], or uint8.

    Where the device fails, the CPU goes on from the last record.

    Args:
        weights: asked before every record; gives those of the pixels, or None where all are alike. The fit goes on
            under others as soon as it gives others.
        start: what it goes on from, of a fit of the same image, perhaps with other settings: the steps count on, and
            where there is none left to take, one record says what is there.
        reductions: of the same target, for whoever fits to it more than once.

    Yields:
        A record every `Surface.stride` steps, on the CPU after every one, and where the population changes. The last
        one has exactly `settings.gaussians` Gaussians, the best of all steps.
    """
    started = time.perf_counter()
    paused = 0.0
    reductions = reductions or Reductions(target)
    step = 0 if start is None else start.step
    settings = replace(settings, steps=max(settings.steps, step))
    steps = settings.steps
    state, changed = None, False
    born = best_born = np.empty(0, np.int32)
    ended = False
    while not ended:
        try:
            weighted_by = weights()
            side = settings.sizes.side(step, steps, _population(settings, start, state), target.size // 3)
            image = surface = descent = None  # lets go of the memory of another size
            image = reductions(weighted_by, side)
            surface = rasteriser.surface(image.pixels, image.weights, reduced=True)
            if state is not None:
                descent = state.descent.moved(surface.xp.array)
                born, best_born = state.born, state.best_born
                surface.error(descent.gaussians)  # leaves the residual that the densifier asks for
                if changed:
                    _start_judging_anew(descent)
            elif start is not None:
                rng = copy.deepcopy(start.rng)
                descent, born, best_born = _resumed(surface, image, start, settings.gaussians, weighted_by)
            else:
                # A new generator, if the device has failed over the first Gaussians.
                rng = np.random.default_rng(settings.seed)
                descent = _started(surface, image.pixels, settings, rng)
                born = best_born = births(len(descent.gaussians))
            changed = False
            while not ended and not changed:
                known = born, best_born
                may_go = bool(rasteriser.failures) or surface.xp is not np
                descent, state = _advance(surface, image, descent, known, step, settings, rng, may_go)
                step, born, best_born = state.step, state.born, state.best_born
                now = time.perf_counter()
                psnr = psnr_of_error(state.squares / target.size)
                seconds = now - started - paused
                keep = partial(_checkpoint, state, settings.gaussians, rng, weighted_by)
                yield FitProgress(
                    step, steps, state.shown, psnr, state.error, seconds, state.event, keep, state.shown_born
                )
                paused += time.perf_counter() - now
                changed, ended = weights() is not weighted_by, step >= steps
                if not ended and settings.sizes.side(step, steps, len(born), target.size // 3) != side:
                    start, state, changed = keep(), None, True  # goes on at another size
        except rasteriser.failures as failure:
            surface = descent = None  # lets go of their memory
            rasteriser = fall_back(rasteriser, failure)


@dataclass(frozen=True)
class _State:
    """A fit in the host's memory, as of a record. The descent is of the reduced image, what is shown of the whole."""

    step: int
    descent: Descent
    shown: Gaussians | None = None
    # Of what is shown; before the end, of the state that the last step started from: sums of squares, weighted or not.
    error: float = 0.0
    squares: float = 0.0
    event: Event | None = None
    looked_at: Gaussians | None = None  # as of `DescentCheckpoint`
    # Steps of birth: of the Gaussians of the descent, of its best, and of what is shown.
    born: np.ndarray | None = None
    best_born: np.ndarray | None = None
    shown_born: np.ndarray | None = None
    side: int = 1  # as of `Reduced`


def _population(settings: FitSettings, start: Checkpoint | None, state: _State | None) -> int:
    """How many Gaussians there are where the fit begins or goes on."""
    if state is not None:
        return len(state.born)
    goal = settings.gaussians
    return settings.densifier.initial_count(goal, settings.steps) if start is None else min(len(start.gaussians), goal)


def _started(surface: Surface, target: np.ndarray, settings: FitSettings, rng: np.random.Generator) -> Descent:
    initialiser, goal = settings.initialiser, settings.gaussians
    # A single step leaves no time to grow.
    count = settings.densifier.initial_count(goal, settings.steps) if settings.steps > 1 else goal
    start = partial(initialiser, as_real(surface.target if initialiser.on_device else target), count, rng)
    gaussians = aside(start) if surface.xp is np else start()  # a device may belong to one thread
    return Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters)))


def _resumed(
    surface: Surface, image: Reduced, start: Checkpoint, goal: int, weights: Weighting | None
) -> tuple[Descent, np.ndarray, np.ndarray]:
    """The descent of a checkpoint on a surface, and the residual that it left there; too many Gaussians are cut.

    Returns:
        Also the steps at which its Gaussians, and those of its best, were born.
    """
    looked_at, born, best_born = None, start.born, start.born
    if isinstance(start, DescentCheckpoint):
        by = start.side / image.side
        descent, best_born = scaled_descent(start.descent.moved(np.copy), by), start.best_born
        looked_at = None if start.looked_at is None else scaled(start.looked_at, by)
        if goal != start.goal or image.side != start.side or _digest(weights) != start.weights:
            _start_judging_anew(descent)
    else:  # of another loop, whose memory says nothing here
        descent = Descent.of(scaled(start.gaussians.copy(), 1 / image.side))
    if len(descent.gaussians) > goal:
        kept = strongest(descent.gaussians, goal)
        descent, looked_at = descent.repopulated(Gaussians(descent.gaussians.parameters[kept]), kept), None
        born = best_born = born[kept]
    descent = descent.moved(surface.xp.array)
    surface.error(descent.gaussians if looked_at is None else Gaussians(surface.xp.asarray(looked_at.parameters)))
    return descent, born, best_born


def _start_judging_anew(descent: Descent) -> None:
    """Errors under other weights, or of another population, compare with none of before."""
    descent.fresh, descent.best_error = True, math.inf


def _digest(weights: Weighting | None) -> bytes:
    return b"" if weights is None else weights.digest


def _checkpoint(state: _State, goal: int, rng: np.random.Generator, weights: Weighting | None) -> DescentCheckpoint:
    descent = state.descent.moved(np.copy)
    return DescentCheckpoint(
        state.step, goal, scaled(descent.gaussians, state.side), copy.deepcopy(rng), state.born, descent,
        state.best_born, state.looked_at, _digest(weights), state.side,
    )  # fmt: skip


def _advance(
    surface: Surface,
    image: Reduced,
    descent: Descent,
    known: tuple[np.ndarray, np.ndarray],
    step: int,
    settings: FitSettings,
    rng: np.random.Generator,
    may_go: bool,
) -> tuple[Descent, _State]:
    """Advance from `step` to the next record, if a step is left.

    Where the memory of the descent stays in the host's, only the Gaussians of the state are a copy.

    Args:
        known: the steps at which its Gaussians, and those of its best, were born.
        may_go: a device has the memory of the descent, or may fail.
    """
    goal, steps, event = settings.gaussians, settings.steps, None
    end, looked_at, best_error = step, None, descent.best_error
    born, best_born = known
    if step < steps:
        change = settings.densifier.update(step, steps, goal, descent.gaussians, surface, rng) if step else None
        if change is not None:
            descent, event = descent.repopulated(change.gaussians, change.kept), change.event
            born = after_change(born, surface.host(change.kept), len(change.gaussians), step)
        count = len(descent.gaussians)
        end = min(step + surface.stride, steps)
        end = next((s for s in range(step + 1, end) if _is_due(s, settings, image, count)), end)
        if end == step + 1 and (end == steps or settings.densifier.births(end, steps, goal, count)):
            looked_at = Gaussians(surface.host(descent.gaussians.parameters))
        bit_price = settings.bit_price if count == goal else 0.0
        surface.advance(descent, image.optimiser(settings.optimiser), end - step, bit_price)
    if may_go:
        kept = descent.moved(surface.host)
    else:
        kept = replace(descent, gaussians=Gaussians(surface.host(descent.gaussians.parameters)))
    shown, error, squares = scaled(kept.gaussians, image.side), *image.whole(kept.error, kept.squares)
    if kept.best_error != best_error:  # the best is of this population
        best_born = born
    shown_born = born
    if end == steps:  # long fits overshoot now and then, perhaps just now
        error = surface.error(descent.gaussians)
        if kept.best_error < error:
            shown, shown_born = Gaussians(surface.host(descent.best.parameters)), best_born
            error = surface.error(descent.best)
        squares = surface.squares
    return descent, _State(end, kept, shown, error, squares, event, looked_at, born, best_born, shown_born, image.side)


def _is_due(step: int, settings: FitSettings, image: Reduced, count: int) -> bool:
    """Whether births are due before a step, or another size of the image."""
    if settings.densifier.births(step, settings.steps, settings.gaussians, count):
        return True
    return settings.sizes.side(step, settings.steps, count, image.area) != image.side
