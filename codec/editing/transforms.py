"""Move, turn, scale, mirror: affine maps of the plane, exact on Gaussians.

A point x goes to A x + b, so a mean does, and a covariance becomes A Sigma A^T. The colour at the centre stays, so that
a thing keeps its brightness at any size.

    >>> one = Gaussians.build([[4, 3]], [[[9.0, 0.0], [0.0, 1.0]]], [[1, 0, 0]])
    >>> turned = Affine.rotation(90, about=(0, 0)).of(one)
    >>> turned.mean.round(3).tolist(), turned.covariance[0].round(3).tolist()
    ([[3.0, -4.0]], [[1.0, 0.0], [0.0, 9.0]])
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from daub.codec.editing.drawing import chosen, replaced
from daub.render.gaussians import Gaussians

_LEAST_DETERMINANT = 1e-12  # of a map, below which it flattens what it is applied to


@dataclass(frozen=True)
class Affine:
    """x goes to matrix @ x + offset; lengths in pixels, y downwards.

    Args:
        matrix: (2, 2).
        offset: (2,) pixels.

    Raises:
        ValueError: the map is none that can be undone.
    """

    matrix: np.ndarray
    offset: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "matrix", np.asarray(self.matrix, np.float64).reshape(2, 2))
        object.__setattr__(self, "offset", np.asarray(self.offset, np.float64).reshape(2))
        if not (np.isfinite(self.matrix).all() and np.isfinite(self.offset).all()):
            raise ValueError("an affine map needs numbers")
        if abs(np.linalg.det(self.matrix)) < _LEAST_DETERMINANT:
            raise ValueError("an affine map must not flatten the plane to a line")

    @classmethod
    def about(cls, matrix: np.ndarray, point: tuple[float, float]) -> Affine:
        """The map by a matrix that leaves a point where it is."""
        matrix, point = np.asarray(matrix, np.float64), np.asarray(point, np.float64)
        return cls(matrix, point - matrix @ point)

    @classmethod
    def translation(cls, dx: float, dy: float) -> Affine:
        """Moves to the right and down, pixels."""
        return cls(np.eye(2), np.array([dx, dy]))

    @classmethod
    def rotation(cls, degrees: float, about: tuple[float, float]) -> Affine:
        """Turns about a point, counter-clockwise as seen; multiples of 90 are exact."""
        quarters = degrees / 90
        if float(quarters).is_integer():
            cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[int(quarters) % 4]
        else:
            cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return cls.about(np.array([[cos, sin], [-sin, cos]]), about)

    @classmethod
    def scaling(cls, x: float, y: float, about: tuple[float, float]) -> Affine:
        """Scales along the axes about a point; a negative factor mirrors."""
        return cls.about(np.diag([float(x), float(y)]), about)

    def then(self, other: Affine) -> Affine:
        """This map, and the other one after it."""
        return Affine(other.matrix @ self.matrix, other.matrix @ self.offset + other.offset)

    @property
    def inverse(self) -> Affine:
        """The map that undoes this one."""
        inverse = np.linalg.inv(self.matrix)
        return Affine(inverse, -inverse @ self.offset)

    def of_points(self, points: np.ndarray) -> np.ndarray:
        """Where points (N, 2) go, float64."""
        return np.asarray(points, np.float64) @ self.matrix.T + self.offset

    def of(self, gaussians: Gaussians, selected: np.ndarray | None = None) -> Gaussians:
        """Gaussians after the map. Args: selected: (N,) bool, which of them go along; None: all."""
        if selected is not None:
            return replaced(gaussians, selected, self.of(chosen(gaussians, selected)))
        return of_shapes(gaussians, self.of_points(gaussians.mean), self.matrix)


def of_shapes(gaussians: Gaussians, mean: np.ndarray, matrix: np.ndarray) -> Gaussians:
    """Gaussians with other means, and shapes changed by a matrix, or by one each; colours at the centres stay.

    Args:
        mean: (N, 2) pixels.
        matrix: (2, 2) or (N, 2, 2).
    """
    # Sigma = L L^T, so that A Sigma A^T = (A L)(A L)^T, of which only the factor that is triangular again is missing:
    # worked out from A L and det A, it keeps its digits however thin the ellipse is.
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    k = gaussians.shear.astype(np.float64)
    factor = np.zeros((len(gaussians), 2, 2))
    factor[:, 0, 0], factor[:, 1, 0], factor[:, 1, 1] = l1, k * l3, l3
    factor = matrix @ factor
    after_l1 = np.hypot(factor[:, 0, 0], factor[:, 0, 1])
    slope = (factor[:, 0] * factor[:, 1]).sum(1) / after_l1  # Sigma_xy / l1 = k l3
    stretch = np.abs(np.linalg.det(matrix))
    after_l3 = stretch * (l1 * l3) / after_l1
    columns = [
        np.asarray(mean, np.float64), np.log(np.stack([after_l1, after_l3], 1)), (slope / after_l3)[:, None],
        gaussians.coefficient * np.broadcast_to(np.sqrt(stretch), len(gaussians))[:, None],
    ]  # fmt: skip
    return Gaussians(np.concatenate(columns, 1).astype(gaussians.parameters.dtype))
