"""A soft round brush, and its strokes over a map: what is under a stroke comes to the brush's grey, however often.

coverage
1  ______
         \\            within a stroke the coverage of a pixel is the largest of all places where the brush has been:
          \\_          neither slowness nor a crossing of its own way makes a stroke heavier
0           \\_____
   0    R/2    R      distance from the middle of the brush

>>> brush = Brush(Effect.MORE, diameter=6, strength=0.5)
>>> brush.grey, f"{brush.factor:.2f}"
(192, '2.83')
>>> values = np.full((1, 6), 128, np.uint8)
>>> stroke = Stroke(brush, values)
>>> stroke.to(0.5, 0.5)
Box(left=0, top=0, right=4, bottom=1)
>>> stroke.values_in(Box(0, 0, 6, 1)).tolist()
[[192, 192, 175, 128, 128, 128]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from daub.app.model.picture.box import NOWHERE, Box
from daub.codec.importance import LARGEST_FACTOR, NEUTRAL

SMALLEST, LARGEST = 2.0, 4000.0  # diameters, image pixels
LEAST_STRENGTH = 0.05
_SPACING = 0.1  # between two places of the brush in a stroke, in diameters: no scallops are seen at the edge


class Effect(StrEnum):
    """What a brush does; the values are shown to people."""

    MORE = "More important"
    LESS = "Less important"
    ERASE = "Erase"


@dataclass(frozen=True)
class Brush:
    """What one paints with.

    Args:
        diameter: image pixels, SMALLEST to LARGEST.
        strength: of what it makes more or less important, 0 nothing to 1 as far as a map goes.
    """

    effect: Effect = Effect.MORE
    diameter: float = 64.0
    strength: float = 1.0

    @property
    def grey(self) -> int:
        """What it paints, 0 to 255."""
        reach = {Effect.MORE: 255 - NEUTRAL, Effect.LESS: -NEUTRAL, Effect.ERASE: 0}[self.effect]
        return NEUTRAL + math.floor(self.strength * reach + 0.5)

    @property
    def factor(self) -> float:
        """How many times as much, or as little, an error weighs where it has painted, 1 to 8."""
        return LARGEST_FACTOR**self.strength

    @cached_property
    def stamp(self) -> np.ndarray:
        """(D, D) uint8, D odd: the coverage around it, 255 in the middle of every pixel that is wholly covered."""
        reach = math.ceil(self.diameter / 2 - 0.5)
        across = np.arange(-reach, reach + 1, dtype=np.float32) ** 2
        distance = np.sqrt(across[:, None] + across) / np.float32(self.diameter / 2)
        ramp = np.clip(2 - 2 * distance, 0, 1)  # from 1 at half the radius to 0 at its end
        return np.rint(255 * ramp * ramp * (3 - 2 * ramp)).astype(np.uint8)


class Stroke:
    """A stroke of a brush, from where the button went down to where the pointer is.

    Args:
        values: (H, W) uint8, the map before it; not to be changed until the stroke is done.

    Attributes:
        box: where it has been.
    """

    def __init__(self, brush: Brush, values: np.ndarray):
        self.box = NOWHERE
        self._brush, self._before = brush, values
        self._coverage = np.zeros(values.shape, np.uint8)  # the system gives pages of zeros as they are touched
        self._last: tuple[float, float] | None = None

    def to(self, x: float, y: float) -> Box:
        """Goes on to an image position, (0, 0) at the corner of the first pixel; returns what it has covered anew."""
        begin = self._last or (x, y)
        steps = max(1, math.ceil(math.dist(begin, (x, y)) / max(1.0, _SPACING * self._brush.diameter)))
        self._last = x, y
        covered = NOWHERE
        for step in range(1, steps + 1):
            share = step / steps
            covered = covered.joined(self._stamp(begin[0] + share * (x - begin[0]), begin[1] + share * (y - begin[1])))
        self.box = self.box.joined(covered)
        return covered

    def values_in(self, box: Box) -> np.ndarray:
        """(h, w) uint8: the map with the stroke on it, in a part of the picture."""
        before = self._before[box.slices].astype(np.int32)
        mixed = before * 255 + (self._brush.grey - before) * self._coverage[box.slices]
        return ((mixed + 127) // 255).astype(np.uint8)

    def _stamp(self, x: float, y: float) -> Box:
        stamp = self._brush.stamp
        reach = len(stamp) // 2
        column, row = math.floor(x), math.floor(y)
        height, width = self._coverage.shape
        whole = Box(column - reach, row - reach, column + reach + 1, row + reach + 1)
        box = whole.within(width, height)
        if box.is_empty:
            return NOWHERE
        part = stamp[box.top - whole.top : box.bottom - whole.top, box.left - whole.left : box.right - whole.left]
        coverage = self._coverage[box.slices]
        np.maximum(coverage, part, out=coverage)
        return box
