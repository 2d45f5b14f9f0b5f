"""Smear and blur along a stroke: Gaussians are moved and widened, most in the middle of the brush.

- Smear drags what is small beside the brush along, as a finger does in wet paint: each step of the stroke is a smooth
  shift of the plane, which moves means and stretches shapes. What is larger than the brush stays, or the picture far
  away would move, too.
- Blur widens by a variance and keeps integrals, so that light spreads and none is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from daub.codec.editing.drawing import chosen, replaced
from daub.codec.editing.shapes import Stroke
from daub.codec.editing.transforms import of_shapes
from daub.render.gaussians import MEAN, Gaussians

STEP = 0.2  # of the brush's radius, longest step of a smear: larger ones would fold the plane
_LARGE = 0.4  # of the brush's radius, longest standard deviation of a Gaussian that goes along by half


def smeared(
    gaussians: Gaussians, stroke: Stroke, strength: float = 0.7, selected: np.ndarray | None = None
) -> Gaussians:
    """Gaussians (N, 8) after a finger has gone along a stroke.

    Args:
        strength: 0 to 1, how much of the way of the brush what is in its middle goes along.
        selected: (N,) bool, which may move; None: all.
    """
    if selected is not None:
        return replaced(gaussians, selected, smeared(chosen(gaussians, selected), stroke, strength))
    radius = stroke.radius
    parameters = gaussians.parameters.copy()
    reach = Stroke(stroke.path, 1.01 * radius + strength * _length(stroke.path)).distance(gaussians.mean)
    near = np.flatnonzero(np.isfinite(reach))
    for start, step in steps_along(stroke.path, STEP * radius):
        away = parameters[near, MEAN] - start.astype(np.float32)
        touched = (away**2).sum(1) < radius**2  # the others stay, to the bit
        under = near[touched]
        parameters[under] = _dragged(Gaussians(parameters[under]), start, step, radius, strength).parameters
    return Gaussians(parameters)


def _dragged(gaussians: Gaussians, start: np.ndarray, step: np.ndarray, radius: float, strength: float) -> Gaussians:
    """What lies under the brush after one short step. Args: start, step: (2,), as of `steps_along`."""
    away = gaussians.mean.astype(np.float64) - start
    shape = bump(*away.T, radius)
    size = long_axis(gaussians) / (_LARGE * radius)
    taken = strength / (1 + size**4)
    # x goes to x + step * taken * shape^2, whose derivative is 1 + step times that of shape^2.
    slope = (taken * shape * -4 / radius**2)[:, None] * away
    jacobian = np.eye(2) + step[None, :, None] * slope[:, None, :]
    return of_shapes(gaussians, gaussians.mean + (taken * shape**2)[:, None] * step, jacobian)


def blurred(gaussians: Gaussians, stroke: Stroke, deviation: float, selected: np.ndarray | None = None) -> Gaussians:
    """Gaussians (N, 8) as if the picture under a stroke were blurred.

    Args:
        deviation: of the blur in the middle of the brush, pixels; it falls to none at the edge.
        selected: (N,) bool, which may change; None: all.
    """
    away = stroke.distance(gaussians.mean) / stroke.radius
    share = bump(np.minimum(away, 1), np.zeros_like(away), 1.0)
    if selected is not None:
        share *= selected
    changed = share > 0
    parameters = gaussians.parameters.copy()
    parameters[changed] = _widened(chosen(gaussians, changed), (deviation * share[changed]) ** 2).parameters
    return Gaussians(parameters)


def _widened(gaussians: Gaussians, variance: np.ndarray) -> Gaussians:
    """Every covariance larger by a variance (N,), pixels^2; integrals stay."""
    covariance = gaussians.covariance.astype(np.float64)
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    wide = covariance + variance[:, None, None] * np.eye(2)
    after_l1 = np.sqrt(wide[:, 0, 0])
    # The determinant from its parts, all positive: a difference of products would lose the digits of a thin ellipse.
    after_l3 = np.sqrt((l1 * l3) ** 2 + variance * (covariance[:, 0, 0] + covariance[:, 1, 1]) + variance**2) / after_l1
    shear = wide[:, 0, 1] / (after_l1 * after_l3)
    # c l1 l3 stays, and e = c * sqrt(pi l1 l3).
    coefficient = gaussians.coefficient * np.sqrt(l1 * l3 / (after_l1 * after_l3))[:, None]
    columns = [gaussians.mean, np.log(np.stack([after_l1, after_l3], 1)), shear[:, None], coefficient]
    return Gaussians(np.concatenate(columns, 1).astype(np.float32))


def bump(dx: np.ndarray, dy: np.ndarray, radius: float) -> np.ndarray:
    """1 in the middle of the brush, 0 from its edge on; its square is smooth there, too."""
    return np.clip(1 - (dx * dx + dy * dy) / radius**2, 0, 1)


def long_axis(gaussians: Gaussians) -> np.ndarray:
    """(N,) pixels: the longest standard deviation of each.

    >>> long_axis(Gaussians.build([[0, 0]], [[[5.0, 3.0], [3.0, 5.0]]], [[1, 1, 1]])).round(4).tolist()
    [2.8284]
    """
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    half = (l1**2 + l3**2 * (1 + gaussians.shear.astype(np.float64) ** 2)) / 2
    return np.sqrt(half + np.sqrt(np.maximum(half**2 - (l1 * l3) ** 2, 0)))


def _length(path: np.ndarray) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum()) if len(path) > 1 else 0.0


def steps_along(path: np.ndarray, longest: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Where the brush stands, and how it goes on from there, (2,) each: along a line (K, 2), in short steps."""
    for begin, end in pairwise(path):
        count = max(int(np.ceil(np.hypot(*(end - begin)) / longest)), 1)
        for i in range(count):
            yield begin + (end - begin) * (i / count), (end - begin) / count
