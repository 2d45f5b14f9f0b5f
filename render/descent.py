"""The optimiser of a fit: settings of the diagonal Gauss-Newton step, and the state that it changes.

How an error of each parameter costs image energy is known in closed form, so the diagonal of the Gauss-Newton matrix
needs no estimate, and no running mean of squares as Adam has: codec/DESIGN.md, section Fitting, has the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from daub.render.gaussians import Gaussians


def _ranged(default: float, smallest: float, largest: float) -> Any:
    """A setting with the ends of its range, which whoever takes it from a person asks for."""
    return field(default=default, metadata={"range": (smallest, largest)})


@dataclass(frozen=True)
class GaussNewton:
    """Settings of the diagonal Gauss-Newton step (codec/DESIGN.md, section Fitting).

    Each Gaussian moves in its own whitened frame (see `Gaussians.gradient_of_parameters`) by

        step = rate * gain * momentum of (gradient / (energy of a unit error + damping))

    - Lengths are trusted up to a bound only: beyond it the first-order cost says nothing.
    - Overlap differs from place to place, so no one rate suits all: each Gaussian has a gain on it, which grows while
      the gradient keeps pointing where the momentum does, and falls when it turns against it.
    - Gains that fit one by one need not fit together. A step whose error has risen overshot: the brake then takes the
      momentum from all Gaussians and lowers their gains.
    """

    name = "gauss-newton"
    rate: float = _ranged(0.4, 1e-12, 10)  # share of a full step: overlap makes that one diverge
    decay: float = _ranged(0.8, 0, 1 - 1e-6)  # momentum kept per step, 0..1
    damping: float = _ranged(0.05, 1e-12, 10)  # added to the energy of a unit error, in units of image energy
    position_trust: float = _ranged(0.5, 0, 1e9)  # longest step of the mean, in the Gaussian's standard deviations
    shape_trust: float = _ranged(0.2, 0, 1e9)  # longest step of log-scale and shear
    smallest: float = _ranged(0.35, 1e-12, 10)  # shortest standard deviation, pixels
    adaption: float = _ranged(0.25, 0, 1e9)  # change of the log-gain per step, times cos(momentum, way down)
    slowest: float = _ranged(0.3, 1e-12, 10)  # least gain
    fastest: float = _ranged(10.0, 1e-12, 10)  # largest gain
    brake: float = _ranged(1.4, 0, 1e9)  # lowering of all log-gains after a step that overshot
    slack: float = _ranged(1.004, 0, 1e9)  # factor of a rise of the error that is none: the price of bits raises it too


LEAST_ENERGY = 0.01  # of an atom under weights: steps are divided by it, and none may become endless
MOMENTUM = 10  # columns of the optimiser's state, zeros at birth: 8 of averaged step, its weight, the log-gain


@dataclass
class Descent:
    """A fit under way: its arrays are those of one surface, which changes them in place. `Surface` shows a whole fit.

    Descent.of --> Surface.advance, again and again --> gaussians, or best where that has the lower error
          ^                        |
          +---- repopulated <------+   births, deaths and relocation, between two calls
    """

    gaussians: Gaussians
    momentum: np.ndarray  # (N, MOMENTUM) float32
    frozen: np.ndarray  # (N, 2) bool: hold the geometry, hold the coefficient
    best: Gaussians  # the Gaussians of best_error, once that is finite
    error: float = math.inf  # sum of weighted squared residuals of the state that the last step started from
    squares: float = math.inf  # the same without weights
    best_error: float = math.inf  # least error of any state with this number of Gaussians, fresh ones apart
    fresh: bool = False  # whether the population has changed since `error`, which then compares with no other

    @staticmethod
    def of(gaussians: Gaussians) -> Descent:
        """A descent at its start, with everything free to move."""
        parameters = gaussians.parameters  # zeros_like: of the same array module as these
        momentum = np.zeros_like(parameters, shape=(len(gaussians), MOMENTUM))
        frozen = np.zeros_like(parameters, dtype=bool, shape=(len(gaussians), 2))
        return Descent(gaussians, momentum, frozen, Gaussians(np.zeros_like(parameters)))

    def repopulated(self, gaussians: Gaussians, kept: np.ndarray) -> Descent:
        """The descent of another population, in which those that stay keep their momentum.

        Args:
            gaussians: those that stay first, then the newborn.
            kept: (M,) integer, indices that the first M had before.
        """
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
        """Takes note of the error of the state that a step starts from, and says what follows for that step.

            fresh | error > slack * last | error < best | risen | improved | why
            ------+----------------------+--------------+-------+----------+------------------------------------
            yes   | any                  | any          | no    | no       | another population: nothing compares
            no    | no                   | no           | no    | no       |
            no    | no                   | yes          | no    | yes      |
            no    | yes                  | no           | yes   | no       | the step before overshot
            no    | yes                  | yes          | yes   | yes      | the fresh state before was lower still

        Risen, the step is taken and then braked; improved, `best` becomes the state that the step starts from. Either
        way `last` becomes this error and the population is no longer fresh. `cuda.source.VERDICT` is the same on a
        device.

        Args:
            error: sum of weighted squared residuals.
            slack: `GaussNewton.slack`.

        Returns:
            Whether it has risen, and whether it has improved.
        """
        risen = not self.fresh and error > slack * self.error
        improved = not self.fresh and error < self.best_error
        self.error, self.fresh = error, False
        if improved:
            self.best_error = error
        return risen, improved
