"""The fit: an image becomes Gaussians, one progress record at a time.

`fit` is a generator. Whoever drives it decides: not asking for the next record is a pause, asking once is a single
step, closing it is a stop, and the last record always holds the Gaussians fitted so far.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from codec.densify import Densifier, ErrorDriven
from codec.initialise import GradientWeighted, Initialiser
from render.gaussians import Gaussians
from render.rasterizer import MOMENTUM, GaussNewton, Rasterizer

SLACK = 1.004  # what the price of bits alone may raise the error by in a step


@dataclass(frozen=True)
class FitSettings:
    """What a fit depends on besides the image; on one machine equal ones give equal bits."""

    gaussians: int = 5000  # reached exactly
    steps: int = 300  # at least 1
    seed: int = 0
    initialiser: Initialiser = field(default_factory=GradientWeighted)
    densifier: Densifier = field(default_factory=ErrorDriven)
    optimiser: GaussNewton = field(default_factory=GaussNewton)
    # The price of bits, in units of the mean error of a Gaussian; 0 fits for distortion alone. Eight numbers whose
    # steps shrink with |e| cost 4 log2 |e|^2 bits. Lambda (rate.py) times the slope of that pulls a coefficient
    # towards zero by price / |e|^2 of itself: Gaussians then do not grow large just to cancel one another.
    price: float = 0.2


@dataclass(frozen=True)
class FitProgress:
    """The state after `step` of `steps` steps."""

    step: int
    steps: int
    gaussians: Gaussians  # a snapshot: it does not change afterwards
    psnr: float  # dB before clipping to [0, 1], of the state the last step started from; at the end, of the Gaussians
    seconds: float  # spent in the fit itself, pauses excluded
    event: str | None = None  # "grown" or "relocated" where the population changed before this step


def fit(target: np.ndarray, settings: FitSettings, rasterizer: Rasterizer) -> Iterator[FitProgress]:
    """Fits target (H, W, 3) float32 in [0, 1].

    Yields:
        A record after every step; the last one has exactly `settings.gaussians` Gaussians, the best of all steps.
    """
    started = time.perf_counter()
    paused = 0.0
    rng = np.random.default_rng(settings.seed)
    surface = rasterizer.surface(target)
    goal = settings.gaussians
    xp = surface.xp
    start = settings.densifier.initial_count(goal) if settings.steps > 1 else goal  # one step leaves no time to grow
    gaussians = settings.initialiser(target, start, rng)
    momentum = xp.zeros((len(gaussians), MOMENTUM), np.float32)
    frozen = xp.zeros((len(gaussians), 2), bool)
    error = best_error = math.inf
    snapshot = best = gaussians
    for step in range(settings.steps):
        event = None
        change = settings.densifier.update(step, settings.steps, goal, gaussians, surface, rng) if step else None
        if change is not None:
            newborn = xp.zeros((len(change.gaussians) - len(change.kept), MOMENTUM), np.float32)
            gaussians, event = change.gaussians, change.event
            momentum = xp.concatenate([momentum[change.kept], newborn])
            frozen = xp.zeros((len(gaussians), 2), bool)
        previous, error = error, surface.step(gaussians, momentum, settings.optimiser, frozen)
        if change is None and error > SLACK * previous:  # it overshot: gains that fit one by one need not together
            momentum[:, :-1] = 0
            momentum[:, -1] -= settings.optimiser.brake
        if len(gaussians) == goal:
            coefficient = gaussians.coefficient
            price = settings.price * min(error, best_error) / max(goal, 1) + 1e-12  # not 0 / 0 for a black picture
            coefficient *= 1 - settings.optimiser.rate * price / ((coefficient**2).sum(1, keepdims=True) + price)
        if change is None and len(snapshot) == goal and error < best_error:
            best, best_error = snapshot, error
        snapshot = gaussians.copy()
        if step + 1 == settings.steps:  # long fits overshoot now and then, perhaps just now
            error = surface.error(snapshot)
            if best_error < error:
                snapshot, error = best, best_error
        now = time.perf_counter()
        psnr = -10 * np.log10(max(error / target.size, 1e-12))
        yield FitProgress(step + 1, settings.steps, snapshot, psnr, now - started - paused, event)
        paused += time.perf_counter() - now
