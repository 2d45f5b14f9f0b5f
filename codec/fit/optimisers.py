"""First-order optimisers on raw arrays (N, K), and the schedule of their learning rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from daub.render.jit import njit


@dataclass
class OptimiserState:
    moments: np.ndarray  # (M, N, K) float32, zero for newborn Gaussians
    steps: int = 0

    def repopulated(self, kept: np.ndarray, count: int) -> OptimiserState:
        """That of `count` Gaussians, the first len(kept) of which are those of these indices; the rest are newborn."""
        moments = np.zeros((len(self.moments), count, self.moments.shape[2]), np.float32)
        moments[:, : len(kept)] = self.moments[:, kept]
        return OptimiserState(moments, self.steps)


class Optimiser(Protocol):
    moments: int  # averages kept of every number
    rate: float  # learning rate
    rates: Mapping[str, float]  # of single attributes, as `Parametrisation.groups` names them, where they differ

    def step(self, raw: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: np.ndarray) -> None:
        """One step on raw (N, K) in place, with the learning rate (K,) of each column; `state` moves on."""


@dataclass(frozen=True)
class Adam:
    """Kingma and Ba, ICLR 2015, algorithm 1."""

    moments = 2
    rate: float = 1e-3
    rates: Mapping[str, float] = field(default_factory=dict)
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8

    def step(self, raw, gradient, state, rate):
        state.steps += 1
        _adam(raw, gradient, state.moments, np.asarray(rate, np.float64), state.steps, self.betas, self.epsilon)


@dataclass(frozen=True)
class Adan:
    """Xie et al., "Adan: Adaptive Nesterov Momentum Algorithm", TPAMI 2024, algorithm 1, without weight decay.

    The betas are those of the authors' code, one minus those of the paper, with its bias correction.
    """

    moments = 4
    rate: float = 1e-3
    rates: Mapping[str, float] = field(default_factory=dict)
    betas: tuple[float, float, float] = (0.98, 0.92, 0.99)
    epsilon: float = 1e-8

    def step(self, raw, gradient, state, rate):
        state.steps += 1
        _adan(raw, gradient, state.moments, np.asarray(rate, np.float64), state.steps, self.betas, self.epsilon)


@dataclass(frozen=True)
class StepDecay:
    """The learning rate falls by a factor at equal intervals (StepLR).

    The interval is a share of the fit, so that a short one has the same schedule: 20 000 of 50 000 steps are 0.4.
    """

    every: float = 0.4  # of all steps
    factor: float = 0.5

    def __call__(self, step: int, steps: int) -> float:
        """The factor on the learning rate of `step`, from 0, of `steps`."""
        return self.factor ** int(step / (self.every * steps))


@njit(cache=True)
def _adam(raw, gradient, moments, rate, steps, betas, epsilon):
    """One step on raw (N, K) and moments (2, N, K), in place."""
    beta1, beta2 = betas
    unbias1, unbias2 = 1 - beta1**steps, 1 - beta2**steps
    means, squares = moments[0], moments[1]
    for n in range(len(raw)):
        for k in range(raw.shape[1]):
            g = gradient[n, k]
            mean = beta1 * means[n, k] + (1 - beta1) * g
            square = beta2 * squares[n, k] + (1 - beta2) * g * g
            means[n, k], squares[n, k] = mean, square
            raw[n, k] -= rate[k] / unbias1 * mean / (math.sqrt(square / unbias2) + epsilon)


@njit(cache=True)
def _adan(raw, gradient, moments, rate, steps, betas, epsilon):
    """One step on raw (N, K) and moments (4, N, K), in place; rows of zero moments are newborn."""
    beta1, beta2, beta3 = betas
    unbias1, unbias2, unbias3 = 1 - beta1**steps, 1 - beta2**steps, 1 - beta3**steps
    means, changes, squares, lasts = moments[0], moments[1], moments[2], moments[3]
    for n in range(len(raw)):
        newborn = not moments[:, n].any()
        for k in range(raw.shape[1]):
            g = gradient[n, k]
            difference = 0.0 if newborn else g - lasts[n, k]
            mean = beta1 * means[n, k] + (1 - beta1) * g
            change = beta2 * changes[n, k] + (1 - beta2) * difference
            square = beta3 * squares[n, k] + (1 - beta3) * (g + beta2 * difference) ** 2
            means[n, k], changes[n, k], squares[n, k], lasts[n, k] = mean, change, square, g
            step = mean / unbias1 + beta2 * change / unbias2
            raw[n, k] -= rate[k] * step / (math.sqrt(square / unbias3) + epsilon)
