"""Rectangles of pixels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle of pixels, half open."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Of an array (H, W)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def is_empty(self) -> bool:
        """There is no pixel in it."""
        return self.right <= self.left or self.bottom <= self.top

    def joined(self, other: Box) -> Box:
        """The smallest around both."""
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        return Box(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))

    def within(self, width: int, height: int) -> Box:
        """What of it lies in a picture of that size."""
        return Box(max(self.left, 0), max(self.top, 0), min(self.right, width), min(self.bottom, height))


NOWHERE = Box(0, 0, 0, 0)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest around all of them."""
    return reduce(Box.joined, boxes, NOWHERE)
