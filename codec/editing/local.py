"""A part of a picture as a problem of its own: some Gaussians are free, all others are held.

What the held ones make is taken from the picture that is wanted, and the free ones are fitted to the rest, which is
signed: light that is missing, and light that is too much. Only a box of pixels around the free ones is worked on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import box_around, box_of_region, extents, in_box, out_of_box
from daub.codec.rounding.least_squares import solve_coefficients
from daub.render.devices import with_fallback
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

MARGIN = 8  # pixels around what free Gaussians cover: they may grow a little
Box = tuple[int, int, int, int]  # left, top, right, bottom, pixels


@dataclass(frozen=True, eq=False)
class Part:
    """A local problem.

    Args:
        free: (M, 8) Gaussians that may change, seen from the corner of the box.
        target: (h, w, 3) float32, signed: what they shall make.
        box: of the picture.
    """

    free: Gaussians
    target: np.ndarray
    box: Box

    @staticmethod
    def of(drawing: Drawing, free: np.ndarray, wanted: np.ndarray, box: Box, rasteriser: Rasteriser) -> Part:
        """The part of a picture in a box.

        Args:
            free: (N,) bool.
            wanted: (h, w, 3) what the box shall show, before clipping.
        """
        held = rendered_in(chosen(drawing.gaussians, ~free), box, rasteriser)
        target = np.ascontiguousarray(wanted - held, np.float32)
        return Part(in_box(chosen(drawing.gaussians, free), box), target, box)

    def solved(self, steps: int, rasteriser: Rasteriser) -> Gaussians:
        """The free Gaussians with the coefficients that come nearest to the target; their shapes stay.

        Args:
            steps: conjugate gradients, at most.

        Returns:
            (M, 8) seen from the corner of the picture.
        """
        if not len(self.free):
            return self.free
        return out_of_box(with_fallback(rasteriser, lambda backend: self._solved(steps, backend)), self.box)

    def _solved(self, steps: int, rasteriser: Rasteriser) -> Gaussians:
        surface = rasteriser.surface(self.target)
        gaussians = Gaussians(surface.xp.array(self.free.parameters))
        surface.error(gaussians)
        for _ in solve_coefficients(surface, gaussians, surface.xp.arange(len(gaussians)), steps):
            pass
        return Gaussians(surface.host(gaussians.parameters))


def rendered_in(gaussians: Gaussians, box: Box, rasteriser: Rasteriser) -> np.ndarray:
    """(h, w, 3) float32: the sum of Gaussians in a box of pixels, before clipping."""
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        return np.zeros((max(bottom - top, 0), max(right - left, 0), 3), np.float32)
    mean, reach = gaussians.mean.astype(np.float64), extents(gaussians)
    touching = ((mean + reach > [left, top]) & (mean - reach < [right - 1, bottom - 1])).all(1)
    there = in_box(chosen(gaussians, touching), box)
    return with_fallback(rasteriser, lambda backend: backend.forward(there, right - left, bottom - top))


def box_for(gaussians: Gaussians, region: np.ndarray, margin: int = MARGIN) -> Box:
    """The box that Gaussians and a region (H, W) of bool need, with a margin."""
    height, width = region.shape
    boxes = [box_around(gaussians, width, height, margin), box_of_region(region, margin)]
    filled = [box for box in boxes if box[2] > box[0] and box[3] > box[1]]
    if not filled:
        return 0, 0, 0, 0
    lows, highs = np.min(filled, 0), np.max(filled, 0)
    return int(lows[0]), int(lows[1]), int(highs[2]), int(highs[3])


def cut(picture: np.ndarray, box: Box) -> np.ndarray:
    """The pixels of a picture (H, W) or (H, W, C) in a box, a view."""
    left, top, right, bottom = box
    return picture[top:bottom, left:right]
