"""Views of a scene that came without cameras: around an object, or from within a room.

Scenes have outliers, so that the middle of one and its size are told by weight, which is opacity. Objects are seen from
a little below to high above, as they are photographed: their undersides are mostly made up. What is made here nobody
has looked through: a view may stand before a wall, and whoever renders should leave out those that see nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats

UP = (0.0, -1.0, 0.0)  # y points down
FIELD_OF_VIEW = 60.0  # degrees, vertical
TURN_ABOVE = 0.3  # sine of the angle that a turntable is seen from above at
TURN_RADII = 2.2  # how far away: all of the object is in the picture
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
_TURN_OF_SEEDS = 0.7548776662466927  # of a turn from one seed to the next: far from multiples of the golden one
_RADII = (1.2, 2.0)  # how far from the middle, in radii of the object: from a part of it to all
_STEEPEST = 0.85  # sine of the angle to the horizon, above an object and in a room: at the pole nothing is up
_LOWEST = 0.25  # likewise, below an object
_BOX = (5, 95)  # percent of the weight that the box of a room leaves out on each side
_HOLLOW = 0.05  # share within a third of the radius, of the weight and of what it covers: a room has less of both
_INNER = 1 / 3
_LARGEST_LOG = 30.0  # of a scale that counts, up and down: infinite ones are none to stand back from
_FINEST = 1e-6  # of the coordinates: about what float32 tells apart


@dataclass(frozen=True)
class Extent:
    """Where a scene is, outliers left out.

    Args:
        low, high: (3,) corners of the box that leaves out 5 % of the weight on each side.
        middle: (3,) of that box: the median lies where there is most detail, which may be at one end.
        radius: from there, of 90 % of the weight; where all are in one place, three times their largest scale. It is
            more than 0, and a millionth of the coordinates at least, so that a view which is so far away differs.
        hollow: next to nothing stands around the middle, as in a room.
    """

    low: np.ndarray
    high: np.ndarray
    middle: np.ndarray
    radius: float
    hollow: bool


def extent_of(splats: Splats) -> Extent:
    """
    Args:
        splats: at least one, finite places.
    """
    weight = splats.opacity.astype(np.float64) + 1e-12
    means = splats.means.astype(np.float64)
    low, high = np.array([_quantiles(axis, weight, _BOX) for axis in means.T]).T
    middle = (low + high) / 2
    distance = np.linalg.norm(means - middle, axis=1)
    (radius,) = _quantiles(distance, weight, (90,))
    if not radius > 0:  # all in one place
        radius = 3 * np.exp(np.clip(float(splats.log_scales.max()), -_LARGEST_LOG, _LARGEST_LOG))
    radius = max(radius, _FINEST * np.abs(middle).max())
    inner = distance < _INNER * radius
    shares = [each[inner].sum() / each.sum() for each in (weight, _areas(splats) * weight)]
    return Extent(low, high, middle, float(radius), bool(max(shares) < _HOLLOW))


def made_views(
    splats: Splats, count: int, width: int, height: int, inside: bool | None = None, seed: int = 0
) -> tuple[Camera, ...]:
    """Views of a scene, the same for equal scenes and numbers.

    Args:
        count: of views.
        width, height: pixels of each.
        inside: from within, looking outward; None: where the scene is hollow, as a room is.
        seed: another one makes others: around an object on other sides and at other distances.
    """
    extent = extent_of(splats)
    within = extent.hollow if inside is None else inside
    eyes, targets = _within(extent, count, seed) if within else _around(extent, count, seed)
    return tuple(
        Camera.looking(eye, at, UP, width, height, FIELD_OF_VIEW, f"view {index + 1}")
        for index, (eye, at) in enumerate(zip(eyes, targets, strict=True))
    )


def turntable(splats: Splats, frames: int, width: int, height: int) -> tuple[Camera, ...]:
    """Views all around a scene at one distance, a little from above, from `made_views`' middle."""
    return turned(extent_of(splats), frames, width, height)


def turned(extent: Extent, frames: int, width: int, height: int) -> tuple[Camera, ...]:
    """The same of a scene whose place is known."""
    angle = 2 * np.pi * np.arange(frames) / frames
    flat = np.sqrt(1 - TURN_ABOVE**2)
    directions = np.stack([flat * np.sin(angle), np.full(frames, -TURN_ABOVE), -flat * np.cos(angle)], axis=1)
    eyes = extent.middle + directions * extent.radius * TURN_RADII
    return tuple(
        Camera.looking(eye, extent.middle, UP, width, height, FIELD_OF_VIEW, f"frame {index + 1}")
        for index, eye in enumerate(eyes)
    )


def _around(extent: Extent, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """On a Fibonacci sphere without its poles and most of its lower half, at changing distances."""
    directions = _sphere(count, _STEEPEST, _LOWEST, seed * _TURN_OF_SEEDS)
    near, far = _RADII
    # By a step that shares no factor with the count, so that near and far are mixed all over the sphere.
    share = (np.arange(count) * 0.618034 + seed * _TURN_OF_SEEDS) % 1
    distance = extent.radius * (near + (far - near) * share)
    return extent.middle + directions * distance[:, None], np.tile(extent.middle, (count, 1))


def _within(extent: Extent, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Somewhere in the middle half of the box, looking in directions that cover all sides."""
    rng = np.random.default_rng(seed)
    middle, half = (extent.low + extent.high) / 2, (extent.high - extent.low) / 2
    eyes = middle + half * rng.uniform(-0.5, 0.5, (count, 3))
    return eyes, eyes + _sphere(count, _STEEPEST, _STEEPEST, seed * _TURN_OF_SEEDS) * max(extent.radius, 1e-6)


def _sphere(count: int, above: float, below: float, turns: float) -> np.ndarray:
    """(count, 3) unit vectors, evenly spread between those sines above and below the horizon, turned about y."""
    index = np.arange(count)
    y = below - (above + below) * (2 * index + 1) / (2 * count)  # y points down
    angle = index * _GOLDEN_ANGLE + 2 * np.pi * turns
    flat = np.sqrt(1 - y * y)
    return np.stack([flat * np.cos(angle), y, flat * np.sin(angle)], axis=1)


def _areas(splats: Splats) -> np.ndarray:
    """(N,) what each can cover, by its two wider axes; none counts for more than a thousandth of all."""
    scales = np.sort(splats.log_scales.astype(np.float64), axis=1)
    area = np.exp(np.clip(scales[:, 1] + scales[:, 2], -80, 80))
    return np.minimum(area, max(area.sum() / 1000, area.min()))


def _quantiles(values: np.ndarray, weight: np.ndarray, percents: tuple[float, ...]) -> list[float]:
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    return [float(values[order][min(np.searchsorted(share, each / 100), len(values) - 1)]) for each in percents]
