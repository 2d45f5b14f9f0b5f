"""The fit: an image becomes Gaussians, one progress record at a time.

`fit` is a generator. Whoever drives it decides: not asking for the next record is a pause, asking once is a single
step, closing it is a stop, and the last record always holds the Gaussians fitted so far.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from codec.densify import Densifier, ErrorDriven
from codec.initialise import GradientWeighted, Initialiser
from render.gaussians import Gaussians
from render.rasterizer import Descent, GaussNewton, Rasterizer


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
    event: str | None = None  # "grown" or "relocated" where the population changed after the record before


def fit(target: np.ndarray, settings: FitSettings, rasterizer: Rasterizer) -> Iterator[FitProgress]:
    """Fits target (H, W, 3) float32 in [0, 1].

    Yields:
        A record every `Surface.stride` steps, on the CPU after every one, and where the population changes. The last
        one has exactly `settings.gaussians` Gaussians, the best of all steps.
    """
    started = time.perf_counter()
    paused = 0.0
    rng = np.random.default_rng(settings.seed)
    surface = rasterizer.surface(target)
    goal, steps, densifier = settings.gaussians, settings.steps, settings.densifier
    start = densifier.initial_count(goal) if steps > 1 else goal  # one step leaves no time to grow
    parameters = settings.initialiser(target, start, rng).parameters
    descent = Descent.of(Gaussians(surface.xp.asarray(parameters)))
    step = 0
    while step < steps:
        event = None
        change = densifier.update(step, steps, goal, descent.gaussians, surface, rng) if step else None
        if change is not None:
            descent, event = descent.repopulated(change.gaussians, change.kept), change.event
        count = len(descent.gaussians)
        end = min(step + surface.stride, steps)
        end = next((s for s in range(step + 1, end) if densifier.births(s, steps, goal, count)), end)
        surface.advance(descent, settings.optimiser, end - step, settings.price if count == goal else 0.0)
        step = end
        shown, error = descent.gaussians, descent.error
        if step == steps:  # long fits overshoot now and then, perhaps just now
            error = surface.error(shown)
            if descent.best_error < error:
                shown, error = descent.best, descent.best_error
        now = time.perf_counter()
        psnr = -10 * np.log10(max(error / target.size, 1e-12))
        snapshot = Gaussians(surface.host(shown.parameters))
        yield FitProgress(step, steps, snapshot, psnr, now - started - paused, event)
        paused += time.perf_counter() - now
