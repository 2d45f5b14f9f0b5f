"""Pictures that come in parts: a strip of rows at a time, from top to bottom, so that nobody holds more than one
picture, and of a picture only some region."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np


class Region(NamedTuple):
    """A rectangle of pixels inside a picture.

    >>> Region(2, 0, 3, 1).of(np.arange(12).reshape(2, 6)).tolist()
    [[2, 3, 4]]

    Args:
        x, y: column and row of its first pixel, from 0 on.
        width, height: pixels, at least 1.
    """

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column behind its last one."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The row below its last one."""
        return self.y + self.height

    def on_grid(self, size: tuple[int, int], other: tuple[int, int]) -> Region:
        """The same part of the picture on another grid of pixels; parts that fit together still do there.

        >>> Region(10, 0, 5, 30).on_grid((40, 30), (20, 15)), Region(15, 0, 25, 30).on_grid((40, 30), (20, 15))
        (Region(x=5, y=0, width=3, height=15), Region(x=8, y=0, width=12, height=15))

        Args:
            size, other: (width, height) of the picture now and there, pixels.
        """
        scale_x, scale_y = (there / here for here, there in zip(size, other, strict=True))
        left, right = (math.floor(x * scale_x + 0.5) for x in (self.x, self.right))
        top, bottom = (math.floor(y * scale_y + 0.5) for y in (self.y, self.bottom))
        # What would vanish keeps one pixel.
        left, top = min(left, other[0] - 1), min(top, other[1] - 1)
        return Region(left, top, max(right - left, 1), max(bottom - top, 1))

    def of(self, picture: np.ndarray) -> np.ndarray:
        """The part (height, width, ...) of a picture (H, W, ...) as a view."""
        return picture[self.y : self.bottom, self.x : self.right]


def scaled_size(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """(width, height) of a picture `scale` times as wide and high, pixels, at least one each.

    >>> scaled_size((400, 3), 0.1)
    (40, 1)
    """
    # Far beyond any limit is refused elsewhere; an infinite size could not even be rounded.
    width, height = (max(1, round(min(side * scale, 2.0**40))) for side in size)
    return width, height


def assembled(
    strips: Iterable[np.ndarray], height: int, progress: Callable[[float], None] = lambda fraction: None
) -> np.ndarray:
    """The whole picture; where it is a single strip, that one and no copy.

    >>> strips = iter([np.zeros((2, 5, 3)), np.ones((1, 5, 3))])
    >>> assembled(strips, 3)[:, 0, 0].tolist()
    [0.0, 0.0, 1.0]

    Args:
        strips: (rows, W, 3) each, of one type.
        height: rows of all of them together.
        progress: is given the fraction of the rows that there are, after each strip.
    """
    picture, done = None, 0
    for strip in strips:
        if len(strip) == height:
            picture = strip
        else:
            if picture is None:
                picture = np.empty((height, *strip.shape[1:]), strip.dtype)
            picture[done : done + len(strip)] = strip
        done += len(strip)
        progress(done / height)
    return picture


def rows_from(first: int, strips: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The strips of a picture without its rows above `first`.

    >>> [len(strip) for strip in rows_from(3, [np.zeros((2, 5, 3)), np.zeros((2, 5, 3)), np.zeros((4, 5, 3))])]
    [1, 4]
    """
    for strip in strips:
        above = min(first, len(strip))
        first -= above
        if above < len(strip):
            yield strip[above:]


def side_by_side(first: Iterable[np.ndarray], second: Iterable[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The strips of two pictures of one height, cut where either ends, so that both of a pair have the same rows.

    >>> strips = side_by_side([np.zeros((3, 5, 3))], iter([np.zeros((1, 5, 3)), np.zeros((2, 5, 3))]))
    >>> [(len(one), len(other)) for one, other in strips]
    [(1, 1), (2, 2)]
    """
    others, other = iter(second), None
    for strip in first:
        while len(strip):
            if other is None or not len(other):
                other = next(others)
            rows = min(len(strip), len(other))
            yield strip[:rows], other[:rows]
            strip, other = strip[rows:], other[rows:]
