"""How the population of a published method grows; `codec.densify` has our own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codec.densify import Densified
from codec.methods.initialisers import covariances
from render.gaussians import Gaussians


@dataclass(frozen=True)
class Fixed:
    """All Gaussians are there from the start (GaussianImage, SmartSplat)."""

    def initial_count(self, goal):
        return goal

    def births(self, step, steps, goal, count):
        return 0

    def update(self, step, steps, goal, gaussians, surface, rng):
        return None


@dataclass(frozen=True)
class DistortionDriven:
    """Black Gaussians are born on the pixels of the largest error (GaussianImage++)."""

    every: float = 0.1  # of all steps: 5000 of 50 000
    start_share: float = 0.5  # of the goal
    most: int = 0  # births at a time, 1000 in the released code; 0: half of those missing, as in the paper

    def initial_count(self, goal):
        return max(1, int(self.start_share * goal)) if goal else 0

    def births(self, step, steps, goal, count):
        every = max(1, round(self.every * steps))
        if step == 0 or step % every:
            return 0
        missing = goal - count
        if step + every >= steps:  # the last time
            return missing
        return min(self.most, missing) if self.most else missing // 2

    def update(self, step, steps, goal, gaussians, surface, rng):
        births = self.births(step, steps, goal, len(gaussians))
        if births <= 0:
            return None
        error = surface.host(surface.absolute_error())
        births = min(births, error.size)
        worst = np.argpartition(-error, births - 1, axis=None)[:births]
        mean = np.stack([worst % error.shape[1], worst // error.shape[1]], 1)
        newborn = Gaussians.build(mean, covariances(births, (0.5, 0.0, 0.5), rng), np.zeros((births, 3)))
        born = Gaussians(surface.xp.asarray(newborn.parameters))
        kept = surface.xp.arange(len(gaussians))
        return Densified(Gaussians.concatenate(gaussians, born), kept, "grown")
