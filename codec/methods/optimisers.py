"""First-order optimisers on raw arrays (N, K), and the schedule of their learning rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np


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
        mean, square = state.moments
        beta1, beta2 = self.betas
        _average(mean, gradient, beta1)
        _average(square, gradient * gradient, beta2)
        scale = np.sqrt(square / (1 - beta2**state.steps)) + self.epsilon
        raw -= rate / (1 - beta1**state.steps) * mean / scale


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
        newborn = ~state.moments.any(axis=(0, 2))
        mean, change, square, last = state.moments
        beta1, beta2, beta3 = self.betas
        difference = np.where(newborn[:, None], 0, gradient - last)
        _average(mean, gradient, beta1)
        _average(change, difference, beta2)
        _average(square, (gradient + beta2 * difference) ** 2, beta3)
        last[:] = gradient
        scale = np.sqrt(square) / math.sqrt(1 - beta3**state.steps) + self.epsilon
        step = mean / (1 - beta1**state.steps) + beta2 * change / (1 - beta2**state.steps)
        raw -= rate * step / scale


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


def _average(moment: np.ndarray, value: np.ndarray, beta: float) -> None:
    moment *= beta
    moment += (1 - beta) * value
