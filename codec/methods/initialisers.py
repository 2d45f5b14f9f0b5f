"""Gaussians anywhere, of random shape and colour; `codec.initialise` has our own start, smartsplat.py another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from codec.errors import DaubError
from render.gaussians import Gaussians


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
