"""First-order optimisers on raw arrays (N, K), and the schedule of their learning rates.

`Adan` is that of GaussianImage, `Adam` that of GaussianImage++ and SmartSplat. The native fit takes diagonal
Gauss-Newton steps instead: their settings, `GaussNewton`, stand in render/descent.py beside the kernels that take them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from daub.codec.options import Option, option
from daub.codec.parts import LARGEST_SETTING, Part, by_name, preset
from daub.render.descent import GaussNewton
from daub.render.jit import njit

SMALLEST_RATE, LARGEST_RATE = 1e-12, 10  # ends of the range of a learning rate
LARGEST_BETA = 1 - 1e-6  # end of the range of the share of an average that is kept per step


@dataclass
class OptimiserState:
    """What an optimiser remembers of a population from step to step.

    Args:
        moments: (M, N, K) float32, zero for newborn Gaussians.
        steps: how many it has taken.
    """

    moments: np.ndarray
    steps: int = 0

    def repopulated(self, kept: np.ndarray, count: int) -> OptimiserState:
        """Make the state of `count` Gaussians: the first len(kept) are those of these indices, the rest newborn."""
        moments = np.zeros((len(self.moments), count, self.moments.shape[2]), np.float32)
        moments[:, : len(kept)] = self.moments[:, kept]
        return OptimiserState(moments, self.steps)


class Optimiser(Protocol):
    """Turns gradients into steps."""

    name: str
    moments: int  # number of averages that are kept for every number of raw
    rate: float  # learning rate
    rates: Mapping[str, float]  # those of single attributes, as `Parametrisation.groups` names them, where they differ

    def step(self, raw: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: np.ndarray) -> None:
        """Take a step on raw, in place; `state` moves on.

        Args:
            raw, gradient: (N, K).
            rate: (K,) learning rate of each column.
        """


def _rates() -> Mapping[str, float]:
    described = Option(
        None, SMALLEST_RATE, LARGEST_RATE, "learning rates of attributes by name, where they differ", decimals=6
    )
    return field(default_factory=dict, metadata={"option": described})


@dataclass(frozen=True)
class Adam(Part):
    """Averages of the gradient and of its square, and steps along their ratio (Kingma and Ba, ICLR 2015, algorithm 1).

    GaussianImage++ has a rate of 0.018 and an epsilon of 1e-15, SmartSplat a rate for each attribute.

        >>> raw, adam = np.zeros((1, 8), np.float32), Adam(rate=0.01)
        >>> state = OptimiserState(np.zeros((adam.moments, 1, 8), np.float32))
        >>> adam.step(raw, np.ones_like(raw), state, np.full(8, adam.rate))
        >>> round(float(raw[0, 0]), 6), state.steps
        (-0.01, 1)
    """

    name = "adam"
    moments = 2
    rate: float = option(1e-3, SMALLEST_RATE, LARGEST_RATE, "learning rate")
    rates: Mapping[str, float] = _rates()
    betas: tuple[float, float] = option((0.9, 0.999), 0, LARGEST_BETA, "shares of both averages kept per step")
    epsilon: float = option(1e-8, 0, LARGEST_SETTING, "added to the root of the averaged square")

    def step(self, raw: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: np.ndarray) -> None:
        state.steps += 1
        _adam(raw, gradient, state.moments, np.asarray(rate, np.float64), state.steps, self.betas, self.epsilon)


@dataclass(frozen=True)
class Adan(Part):
    """Averages of the gradient, of its change and of their square (Xie et al., "Adan", TPAMI 2024, algorithm 1).

    Nesterov's step is taken from the change of the gradient, without a second look; there is no weight decay. Betas are
    those of the authors' code, one minus those of the paper, with its correction of the bias of young averages.
    GaussianImage uses it, at a rate of 1e-3.

        >>> raw, adan = np.zeros((1, 8), np.float32), Adan()
        >>> state = OptimiserState(np.zeros((adan.moments, 1, 8), np.float32))
        >>> adan.step(raw, np.ones_like(raw), state, np.full(8, adan.rate))
        >>> round(float(raw[0, 0]), 6)
        -0.001
    """

    name = "adan"
    moments = 4
    rate: float = option(1e-3, SMALLEST_RATE, LARGEST_RATE, "learning rate")
    rates: Mapping[str, float] = _rates()
    betas: tuple[float, float, float] = option(
        (0.98, 0.92, 0.99), 0, LARGEST_BETA, "shares of the averages of gradient, change and square kept per step"
    )
    epsilon: float = option(1e-8, 0, LARGEST_SETTING, "added to the root of the averaged square")

    def step(self, raw: np.ndarray, gradient: np.ndarray, state: OptimiserState, rate: np.ndarray) -> None:
        state.steps += 1
        _adan(raw, gradient, state.moments, np.asarray(rate, np.float64), state.steps, self.betas, self.epsilon)


OPTIMISERS: dict[str, Optimiser | GaussNewton] = by_name(GaussNewton(), Adam(), Adan())


@dataclass(frozen=True)
class StepDecay(Part):
    """The learning rate falls by a factor at equal intervals (StepLR, as GaussianImage and GaussianImage++ have it).

    The interval is a share of the fit, so that a short one has the same schedule: 20 000 of 50 000 steps are 0.4.

        >>> [StepDecay()(step, 50_000) for step in (0, 19_999, 20_000, 40_000)]
        [1.0, 1.0, 0.5, 0.25]
    """

    every: float = option(0.4, 1e-6, 1, "interval as a share of the fit")
    factor: float = option(
        0.5, 0, LARGEST_SETTING, "factor on the learning rate after each interval; 1: it is constant"
    )
    name: str = preset("step-decay")

    def __call__(self, step: int, steps: int) -> float:
        """Tell the factor on the learning rate at `step`, from 0 on, of `steps`."""
        return self.factor ** int(step / (self.every * steps))


SCHEDULES = by_name(StepDecay(factor=1.0, name="constant"), StepDecay())


@njit(cache=True)
def _adam(raw, gradient, moments, rate, steps, betas, epsilon):
    """Take a step on raw (N, K) and moments (2, N, K), in place."""
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
    """Take a step on raw (N, K) and moments (4, N, K), in place; rows of zero moments are newborn."""
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
