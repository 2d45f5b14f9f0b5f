"""What an optimiser moves: `raw` arrays (N, K), and the attributes they stand for.

Each class is a map raw -> attributes (see attributes.py), its inverse, and its exact chain rule. A published method's
own pixel convention is kept: [-1, 1] maps to [0, W] and [0, H].

| class | raw, K = 8 | method |
|---|---|---|
| `Native` | `Gaussians.parameters` | Daub |
| `Cholesky` | position, factor of the covariance, colour | GaussianImage (Cholesky) |
| `RotationScale` | position, two scales, rotation, colour | GaussianImage (RS), SmartSplat |
| `Covariance` | the attributes themselves | GaussianImage++ |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.options import option
from daub.codec.parameters.attributes import COLOUR, COVARIANCE, attributes_of, to_gaussians
from daub.codec.parts import LARGEST_SETTING, Part, by_name
from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, PARAMETERS, Gaussians

_EDGE = 1 - 1e-6  # largest magnitude that tanh is inverted at


class Parametrisation(Protocol):
    """A map from raw numbers to attributes, with its inverse and its chain rule. Sizes are (width, height), pixels."""

    name: str
    groups: dict[str, slice]  # columns of raw by attribute, as learning rates name them
    prune_every: int  # steps between two removals of Gaussians that are not positive definite; 0: none can arise

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Work out the attributes (N, 8) float64 of raw (N, K)."""

    def raw(self, attributes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Work out the raw array (N, K) float32 for attributes (N, 8) with definite covariances."""

    def backward(self, raw: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Work out dL/draw (N, K) float64 from gradient = dL/dattributes (N, 8)."""


@dataclass(frozen=True)
class Native(Part):
    """Daub's own parameters: raw is `Gaussians.parameters`, and every raw number stands for a Gaussian."""

    name = "native"
    groups: ClassVar = {"position": MEAN, "scale": LOG_SCALE, "shear": slice(4, 5), "colour": COEFFICIENT}
    prune_every = 0

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return attributes_of(Gaussians(raw))

    def raw(self, attributes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return to_gaussians(attributes).parameters.astype(np.float32)

    def backward(self, raw: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        l1, l3 = np.exp(raw[:, LOG_SCALE].astype(np.float64)).T
        shear = raw[:, 4].astype(np.float64)
        energy = np.sqrt(np.pi * l1 * l3)
        by_xx, by_xy, by_yy = gradient[:, COVARIANCE].T
        by_colour = gradient[:, COLOUR]
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
class Covariance(Part):
    """The attributes themselves (Li et al., GaussianImage++, AAAI 2026).

    Nothing keeps a covariance definite, so Gaussians that no longer are go, every so many steps.

        >>> raw = Covariance().raw(np.array([[5.0, 5, 4, 1, 4, 1, 1, 1]]), (48, 32))
        >>> raw.tolist()
        [[5.0, 5.0, 4.0, 1.0, 4.0, 1.0, 1.0, 1.0]]
    """

    name = "covariance"
    groups: ClassVar = {"position": MEAN, "covariance": COVARIANCE, "colour": COLOUR}
    prune_every: int = option(100, 0, LARGEST_SETTING, "interval of removing what is not definite; 0: never", " steps")

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return raw.astype(np.float64)

    def raw(self, attributes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return attributes.astype(np.float32)

    def backward(self, raw: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        return gradient


@dataclass(frozen=True)
class Cholesky(Part):
    """Sigma = L L^T with L = [[a, 0], [b, c]] (Zhang et al., GaussianImage, ECCV 2024, section 3.1).

    Every raw number stands for a covariance that is at least semidefinite; the mean is the tanh of the raw position, so
    that none leaves the image.

        >>> raw = Cholesky().raw(np.array([[24.0, 16, 4, 0, 9, 1, 1, 1]]), (48, 32))  # in the middle; 2 by 3 pixels
        >>> raw[0, :5].tolist()
        [0.0, 0.0, 1.5, 0.0, 2.5]
    """

    name = "cholesky"
    groups: ClassVar = {"position": MEAN, "covariance": slice(2, 5), "colour": COLOUR}
    prune_every = 0
    bound: tuple[float, float, float] = option(
        (0.5, 0.0, 0.5), 0, LARGEST_SETTING, "added to raw a, b and c, which keeps Gaussians visible", " px"
    )

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        raw = raw.astype(np.float64)
        a, b, c = (raw[:, 2:5] + self.bound).T
        mean = _Tanh.mean(raw[:, MEAN], size)
        return np.column_stack([mean, a * a, a * b, b * b + c * c, raw[:, COLOUR]])

    def raw(self, attributes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        xx, xy, yy = attributes[:, COVARIANCE].T
        a = np.sqrt(xx)
        b = xy / a
        factor = np.column_stack([a, b, np.sqrt(yy - b * b)])
        position = _Tanh.position(attributes[:, MEAN], size)
        return np.column_stack([position, factor - self.bound, attributes[:, COLOUR]]).astype(np.float32)

    def backward(self, raw: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        a, b, c = (raw[:, 2:5].astype(np.float64) + self.bound).T
        by_xx, by_xy, by_yy = gradient[:, COVARIANCE].T
        columns = [
            _Tanh.backward(raw[:, MEAN], gradient[:, MEAN], size),
            2 * a * by_xx + b * by_xy,
            a * by_xy + 2 * b * by_yy,
            2 * c * by_yy,
            gradient[:, COLOUR],
        ]
        return np.column_stack(columns)


@dataclass(frozen=True)
class RotationScale(Part):
    """Sigma = R S S^T R^T with S = |raw + bound| and the angle 2 pi sigmoid(raw) (GaussianImage, section 3.1).

    SmartSplat has neither the bound nor the tanh.

    Args:
        position: how the mean, in [-1, 1], follows from the raw position: "tanh", by which none leaves the image, or
            "linear", by which it is the raw position itself.

    Raises:
        DaubError: there is no such position.

        >>> raw = RotationScale().raw(np.array([[24.0, 16, 9, 0, 4, 1, 1, 1]]), (48, 32))
        >>> raw[0, :5].tolist()  # in the middle; 3 by 2 pixels; half a turn
        [0.0, 0.0, 2.5, 1.5, 0.0]
    """

    name = "rotation-scale"
    groups: ClassVar = {
        "position": MEAN, "scale": slice(2, 4), "rotation": slice(4, 5), "colour": COLOUR,
    }  # fmt: skip
    prune_every = 0
    bound: float = option(0.5, 0, LARGEST_SETTING, "added to both raw scales, which keeps Gaussians visible", " px")
    position: str = "tanh"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.position not in _POSITIONS:
            what, remedy = f"position {self.position!r} is unknown", f"choose one of {', '.join(_POSITIONS)}"
            raise DaubError(what, "it is none of those there are", remedy)

    def attributes(self, raw: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        raw = raw.astype(np.float64)
        long, short = (raw[:, 2:4] + self.bound).T ** 2
        cos, sin = self._direction(raw)
        mean = _POSITIONS[self.position].mean(raw[:, MEAN], size)
        xx, yy = long * cos**2 + short * sin**2, long * sin**2 + short * cos**2
        return np.column_stack([mean, xx, (long - short) * sin * cos, yy, raw[:, COLOUR]])

    def raw(self, attributes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        xx, xy, yy = attributes[:, COVARIANCE].T
        radius = np.hypot((xx - yy) / 2, xy)
        long = (xx + yy) / 2 + radius
        scales = np.sqrt(np.column_stack([long, (xx * yy - xy * xy) / long]))
        angle = np.pi + np.arctan2(2 * xy, xx - yy) / 2  # of all angles of the axis, the sigmoid resolves this one best
        position = _POSITIONS[self.position].position(attributes[:, MEAN], size)
        rotation = np.log(angle / (2 * np.pi - angle))
        columns = [position, scales - self.bound, rotation, attributes[:, COLOUR]]
        return np.column_stack(columns).astype(np.float32)

    def backward(self, raw: np.ndarray, gradient: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        raw = raw.astype(np.float64)
        first, second = (raw[:, 2:4] + self.bound).T  # signed scales: only their squares count
        cos, sin = self._direction(raw)
        by_xx, by_xy, by_yy = gradient[:, COVARIANCE].T
        by_angle = (first**2 - second**2) * ((cos**2 - sin**2) * by_xy + 2 * sin * cos * (by_yy - by_xx))
        turn = _sigmoid(raw[:, 4])
        columns = [
            _POSITIONS[self.position].backward(raw[:, MEAN], gradient[:, MEAN], size),
            2 * first * (cos**2 * by_xx + sin**2 * by_yy + sin * cos * by_xy),
            2 * second * (sin**2 * by_xx + cos**2 * by_yy - sin * cos * by_xy),
            2 * np.pi * turn * (1 - turn) * by_angle,
            gradient[:, COLOUR],
        ]
        return np.column_stack(columns)

    @staticmethod
    def _direction(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cosine and sine (N,) of the angle of the first scale."""
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

PARAMETRISATIONS: dict[str, Parametrisation] = by_name(Native(), Cholesky(), RotationScale(), Covariance())


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
