"""Shapes that a hand draws over a picture: a rectangle, a lasso, the stroke of a brush.

Each says of points whether they lie inside, which selects Gaussians by their centres, and of pixels, which makes a
region. Points are in pixels, (0, 0) being the centre of the first one.

    >>> lasso = Polygon([(1, 1), (6, 1), (6, 4), (1, 4)])
    >>> lasso.contains(np.array([[2.0, 2.0], [0.0, 2.0]])).tolist()
    [True, False]
    >>> int(lasso.region(width=10, height=8).sum())
    15
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Shape(Protocol):
    """A part of the plane."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a box around it, pixels."""

    def contains(self, points: np.ndarray) -> np.ndarray:
        """(N,) bool: which of the points (N, 2) lie inside."""

    def region(self, width: int, height: int) -> np.ndarray:
        """(H, W) bool: the pixels whose centres lie inside."""


class _Region:
    def region(self, width: int, height: int) -> np.ndarray:
        inside = np.zeros((height, width), bool)
        left, top, right, bottom = box_of(self.bounds, width, height)
        if right > left and bottom > top:
            grid = pixel_grid(left, top, right, bottom)
            inside[top:bottom, left:right] = self.contains(grid).reshape(bottom - top, right - left)
        return inside


@dataclass(frozen=True)
class Rectangle(_Region):
    """Whole pixels: those of the columns `left` to left + width - 1, and of the rows likewise.

    >>> Rectangle(2, 1, 3, 2).contains(np.array([[4.4, 1.0], [4.6, 1.0]])).tolist()
    [True, False]
    """

    left: float
    top: float
    width: float
    height: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        left, top = self.left - 0.5, self.top - 0.5
        return left, top, left + self.width, top + self.height

    def contains(self, points: np.ndarray) -> np.ndarray:
        left, top, right, bottom = self.bounds
        x, y = np.asarray(points, np.float64).T
        return (x >= left) & (x < right) & (y >= top) & (y < bottom)


class Polygon(_Region):
    """A closed line through corners; where it crosses itself, what it winds around twice is outside (even-odd rule).

    Args:
        corners: (K, 2) pixels; fewer than three hold nothing.
    """

    def __init__(self, corners: Sequence[tuple[float, float]] | np.ndarray):
        self.corners = np.asarray(corners, np.float64).reshape(-1, 2)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        if not len(self.corners):
            return 0.0, 0.0, 0.0, 0.0
        return *self.corners.min(0).tolist(), *self.corners.max(0).tolist()

    def contains(self, points: np.ndarray) -> np.ndarray:
        # Of the points in the order of y, an edge concerns a run of them: those at its own heights.
        points = np.asarray(points, np.float64)
        order = np.argsort(points[:, 1], kind="stable")
        x, y = points[order].T
        begin, end = self.corners, np.roll(self.corners, -1, 0)
        low, high = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
        first, last = np.searchsorted(y, low), np.searchsorted(y, high)
        crossed = np.zeros(len(points), bool)  # an odd number of edges to the right of the point
        for edge in np.flatnonzero(last > first):
            run = slice(first[edge], last[edge])
            (x0, y0), (x1, y1) = begin[edge], end[edge]
            crossed[run] ^= x[run] < x0 + (y[run] - y0) * ((x1 - x0) / (y1 - y0))
        inside = np.empty_like(crossed)
        inside[order] = crossed
        return inside

    def region(self, width: int, height: int) -> np.ndarray:
        # Row by row: where an edge crosses a row, what lies to the left of it changes sides.
        inside = np.zeros((height, width), bool)
        left, top, right, bottom = box_of(self.bounds, width, height)
        if right <= left or bottom <= top:
            return inside
        begin, end = self.corners, np.roll(self.corners, -1, 0)
        low, high = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
        first, last = (np.ceil(y).clip(top, bottom).astype(np.intp) for y in (low, high))
        edge = np.repeat(np.arange(len(begin)), last - first)  # once for each row that an edge crosses
        row = np.arange(len(edge)) - np.repeat(np.cumsum(last - first) - last, last - first)
        (x0, y0), (x1, y1) = begin[edge].T, end[edge].T
        column = np.ceil(x0 + (row - y0) * ((x1 - x0) / (y1 - y0))) - 1  # the last one to the left of it
        seen = column >= left
        place = (row[seen] - top) * (right - left) + column[seen].clip(left, right - 1).astype(np.intp) - left
        odd = np.bincount(place, minlength=(bottom - top) * (right - left)) & 1
        changes = odd.astype(bool).reshape(bottom - top, right - left)
        inside[top:bottom, left:right] = np.logical_xor.accumulate(changes[:, ::-1], 1)[:, ::-1]
        return inside


