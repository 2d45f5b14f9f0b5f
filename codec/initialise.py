"""Where the first Gaussians of a fit stand: policies with one method, `__call__(target, count, rng) -> Gaussians`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from render.gaussians import Gaussians


class Initialiser(Protocol):
    on_device: ClassVar[bool]  # whether the target may be an array of a device, as the Gaussians are then

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        """`count` Gaussians for target (H, W, 3) float32 in [0, 1]."""


@dataclass(frozen=True)
class GradientWeighted:
    """Positions drawn where the image changes, sizes from the density of the draw (CODEC.md section 3)."""

    on_device: ClassVar[bool] = True
    gradient_share: float = 0.7  # the rest is drawn uniformly, so that flat areas are covered
    size: float = 0.6  # standard deviation in units of 1 / sqrt(local density)
    colour: float = 0.35  # of the pixel below: neighbours overlap and add up

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        width = target.shape[1]
        grey = target.mean(2)
        gradient = np.hypot(_sobel(grey), _sobel(grey.T).T).ravel().astype(np.float64)
        uniform, total = 1 / gradient.size, float(gradient.sum())
        probability = np.full_like(gradient, uniform)
        if total > 0:
            probability += self.gradient_share * (gradient / total - uniform)
        probability /= probability.sum()
        pixel = _drawn(probability, count, rng)
        y, x = pixel // width, pixel % width
        mean = np.stack([x, y], 1) + np.asarray(rng.uniform(-0.5, 0.5, (count, 2)), like=target)
        spread = self.size / np.sqrt(np.maximum(probability[pixel] * count, 1 / gradient.size))
        covariance = (spread**2)[:, None, None] * np.asarray(np.eye(2), like=target)
        return Gaussians.build(mean, covariance, self.colour * target[y, x])


def _sobel(grey: np.ndarray) -> np.ndarray:
    """(H, W) float32: the derivative along the rows' axis, smoothed along the other, edges mirrored."""
    rows = np.concatenate([grey[:1], grey, grey[-1:]])
    change = (rows[2:] - rows[:-2]).astype(np.float64)
    sides = np.concatenate([change[:, :1], change, change[:, -1:]], 1)
    return (sides[:, :-2] + 2 * sides[:, 1:-1] + sides[:, 2:]).astype(np.float32)


def _drawn(probability: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """(count,) indices drawn by their probability, as `rng.choice` would, whose arrays are numpy's alone.

    None is drawn twice while that is easy: beyond a quarter of those that can be, some repeat.
    """
    repeat = count > int((probability > 0).sum()) // 4
    found = np.zeros_like(probability[:0], np.int64)
    while len(found) < count:
        probability = probability.copy()
        probability[found] = 0
        cumulated = np.cumsum(probability)
        cumulated /= cumulated[-1:]
        draws = np.asarray(rng.random(count - len(found)), like=probability)
        drawn = np.searchsorted(cumulated, draws, side="right")
        if repeat:
            return drawn
        _, at = np.unique(drawn, return_index=True)
        found = np.concatenate([found, drawn[np.sort(at)]])
    return found
