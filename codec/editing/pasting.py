"""Paste a thing over a picture: cut by a region from this one or another, placed by a map of the plane.

`placing.pasted` adds its Gaussians to what is there, which on a light ground makes it glow. Here it covers the ground.
"""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np
from scipy import ndimage

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.footprint import box_of_region
from daub.codec.editing.laying import SETTLING, lay_over
from daub.codec.editing.local import Box, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, within
from daub.codec.editing.shapes import box_of, pixel_grid
from daub.codec.editing.transforms import Affine
from daub.render.rasteriser import Rasteriser

_SHARE = 0.4  # of a Gaussian's weight inside the region: it belongs to the thing
_MORE = 12  # one Gaussian more for so many of the thing: for its border


def paste_over(
    drawing: Drawing,
    other: Drawing,
    region: np.ndarray,
    place: Affine,
    rasteriser: Rasteriser,
    editable: np.ndarray | None = None,
    soft: float = 0.7,
    settings: RefitSettings = SETTLING,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The picture with a part of another laid over it.

    Args:
        other: where the thing is cut from.
        region: (H, W) bool of the other: the thing.
        place: from the pixels of the other to those of the drawing.
        editable: (N,) bool, which Gaussians of the drawing may go or change; None: all.
        soft: standard deviation of the transition at its border, pixels of the other.

    Yields, returns:
        As `refit`; what is pasted is new.
    """
    thing = place.of(chosen(other.gaussians, within(other.gaussians, region, rasteriser, _SHARE)))
    coverage = _placed(region, soft, drawing, place)
    everything = place.of(other.gaussians)  # what shines into the region from beside it belongs to what is seen there

    def over(box: Box) -> np.ndarray:
        return rendered_in(everything, box, rasteriser)

    more = len(thing) // _MORE
    return (yield from lay_over(drawing, thing, coverage, over, rasteriser, editable, more, settings))


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