class Stroke(_Region):
    """A disc swept along a line: what a round brush touches.

    Args:
        path: (K, 2) pixels, at least one point: the centres of the brush.
        radius: of the brush, pixels, above 0.

    Raises:
        ValueError: there is no point, or no radius.

    >>> stroke = Stroke([(2, 2), (8, 2)], radius=1.5)
    >>> stroke.contains(np.array([[5.0, 3.4], [5.0, 3.6], [9.4, 2.0]])).tolist()
    [True, False, True]
    """

    def __init__(self, path: Sequence[tuple[float, float]] | np.ndarray, radius: float):
        self.path, self.radius = np.asarray(path, np.float64).reshape(-1, 2), float(radius)
        if not len(self.path) or not self.radius > 0:
            raise ValueError("a stroke needs a point and a radius above 0")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        low, high = self.path.min(0) - self.radius, self.path.max(0) + self.radius
        return *low.tolist(), *high.tolist()

    def contains(self, points: np.ndarray) -> np.ndarray:
        return self.distance(points) <= self.radius

    def distance(self, points: np.ndarray) -> np.ndarray:
        """(N,) pixels from the line of the points (N, 2); infinite beyond the radius."""
        points = np.asarray(points, np.float64)
        order = np.argsort(points[:, 1], kind="stable")
        x, y = points[order].T
        begin = self.path[:-1] if len(self.path) > 1 else self.path
        end = self.path[1:] if len(self.path) > 1 else self.path
        low = np.minimum(begin[:, 1], end[:, 1]) - self.radius
        high = np.maximum(begin[:, 1], end[:, 1]) + self.radius
        first, last = np.searchsorted(y, low), np.searchsorted(y, high, "right")
        nearest = np.full(len(points), np.inf)
        for segment in np.flatnonzero(last > first):
            run = slice(first[segment], last[segment])
            (x0, y0), (x1, y1) = begin[segment], end[segment]
            dx, dy = x1 - x0, y1 - y0
            along = np.clip(((x[run] - x0) * dx + (y[run] - y0) * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
            away = np.hypot(x[run] - x0 - along * dx, y[run] - y0 - along * dy)
            np.minimum(nearest[run], away, out=nearest[run])
        distance = np.empty_like(nearest)
        distance[order] = np.where(nearest <= self.radius, nearest, np.inf)
        return distance

    def distance_of_pixels(self, left: int, top: int, right: int, bottom: int) -> np.ndarray:
        """(bottom - top, right - left) pixels from the line, of a box of pixels; infinite beyond the radius."""
        return self.distance(pixel_grid(left, top, right, bottom)).reshape(bottom - top, right - left)


def box_of(bounds: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels of a canvas whose centres may lie inside bounds.

    >>> box_of((-3.0, 1.2, 4.0, 99.0), width=10, height=8)
    (0, 2, 5, 8)
    """
    left, top, right, bottom = bounds
    first = (min(max(math.ceil(low), 0), most) for low, most in ((left, width), (top, height)))
    last = (min(max(math.floor(high) + 1, 0), most) for high, most in ((right, width), (bottom, height)))
    return *first, *last


def pixel_grid(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """(P, 2) float64, the centres of the pixels of a box, row by row."""
    x, y = np.meshgrid(np.arange(left, right, dtype=np.float64), np.arange(top, bottom, dtype=np.float64))
    return np.stack([x.ravel(), y.ravel()], 1)
