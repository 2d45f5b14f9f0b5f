"""The map of importance of one picture while it is painted, and what strokes have changed in it, to be undone.

brush --> Canvas.begin, extend, end ---> values, a rectangle at a time ---> the screen
                    |
                    +--- publish, now and then ---> Importance, whole maps ---> the fit
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from daub.app.model.picture.box import Box
from daub.app.model.picture.brush import Brush, Stroke
from daub.codec.importance import NEUTRAL, Importance

_TILE = 256  # pixels of a side


@dataclass(frozen=True, eq=False)
class Patch:
    """What of a map is another: tiles before and after, compressed, as a stroke touches few of them.

    Args:
        before, after: by their places.
    """

    before: Mapping[Box, bytes]
    after: Mapping[Box, bytes]

    @staticmethod
    def between(before: np.ndarray, after: np.ndarray, box: Box) -> Patch:
        """From one map (H, W) uint8 to the other, which differ in that box alone."""
        height, width = before.shape
        old, new = {}, {}
        for top in range(box.top // _TILE * _TILE, box.bottom, _TILE):
            for left in range(box.left // _TILE * _TILE, box.right, _TILE):
                tile = Box(left, top, left + _TILE, top + _TILE).within(width, height)
                if not np.array_equal(before[tile.slices], after[tile.slices]):
                    old[tile], new[tile] = (zlib.compress(each[tile.slices].tobytes(), 1) for each in (before, after))
        return Patch(old, new)

    def __bool__(self) -> bool:
        return bool(self.after)


class Canvas:
    """One map. Positions are those of the image, (0, 0) at the corner of its first pixel.

    Attributes:
        importance: what a fit follows; it has what has been published last.
        values: (H, W) uint8, not to be changed by others: the map with the stroke that is under way.
        is_blank: the map was neutral when the last stroke was done.
    """

    def __init__(self, width: int, height: int):
        self.importance = Importance.neutral(height, width)
        self.values = self.importance.values
        self.is_blank = True
        self._stroke: Stroke | None = None
        self._before = self.values  # the stroke
        self._digest: tuple[np.ndarray, bytes] | None = None  # of published values

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.values.shape[1], self.values.shape[0]

    @property
    def whole(self) -> Box:
        """All of it."""
        return Box(0, 0, *self.size)

    @property
    def is_painting(self) -> bool:
        """A stroke is under way."""
        return self._stroke is not None

    @property
    def digest(self) -> bytes:
        """Of what has been published: equal maps have equal ones, neutral ones none."""
        values = self.importance.values
        if self._digest is None or self._digest[0] is not values:
            self._digest = values, digest_of(values)
        return self._digest[1]

    def begin(self, brush: Brush, x: float, y: float) -> Box:
        """A stroke begins; returns where the values are others."""
        self._before = self.importance.values
        self._stroke = Stroke(brush, self._before)
        return self.extend(x, y)

    def extend(self, x: float, y: float) -> Box:
        """The stroke goes on, likewise."""
        box = self._stroke.to(x, y)
        if not box.is_empty:
            self._write(box, self._stroke.values_in(box))
        return box

    def end(self) -> Patch:
        """The stroke is done; returns what it has changed, which `apply` publishes."""
        stroke, self._stroke = self._stroke, None
        return Patch.between(self._before, self.values, stroke.box)

    def abandon(self) -> None:
        """There has been no stroke."""
        if self._stroke is not None:
            box, self._stroke = self._stroke.box, None
            if not box.is_empty:
                self._write(box, self._before[box.slices])
                self.publish()

    def patch_to(self, values: np.ndarray) -> Patch:
        """What it takes to come to another map (H, W) uint8."""
        return Patch.between(self.values, values, self.whole)

    def apply(self, tiles: Mapping[Box, bytes]) -> None:
        """Puts tiles into their places, and publishes that."""
        for box, content in tiles.items():
            values = np.frombuffer(zlib.decompress(content), np.uint8)
            self._write(box, values.reshape(box.bottom - box.top, box.right - box.left))
        self.is_blank = bool((self.values == NEUTRAL).all())
        self.publish()

    def publish(self) -> None:
        """Hands the values to the fit, which goes on towards them with its next record."""
        self.importance.replace(self.values)

    def _write(self, box: Box, values: np.ndarray) -> None:
        if not self.values.flags.writeable:  # nothing has been painted so far
            self.values = self.values.copy()
        self.values[box.slices] = values


def digest_of(values: np.ndarray) -> bytes:
    """As `Canvas.digest`, of a map (H, W) uint8."""
    if (values == NEUTRAL).all():
        return b""
    return hashlib.blake2b(np.ascontiguousarray(values), digest_size=16).digest()
