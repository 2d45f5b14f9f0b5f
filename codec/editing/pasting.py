"""Paste a thing over a picture: cut by a region from this one or another, placed by a map of the plane.

`placing.pasted` adds its Gaussians to what is there, which on a light ground makes it glow. Here it covers the ground.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from daub.codec.editing.canvas import cropped
from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import box_around, box_of_region
from daub.codec.editing.laying import SETTLING, Laid, Over, laid_over, lay_over
from daub.codec.editing.local import Box, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, support_of, within
from daub.codec.editing.shapes import box_of, pixel_grid
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser
from daub.render.strips import Region

SEE_THROUGH = 0.04  # of full light: what is darker in a picture without a region does not cover
_SHARE = 0.4  # of a Gaussian's weight inside the region: it belongs to the thing
_MORE = 12  # one Gaussian more for so many of the thing: for its border


SOFT = 0.7  # standard deviation of the transition at the border of a thing, pixels of what it is cut from
_AROUND = 64  # pixels around a thing that are cut out with it, at least


@dataclass(frozen=True, eq=False)
class Thing:
    """What is cut out of a picture.

    Args:
        drawing: all that is seen there, on a canvas of its own.
        region: (H, W) bool of that canvas: the thing; None: wherever those that are chosen are seen.
        corner: x and y, pixels, where that canvas lay.
        chosen: (N,) bool of its Gaussians; None: all.
    """

    drawing: Drawing
    region: np.ndarray | None
    corner: tuple[int, int] = (0, 0)
    chosen: np.ndarray | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """Of the box around it, pixels of the picture that it was cut out of."""
        if self.region is None:
            some = self.drawing.gaussians if self.chosen is None else chosen(self.drawing.gaussians, self.chosen)
            left, top, right, bottom = box_around(some, *self.drawing.size)
        else:
            left, top, right, bottom = box_of_region(self.region)
        return self.corner[0] + (left + right - 1) / 2, self.corner[1] + (top + bottom - 1) / 2

    def seen(self, rasteriser: Rasteriser) -> np.ndarray:
        """(H, W) bool: where it covers what it is laid over."""
        if self.region is not None:
            return self.region
        some = np.ones(len(self.drawing), bool) if self.chosen is None else self.chosen
        return support_of(self.drawing, some, rasteriser, SEE_THROUGH)


def cut_out(drawing: Drawing, region: np.ndarray) -> Thing:
    """The thing in a region (H, W) bool, which holds a pixel, with all that shines into it."""
    left, top, right, bottom = box_of_region(region)
    # As much again on each side: what is larger than the thing has most of its weight there, and is none of it.
    left, top, right, bottom = box_of_region(region, max(right - left, bottom - top, _AROUND))
    part, _ = cropped(drawing, Region(left, top, right - left, bottom - top))
    return Thing(part, cut(region, (left, top, right, bottom)).copy(), (left, top))


def cut_out_around(drawing: Drawing, selected: np.ndarray) -> Thing:
    """What is seen where those selected (N,) bool are, with all that shines in; all of the picture where that is none.

    At once: where they are seen is worked out when somebody asks.
    """
    left, top, right, bottom = box_around(chosen(drawing.gaussians, selected), *drawing.size, _AROUND)
    if right <= left or bottom <= top:
        left, top, right, bottom = 0, 0, *drawing.size
    part, kept = cropped(drawing, Region(left, top, right - left, bottom - top))
    return Thing(part, None, (left, top), selected[kept])


def pasted_over(
    drawing: Drawing,
    other: Drawing,
    region: np.ndarray,
    place: Affine,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    soft: float = SOFT,
) -> Laid:
    """The picture with a part of another laid over it, at once: of what was there only colours change.

    Args:
        other: where the thing is cut from.
        region: (H, W) bool of the other: the thing.
        place: from the pixels of the other to those of the drawing.
        editable: (N,) bool, which Gaussians of the drawing may go or change; None: all.
        soft: standard deviation of the transition at its border, pixels of the other.
    """
    return laid_over(drawing, *_laying(drawing, other, region, place, rasteriser, soft), rasteriser, editable)


def paste_over(
    drawing: Drawing,
    other: Drawing,
    region: np.ndarray,
    place: Affine,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    soft: float = SOFT,
    settings: RefitSettings = SETTLING,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The same, and then a fit to it: what is covered in part changes its shape, too. Args: as of `pasted_over`.

    Yields, returns:
        As `refit`; what is pasted is new.
    """
    laying = _laying(drawing, other, region, place, rasteriser, soft)
    more = len(laying[0]) // _MORE
    return (yield from lay_over(drawing, *laying, rasteriser, editable, more, settings))


def _laying(
    drawing: Drawing, other: Drawing, region: np.ndarray, place: Affine, rasteriser: Rasteriser, soft: float
) -> tuple[Gaussians, np.ndarray, Over]:
    """What is added, where it covers, and what is seen there, as of `laid_over`."""
    thing = place.of(chosen(other.gaussians, within(other.gaussians, region, rasteriser, _SHARE)))
    everything = place.of(other.gaussians)  # what shines into the region from beside it belongs to what is seen there

    def over(box: Box) -> np.ndarray:
        return rendered_in(everything, box, rasteriser)

    return thing, _placed(region, soft, drawing, place), over


def _placed(region: np.ndarray, soft: float, drawing: Drawing, place: Affine) -> np.ndarray:
    """(H, W) float32 on the canvas of a drawing, of a region of the other with a soft border; 0 beyond it."""
    coverage = np.zeros((drawing.height, drawing.width), np.float32)
    left, top, right, bottom = there = box_of_region(region, math.ceil(4 * soft))
    plane = ndimage.gaussian_filter(cut(region, there).astype(np.float32), soft)
    corners = place.of_points([(x, y) for x in (left, right) for y in (top, bottom)])
    box = box_of((*(corners.min(0) - 1), *(corners.max(0) + 1)), *drawing.size)
    if right > left and box[2] > box[0] and box[3] > box[1]:
        at = place.inverse.of_points(pixel_grid(*box)) - [left, top]
        placed = cut(coverage, box)
        placed[:] = ndimage.map_coordinates(plane, at[:, ::-1].T, order=1, mode="constant").reshape(placed.shape)
    return coverage
