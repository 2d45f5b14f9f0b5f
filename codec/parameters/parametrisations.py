"""What the optimiser moves: `raw` arrays (N, K), and the attributes they stand for.

Each class is a map raw -> attributes (see attributes.py), its inverse, and its exact chain rule. Sizes of images are
(width, height). A published method's own pixel convention is kept: [-1, 1] maps to [0, W] and [0, H].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.parameters import attributes as plain
from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, PARAMETERS, Gaussians

_EDGE = 1 - 1e-6  # of [-1, 1]: where tanh is inverted at most


class Parametrisation(Protocol):
    groups: dict[str, slice]  # the columns of raw by attribute, as learning rates name them
    prune_every: int  # steps between two removals of Gaussians that are not positive definite; 0: none can arise

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """(N, 8) float64 attributes of raw (N, K)."""

    def raw(self, attributes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """(N, K) float32 that stand for attributes (N, 8) with definite covariances."""

    def backward(self, raw: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """dL/draw (N, K) float64 from gradient = dL/dattributes (N, 8)."""


@dataclass(frozen=True)
class Native:
    """Our own parameters: raw is `Gaussians.parameters`."""

    groups: ClassVar = {"position": MEAN, "scale": LOG_SCALE, "shear": slice(4, 5), "colour": COEFFICIENT}
    prune_every = 0

    def attributes(self, raw, size):
        return plain.of_gaussians(Gaussians(raw))

    def raw(self, attributes, size):
        return plain.to_gaussians(attributes).parameters.astype(np.float32)

    def backward(self, raw, gradient, size):
        l1, l3 = np.exp(raw[:, LOG_SCALE].astype(np.float64)).T
        shear = raw[:, 4].astype(np.float64)
        energy = np.sqrt(np.pi * l1 * l3)
        by_xx, by_xy, by_yy = gradient[:, plain.COVARIANCE].T
        by_colour = gradient[:, plain.COLOUR]
        # xx = l1^2, xy = k l1 l3, yy = (k^2 + 1) l3^2, colour = e / sqrt(pi l1 l3).
        by_energy = -0.5 * (by_colour * raw[:, COEFFICIENT]).sum(1) / energy
        xy = shear * l1 * l3
        out = np.empty((len(raw), PARAMETERS))
        out[:, MEAN] = gradient[:, MEAN]
        out[:, 2] = 2 * l1 * l1 * by_xx + xy * by_xy + by_energy
        out[:, 3] = xy * by_xy + 2 * (shear**2 + 1) * l3 * l3 * by_yy + by_energy
        out[:, 4] = l1 * l3 * by_xy + 2 * shear * l3 * l3 * by_yy
        out[:, COEFFICIENT] = by_colour / energy[:, None]
        return out


@dataclass(frozen=True)
class Covariance:
    """The attributes themselves (Li et al., GaussianImage++, AAAI 2026)."""

    groups: ClassVar = {"position": MEAN, "covariance": plain.COVARIANCE, "colour": plain.COLOUR}
    prune_every: int = 100

    def attributes(self, raw, size):
        return raw.astype(np.float64)

    def raw(self, attributes, size):
        return attributes.astype(np.float32)

    def backward(self, raw, gradient, size):
        return gradient


@dataclass(frozen=True)
class Cholesky:
    """Sigma = L L^T with L = [[a, 0], [b, c]] (Zhang et al., GaussianImage, ECCV 2024)."""

    groups: ClassVar = {"position": MEAN, "covariance": slice(2, 5), "colour": plain.COLOUR}
    prune_every = 0
    bound: tuple[float, float, float] = (0.5, 0.0, 0.5)  # pixels, added to raw a, b, c

    def attributes(self, raw, size):
        raw = raw.astype(np.float64)
        a, b, c = (raw[:, 2:5] + self.bound).T
        mean = _Tanh.mean(raw[:, MEAN], size)
        return np.column_stack([mean, a * a, a * b, b * b + c * c, raw[:, plain.COLOUR]])

    def raw(self, attributes, size):
        xx, xy, yy = attributes[:, plain.COVARIANCE].T
        a = np.sqrt(xx)
        b = xy / a
        factor = np.column_stack([a, b, np.sqrt(yy - b * b)])
        position = _Tanh.position(attributes[:, MEAN], size)
        return np.column_stack([position, factor - self.bound, attributes[:, plain.COLOUR]]).astype(np.float32)

    def backward(self, raw, gradient, size):
        a, b, c = (raw[:, 2:5].astype(np.float64) + self.bound).T
        by_xx, by_xy, by_yy = gradient[:, plain.COVARIANCE].T
        columns = [
            _Tanh.backward(raw[:, MEAN], gradient[:, MEAN], size),
            2 * a * by_xx + b * by_xy,
            a * by_xy + 2 * b * by_yy,
            2 * c * by_yy,
            gradient[:, plain.COLOUR],
        ]
        return np.column_stack(columns)


@dataclass(frozen=True)
class RotationScale:
    """Sigma = R S S^T R^T with S = |raw + bound| and the angle 2 pi sigmoid(raw) (GaussianImage)."""

    groups: ClassVar = {
        "position": MEAN, "scale": slice(2, 4), "rotation": slice(4, 5), "colour": plain.COLOUR,
    }  # fmt: skip
    prune_every = 0
    bound: float = 0.5  # pixels, added to the raw scales; SmartSplat has none
    position: str = "tanh"  # of raw is the mean in [-1, 1]; or "linear": it is raw itself, as in SmartSplat

    def __post_init__(self):
        if self.position not in _POSITIONS:
            raise DaubError(
                f"position {self.position!r} is unknown", "it is none of those there are", _either(_POSITIONS)
            )

    def attributes(self, raw, size):
        raw = raw.astype(np.float64)
        long, short = (raw[:, 2:4] + self.bound).T ** 2
        cos, sin = self._direction(raw)
        mean = _POSITIONS[self.position].mean(raw[:, MEAN], size)
        xx, yy = long * cos**2 + short * sin**2, long * sin**2 + short * cos**2
        return np.column_stack([mean, xx, (long - short) * sin * cos, yy, raw[:, plain.COLOUR]])

    def raw(self, attributes, size):
        xx, xy, yy = attributes[:, plain.COVARIANCE].T
        radius = np.hypot((xx - yy) / 2, xy)
        long = (xx + yy) / 2 + radius
        scales = np.sqrt(np.column_stack([long, (xx * yy - xy * xy) / long]))
        angle = np.pi + np.arctan2(2 * xy, xx - yy) / 2  # of all angles of an axis the one the sigmoid resolves best
        position = _POSITIONS[self.position].position(attributes[:, MEAN], size)
        rotation = np.log(angle / (2 * np.pi - angle))
        columns = [position, scales - self.bound, rotation, attributes[:, plain.COLOUR]]
        return np.column_stack(columns).astype(np.float32)

    def backward(self, raw, gradient, size):
        raw = raw.astype(np.float64)
        first, second = (raw[:, 2:4] + self.bound).T  # their signs drop out: |s|^2 = s^2
        cos, sin = self._direction(raw)
        by_xx, by_xy, by_yy = gradient[:, plain.COVARIANCE].T
        by_angle = (first**2 - second**2) * ((cos**2 - sin**2) * by_xy + 2 * sin * cos * (by_yy - by_xx))
        turn = _sigmoid(raw[:, 4])
        columns = [
            _POSITIONS[self.position].backward(raw[:, MEAN], gradient[:, MEAN], size),
            2 * first * (cos**2 * by_xx + sin**2 * by_yy + sin * cos * by_xy),
            2 * second * (sin**2 * by_xx + cos**2 * by_yy - sin * cos * by_xy),
            2 * np.pi * turn * (1 - turn) * by_angle,
            gradient[:, plain.COLOUR],
        ]
        return np.column_stack(columns)

    def _direction(self, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        angle = 2 * np.pi * _sigmoid(raw[:, 4])
        return np.cos(angle), np.sin(angle)


class _Linear:
    """mean = size/2 (position + 1)."""

    @staticmethod
    def mean(position: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return np.array(size) / 2 * (position + 1)

    @staticmethod
    def position(mean: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return 2 * mean / size - 1

    @staticmethod
    def backward(position: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return np.array(size) / 2 * gradient


class _Tanh:
    """mean = size/2 (tanh(position) + 1): no mean leaves the image."""

    @staticmethod
    def mean(position: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return _Linear.mean(np.tanh(position), size)

    @staticmethod
    def position(mean: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return np.arctanh(np.clip(_Linear.position(mean, size), -_EDGE, _EDGE))

    @staticmethod
    def backward(position: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return _Linear.backward(position, gradient, size) * (1 - np.tanh(position.astype(np.float64)) ** 2)


_POSITIONS = {"tanh": _Tanh, "linear": _Linear}


def _either(known) -> str:
    return f"choose one of {', '.join(known)}"


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
