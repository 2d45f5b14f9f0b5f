"""The frame around what is selected, and what a hand does with it: move, scale at its handles, turn at the knob above.

Image positions have (0, 0) at the corner of the first pixel, as those of the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np

from daub.app.model.editing.population import Population
from daub.codec.editing.drawing import chosen
from daub.codec.editing.footprint import extents
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import SUPPORT, Gaussians

Point = tuple[float, float]
TURN_STEP = 15.0  # degrees, of a turn that snaps
_SMALLEST = 0.01  # of its size, that a frame can be scaled to


class Grip(Enum):
    """What of a frame is held: -1 is its left or upper side, 1 the right or lower one, 0 neither."""

    MOVE = (0, 0)
    LEFT_TOP = (-1, -1)
    TOP = (0, -1)
    RIGHT_TOP = (1, -1)
    RIGHT = (1, 0)
    RIGHT_BOTTOM = (1, 1)
    BOTTOM = (0, 1)
    LEFT_BOTTOM = (-1, 1)
    LEFT = (-1, 0)
    TURN = (0, -2)


CORNERS = (Grip.LEFT_TOP, Grip.RIGHT_TOP, Grip.RIGHT_BOTTOM, Grip.LEFT_BOTTOM)  # around it
HANDLES = tuple(grip for grip in Grip if grip not in (Grip.MOVE, Grip.TURN))


@dataclass(frozen=True)
class Frame:
    """A rectangle, image positions."""

    left: float
    top: float
    right: float
    bottom: float

    @staticmethod
    def around(population: Population | None) -> Frame | None:
        """Around the ellipses at one standard deviation of what is selected; None where nothing is."""
        return None if population is None or not population.count else Frame._around(population)

    @staticmethod
    @lru_cache(maxsize=2)  # every frame on the screen asks for it
    def _around(population: Population) -> Frame:
        return Frame.of(chosen(population.gaussians, population.selected))

    @staticmethod
    def of(some: Gaussians) -> Frame:
        """Around the ellipses at one standard deviation of them, one at least."""
        mean, reach = some.mean.astype(np.float64) + 0.5, extents(some) / math.sqrt(SUPPORT)
        return Frame(*(mean - reach).min(0).tolist(), *(mean + reach).max(0).tolist())

    def meets(self, width: int, height: int) -> bool:
        """Some of it lies on a canvas of that size."""
        return self.left < width and self.right > 0 and self.top < height and self.bottom > 0

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def at(self, grip: Grip) -> Point:
        """Where a handle is."""
        across, down = grip.value
        x, y = self.middle
        return x + across * (self.right - self.left) / 2, y + down * (self.bottom - self.top) / 2

    def opposite(self, grip: Grip) -> Point:
        """What stays where it is while that handle is pulled."""
        x, y = self.middle
        u, v = self.at(grip)
        return 2 * x - u, 2 * y - v


def pulled(frame: Frame, grip: Grip, start: Point, here: Point, snaps: bool = False) -> Affine:
    """What a hand has done that took hold at one place and is at another now, as a map of pixels.

    >>> frame = Frame(10, 10, 30, 20)
    >>> pulled(frame, Grip.RIGHT_BOTTOM, (30, 20), (50, 30)).matrix.round(3).tolist()
    [[2.0, 0.0], [0.0, 2.0]]
    >>> pulled(frame, Grip.MOVE, (0, 0), (3, 40), snaps=True).offset.tolist()
    [0.0, 40.0]

    Args:
        snaps: moves along one axis, keeps the proportions, or turns by whole steps.
    """
    if grip is Grip.MOVE:
        dx, dy = here[0] - start[0], here[1] - start[1]
        if snaps:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        return Affine.translation(dx, dy)
    if grip is Grip.TURN:
        return _turned(frame, start, here, snaps)
    fixed, begun = frame.opposite(grip), frame.at(grip)
    factors = [
        _factor(begun[axis] - fixed[axis], here[axis] - start[axis]) if grip.value[axis] else 1.0 for axis in (0, 1)
    ]
    if snaps:
        one = max((factors[axis] for axis in (0, 1) if grip.value[axis]), key=lambda factor: abs(math.log(factor)))
        factors, fixed = [one, one], fixed
    return Affine.scaling(*factors, about=_pixel(fixed))


def _factor(length: float, by: float) -> float:
    return max((length + by) / length, _SMALLEST) if length else 1.0


def _turned(frame: Frame, start: Point, here: Point, snaps: bool) -> Affine:
    x, y = frame.middle
    begin, end = (math.degrees(math.atan2(y - v, u - x)) for u, v in (start, here))
    degrees = end - begin
    if snaps:
        degrees = TURN_STEP * round(degrees / TURN_STEP)
    return Affine.rotation(degrees, about=_pixel((x, y)))


def _pixel(place: Point) -> Point:
    """Of an image position, with (0, 0) in the middle of the first pixel."""
    return place[0] - 0.5, place[1] - 0.5
