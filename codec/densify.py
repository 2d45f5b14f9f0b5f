"""How a fit gains Gaussians and moves idle ones: policies that the fit's loop asks before every step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from render.gaussians import Gaussians
from render.rasterizer import Surface


@dataclass(frozen=True)
class Densified:
    """A changed population.

    Args:
        gaussians: the new population.
        kept: (M,) indices into the old population of the first M; the rest are newborn.
        event: what happened, for the timeline.
    """

    gaussians: Gaussians
    kept: np.ndarray
    event: str


class Densifier(Protocol):
    def initial_count(self, goal: int) -> int:
        """How many Gaussians to start with so that `goal` is reached exactly."""

    def update(self, step: int, steps: int, goal: int, gaussians: Gaussians, surface: Surface, rng) -> Densified | None:
        """The population for `step` of `steps`, or None to leave it; `surface` holds the last step's residual."""


@dataclass(frozen=True)
class ErrorDriven:
    """Growth at maxima of the error, and relocation of the weakest to such maxima (CODEC.md section 3)."""

    start_share: float = 0.05  # of the goal
    growths: int = 8  # equal steps ...
    grown_by: float = 0.4  # ... over this share of the fit
    relocate_every: int = 20
    relocate_share: float = 0.1  # of all, the least |e|
    relocate_until: float = 0.85  # later newborns would not settle
    birth_size: float = 0.12  # standard deviation in units of the mean spacing sqrt(pixels / Gaussians) at birth
    smallest_birth: float = 1.0  # pixels
    birth_colour: float = 0.8  # of the residual
    smoothing: float = 0.8  # standard deviation of the filter on the error, in units of the birth's

    def initial_count(self, goal: int) -> int:
        return max(1, round(self.start_share * goal)) if goal else 0

    def update(self, step, steps, goal, gaussians, surface, rng) -> Densified | None:
        count = len(gaussians)
        grown = min(1.0, self._growths_due(step, steps) / self.growths)
        start = self.initial_count(goal)
        due = start + math.floor(grown * (goal - start) + 0.5)
        if due > count:
            kept = surface.xp.arange(count)
            event = "grown"
            births = due - count
        elif step and step % self.relocate_every == 0 and step < self.relocate_until * steps and count == goal:
            births = int(self.relocate_share * count)
            kept = surface.xp.sort(surface.xp.argsort(gaussians.energy, kind="stable")[births:])
            event = "relocated"
        else:
            return None
        if births == 0:
            return None
        newborn = self._births(surface, count, births, rng)
        return Densified(Gaussians.concatenate(Gaussians(gaussians.parameters[kept]), newborn), kept, event)

    def _growths_due(self, step: int, steps: int) -> int:
        return math.floor(step / max(1.0, self.grown_by * steps) * self.growths)

    def _births(self, surface: Surface, present: int, count: int, rng) -> Gaussians:
        xp, ndimage = surface.xp, surface.ndimage
        error = surface.absolute_error()
        height, width = error.shape
        size = max(self.birth_size * math.sqrt(height * width / max(present, 1)), self.smallest_birth)
        error = ndimage.gaussian_filter(error, self.smoothing * size)
        peak = error == ndimage.maximum_filter(error, 3)
        candidates = xp.flatnonzero(peak & (error > 0))
        candidates = candidates[xp.asarray(rng.permutation(len(candidates)))]  # ties, as on a flat error, fall anywhere
        strongest = candidates[xp.argsort(-error.ravel()[candidates], kind="stable")[:count]]
        if len(strongest) < count:  # fewer maxima than births: tiny or flat images
            anywhere = xp.asarray(rng.integers(0, height * width, count - len(strongest)))
            strongest = xp.concatenate([strongest, anywhere])
        mean = xp.stack([strongest % width, strongest // width], 1)
        covariance = xp.broadcast_to(size**2 * xp.eye(2), (count, 2, 2))
        return Gaussians.build(mean, covariance, -self.birth_colour * surface.residual_at(strongest))
