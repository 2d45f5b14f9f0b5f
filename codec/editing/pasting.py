"""Paste a thing over a picture: cut by a region from this one or another, placed by a map of the plane.

`placing.pasted` adds its Gaussians to what is there, which on a light ground makes it glow. Here it covers the ground.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from scipy import ndimage

from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.laying import SETTLING, lay_over
from daub.codec.editing.refit import RefitProgress, RefitSettings, within
from daub.codec.editing.shapes import pixel_grid
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
    coverage = _placed(ndimage.gaussian_filter(region.astype(np.float32), soft), drawing, place)
    # All of the other is rendered: what shines into the region from beside it belongs to what is seen there.
    over = rasteriser.forward(place.of(other.gaussians), *drawing.size)
    more = len(thing) // _MORE
    return (yield from lay_over(drawing, thing, coverage, over, rasteriser, editable, more, settings))


def _placed(plane: np.ndarray, drawing: Drawing, place: Affine) -> np.ndarray:
    """(H, W) float32 on the canvas of a drawing, of a plane of the other; 0 beyond it."""
    at = place.inverse.of_points(pixel_grid(0, 0, *drawing.size))
    placed = ndimage.map_coordinates(plane, at[:, ::-1].T, order=1, mode="constant")
    return placed.reshape(drawing.height, drawing.width).astype(np.float32)
