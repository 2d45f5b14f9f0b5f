"""The shapes by which a selection was made, as a region of pixels: worked out when somebody needs it.

>>> from daub.codec.editing.shapes import Rectangle
>>> one = Drawn((10, 8)).then(Rectangle(1, 1, 4, 2), Mode.REPLACE).then(Rectangle(3, 1, 4, 2), Mode.SUBTRACT)
>>> int(one.pixels.sum()), one.box
(4, Box(left=1, top=1, right=3, bottom=3))
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from daub.app.model.picture.box import NOWHERE, Box
from daub.codec.editing.selection import Mode
from daub.codec.editing.shapes import Shape, box_of


@dataclass(frozen=True, eq=False)
class Drawn:
    """See above.

    Args:
        size: width and height of the canvas, pixels.
        shapes: with how each goes together with those before it.
    """

    size: tuple[int, int]
    shapes: tuple[tuple[Shape, Mode], ...] = ()

    def then(self, shape: Shape, mode: Mode) -> Drawn:
        """Another shape was drawn."""
        return replace(self, shapes=(*(() if mode is Mode.REPLACE else self.shapes), (shape, mode)))

    @cached_property
    def pixels(self) -> np.ndarray:
        """(H, W) bool; takes a moment on a large canvas."""
        region = np.zeros(self.size[::-1], bool)
        for shape, mode in self.shapes:
            region = mode.join(region, shape.region(*self.size))
        return region

    @cached_property
    def box(self) -> Box:
        """Around it; empty where it holds no pixel."""
        box = NOWHERE
        if all(mode in (Mode.REPLACE, Mode.ADD) for _, mode in self.shapes):
            for shape, _ in self.shapes:
                box = box.joined(Box(*box_of(shape.bounds, *self.size)))
            return box
        (rows,), (columns,) = (np.nonzero(self.pixels.any(axis)) for axis in (1, 0))
        return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1) if len(rows) else NOWHERE
