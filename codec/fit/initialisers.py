"""Where the first Gaussians of a fit stand: policies with one method, `__call__(target, count, rng) -> Gaussians`.

`GradientWeighted` is the start of the native fit, `UniformRandom` that of GaussianImage and GaussianImage++, and
`SmartSplat`, in smartsplat.py, that of SmartSplat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.fit.smartsplat import SmartSplat
from daub.codec.options import option
from daub.codec.parts import LARGEST_SETTING, Part, by_name
from daub.render.gaussians import Gaussians

_STRIP_ROWS = 512  # rows of pixels that are differentiated at a time


class Initialiser(Protocol):
    """Makes the first Gaussians of a fit."""

    name: str
    on_device: ClassVar[bool]  # whether the target may be an array of a device, as the Gaussians are then

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        """Make `count` Gaussians for target (H, W, 3) float32 in [0, 1]."""


@dataclass(frozen=True)
class GradientWeighted(Part):
    """Draws where the image changes, with sizes from the density of the draw (codec/DESIGN.md, section Fitting).

    - Pixels are drawn with a probability that is mostly that of the image's gradient (Sobel, of its grey) and for the
      rest uniform, so that flat areas are covered; means scatter within the pixel drawn.
    - Gaussians are round, and as wide as neighbours are apart there.
    - They take less than the colour of the pixel below, as neighbours overlap and add up.

        >>> edge = np.zeros((60, 90, 3), np.float32)
        >>> edge[:, 45:] = 1
        >>> first = GradientWeighted()(edge, 100, np.random.default_rng(0))
        >>> bool((abs(first.mean[:, 0] - 44.5) < 2).mean() > 0.6)  # most are where the image changes
        True
    """

    name = "gradient-weighted"
    on_device: ClassVar[bool] = True
    gradient_share: float = option(0.7, 0, 1, "share of the probability that goes by the gradient")
    size: float = option(0.6, 1e-3, 1e3, "standard deviation over 1 / sqrt(Gaussians per pixel there)")
    colour: float = option(0.35, 0, LARGEST_SETTING, "share of the colour of the pixel below")

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        width = target.shape[1]
        grey = target.mean(2)
        gradient = np.hypot(_sobel(grey), _sobel(grey.T).T).ravel().astype(np.float64)
        uniform, total = 1 / gradient.size, float(gradient.sum())
        probability = np.full_like(gradient, uniform)
        if total > 0:
            probability += self.gradient_share * (gradient / total - uniform)
        del gradient  # before the drawing makes more of its size
        probability /= probability.sum()
        pixel = _drawn(probability, count, rng)
        y, x = pixel // width, pixel % width
        mean = np.stack([x, y], 1) + np.asarray(rng.uniform(-0.5, 0.5, (count, 2)), like=target)
        spread = self.size / np.sqrt(np.maximum(probability[pixel] * count, uniform))
        covariance = (spread**2)[:, None, None] * np.asarray(np.eye(2), like=target)
        return Gaussians.build(mean, covariance, self.colour * target[y, x])


def _sobel(grey: np.ndarray) -> np.ndarray:
    """(H, W) float32: the derivative along the rows' axis, smoothed along the other, edges mirrored."""
    rows = np.concatenate([grey[:1], grey, grey[-1:]])
    # By strips, as there are five planes of 64 bits on the way.
    strips = [_sobel_inside(rows[top : top + _STRIP_ROWS + 2]) for top in range(0, len(grey), _STRIP_ROWS)]
    return np.concatenate(strips) if len(strips) > 1 else strips[0]


def _sobel_inside(rows: np.ndarray) -> np.ndarray:
    """The same of rows (R + 2, W) without the first and the last of them: (R, W)."""
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
class UniformRandom(Part):
    """Draws every attribute uniformly, about a pixel wide, and never looks at the image (GaussianImage, released code).

    Args:
        shape: which numbers are drawn from [0, 1). "cholesky": the entries of the factor, with 0.5 added on its
            diagonal. "rotation-scale": the scales, with 0.5 added, and the raw rotation, whose sigmoid is the share of
            a turn. "covariance": the entries of the covariance, as in GaussianImage++.

    Raises:
        DaubError: there is no such shape.

        >>> black = UniformRandom("covariance", colour=0.0)
        >>> first = black(np.ones((40, 60, 3), np.float32), 5, np.random.default_rng(0))
        >>> len(first), bool(first.coefficient.any())
        (5, False)
    """

    name = "uniform-random"
    on_device: ClassVar[bool] = False
    shape: str = "cholesky"
    colour: float = option(1.0, 0, LARGEST_SETTING, "end of the colours drawn; 0: black, as in GaussianImage++")

    def __post_init__(self) -> None:
        super().__post_init__()
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
    """Draw covariances (count, 2, 2), pixels^2: entries xx, xy, yy from [0, 1) + bound, until they are definite."""
    entries = np.empty((count, 3))
    missing = np.arange(count)
    while len(missing):
        entries[missing] = rng.random((len(missing), 3)) + bound
        xx, xy, yy = entries[missing].T
        missing = missing[xx * yy - xy * xy < 0.01 * np.maximum(xx, yy)]  # Gaussians thinner than 0.1 pixels hit none
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

INITIALISERS: dict[str, Initialiser] = by_name(GradientWeighted(), UniformRandom(), SmartSplat())
