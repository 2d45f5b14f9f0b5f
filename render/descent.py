"""The optimiser of a fit: settings of the diagonal Gauss-Newton step, and the state that it changes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from daub.render.gaussians import Gaussians


@dataclass(frozen=True)
class GaussNewton:
    """Settings of the diagonal Gauss-Newton step (CODEC.md section 3)."""

    rate: float = 0.4  # eta: overlap makes the diagonal optimistic, a full step diverges
    decay: float = 0.8  # of the momentum
    damping: float = 0.05  # lambda, in units of image energy
    position_trust: float = 0.5  # longest step, in the Gaussian's own sigmas
    shape_trust: float = 0.2  # longest step of log-scale and shear
    smallest: float = 0.35  # shortest standard deviation, pixels
    # Overlap differs from place to place, so no one rate suits all: each Gaussian has a gain on it, which grows while
    # the gradient goes on pointing where the momentum does, and falls when it turns against it.
    adaption: float = 0.25  # change of the log-gain in a step, times the cosine between the two; 0: no gain
    slowest: float = 0.3  # bounds of the gain
    fastest: float = 10.0
    # Gains that fit one by one need not together: a step whose error has risen overshot.
    brake: float = 1.4  # what that takes off all log-gains, with the momentum
    slack: float = 1.004  # rises by less than this factor are not overshooting: the price of bits raises the error too


MOMENTUM = 10  # columns of the optimiser's state, zeros at birth: 8 of averaged step, its weight, the log-gain


@dataclass
class Descent:
    """A fit under way: its arrays are those of one surface, which changes them in place."""

    gaussians: Gaussians
    momentum: np.ndarray  # (N, MOMENTUM) float32
    frozen: np.ndarray  # (N, 2) bool: hold the geometry, hold the coefficient
    best: Gaussians  # those of best_error, once that is finite
    error: float = math.inf  # sum of squared residuals of the state that the last step started from
    best_error: float = math.inf  # the least of those
    fresh: bool = False  # the population has changed since: its error does not compare with the last

    @staticmethod
    def of(gaussians: Gaussians) -> Descent:
        """At its start, with everything free to move."""
        parameters = gaussians.parameters  # zeros_like: of the same array module as these
        momentum = np.zeros_like(parameters, shape=(len(gaussians), MOMENTUM))
        frozen = np.zeros_like(parameters, dtype=bool, shape=(len(gaussians), 2))
        return Descent(gaussians, momentum, frozen, Gaussians(np.zeros_like(parameters)))

    def repopulated(self, gaussians: Gaussians, kept: np.ndarray) -> Descent:
        """With other Gaussians, the first len(kept) of which are those of these indices; the rest are newborn."""
        after = Descent.of(gaussians)
        after.momentum[: len(kept)] = self.momentum[kept]
        after.error, after.fresh = self.error, True
        if len(gaussians) == len(self.gaussians):
            after.best, after.best_error = self.best, self.best_error
        return after

    def moved(self, move: Callable[[np.ndarray], np.ndarray]) -> Descent:
        """A copy elsewhere: `move` copies an array."""
        gaussians, best = (Gaussians(move(each.parameters)) for each in (self.gaussians, self.best))
        return replace(self, gaussians=gaussians, momentum=move(self.momentum), frozen=move(self.frozen), best=best)

    def judge(self, error: float, slack: float) -> tuple[bool, bool]:
        """Takes note of the error of the state that a step starts from.

        Returns:
            Whether it has risen, so that the step before overshot, and whether it is the least of all.
        """
        risen = not self.fresh and error > slack * self.error
        improved = not self.fresh and error < self.best_error
        self.error, self.fresh = error, False
        if improved:
            self.best_error = error
        return risen, improved
