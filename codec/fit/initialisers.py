"""Where the first Gaussians of a fit stand: policies with one method, `__call__(target, count, rng) -> Gaussians`.

`GradientWeighted` is the start of the native fit, `UniformRandom` that of GaussianImage and GaussianImage++;
smartsplat.py holds the one of SmartSplat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from daub.codec.errors import DaubError
from daub.render.gaussians import Gaussians


class Initialiser(Protocol):
    on_device: ClassVar[bool]  # whether the target may be an array of a device, as the Gaussians are then

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        """`count` Gaussians for target (H, W, 3) float32 in [0, 1]."""


@dataclass(frozen=True)
class GradientWeighted:
    """Positions drawn where the image changes, sizes from the density of the draw (DESIGN.md, "Fitting")."""

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


@dataclass(frozen=True)
class UniformRandom:
    """Of every attribute a uniform draw, about a pixel wide (GaussianImage, released code).

    The image is not looked at. `shape` says which numbers are drawn from [0, 1): "cholesky", the factor's entries, with
    0.5 added on its diagonal; "rotation-scale", the scales, with 0.5 added, and the raw rotation, whose sigmoid is the
    share of a turn; "covariance", its entries (GaussianImage++).
    """

    on_device: ClassVar[bool] = False
    shape: str = "cholesky"
    colour: float = 1.0  # the colours are drawn from [0, colour); 0: black, as in GaussianImage++

    def __post_init__(self):
        if self.shape not in _SHAPES:
            raise DaubError(
                f"shape {self.shape!r} is unknown",
                "it is none of those there are",
                f"choose one of {', '.join(_SHAPES)}",
            )

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        height, width, _ = target.shape
        mean = rng.random((count, 2)) * (width, height)
        covariance = _SHAPES[self.shape](count, rng)
        return Gaussians.build(mean, covariance, self.colour * rng.random((count, 3)))


def covariances(count: int, bound: tuple[float, float, float], rng: np.random.Generator) -> np.ndarray:
    """(count, 2, 2) positive definite, their entries xx, xy, yy drawn from [0, 1) + bound until they are."""
    entries = np.empty((count, 3))
    missing = np.arange(count)
    while len(missing):
        entries[missing] = rng.random((len(missing), 3)) + bound
        xx, xy, yy = entries[missing].T
        missing = missing[xx * yy - xy * xy < 0.01 * np.maximum(xx, yy)]  # thinner than 0.1 pixels hits none
    return entries[:, [0, 1, 1, 2]].reshape(count, 2, 2)


def _cholesky(count: int, rng: np.random.Generator) -> np.ndarray:
    factor = np.zeros((count, 2, 2))
    factor[:, 0, 0], factor[:, 1, 0], factor[:, 1, 1] = rng.random((3, count)) + np.array([[0.5], [0], [0.5]])
    return factor @ factor.transpose(0, 2, 1)


def _rotation_scale(count: int, rng: np.random.Generator) -> np.ndarray:
    angle = 2 * np.pi / (1 + np.exp(-rng.random(count)))
    axis = np.stack([np.cos(angle), np.sin(angle)], 1)
    along = axis[:, :, None] * axis[:, None, :]
    first, second = (0.5 + rng.random((2, count, 1, 1))) ** 2
    return first * along + second * (np.eye(2) - along)


_SHAPES = {
    "cholesky": _cholesky,
    "rotation-scale": _rotation_scale,
    "covariance": lambda count, rng: covariances(count, (0.0, 0.0, 0.0), rng),
}
