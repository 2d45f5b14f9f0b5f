"""Recolour a region so that it looks wholly recoloured, whoever made its colours.

A map on the amplitudes of a selection (`colours.recoloured`) changes the part of the picture that the selection makes.
What large Gaussians of the ground add beneath stays: a red hat then turns into a blue one with a red glow. Here the
picture in the region is mapped, and the amplitudes of the Gaussians that lie in it are solved for, so that they make
up for what the others add; beyond the region the picture stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np
from scipy import ndimage

from daub.codec.editing.colours import recoloured
from daub.codec.editing.drawing import Drawing, chosen, replaced
from daub.codec.editing.footprint import dilated
from daub.codec.editing.local import Box, Part, box_for, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, fit_part
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

SOLVER_STEPS = 24  # conjugate gradients, at most


def region_recoloured(
    drawing: Drawing,
    region: np.ndarray,
    free: np.ndarray,
    matrix: np.ndarray,
    rasteriser: Rasteriser,
    soft: float = 1.0,
) -> Gaussians:
    """Gaussians (N, 8) that make the picture with the colours in a region mapped, at once; shapes stay.

    Args:
        region: (H, W) bool.
        free: (N,) bool, whose colours may change, such as `refit.within` the region.
        matrix: (3, 3), see `colours`.
        soft: standard deviation of the transition at the border of the region, pixels.
    """
    wanted, box = _wanted(drawing, region, free, matrix, rasteriser, soft)
    # From the mapped amplitudes it is not far.
    begun = Drawing(recoloured(drawing.gaussians, free, matrix), *drawing.size)
    part = Part.of(begun, free, wanted, box, rasteriser)
    return replaced(begun.gaussians, free, part.solved(SOLVER_STEPS, rasteriser))


def recolour_region(
    drawing: Drawing,
    region: np.ndarray,
    free: np.ndarray,
    matrix: np.ndarray,
    rasteriser: Rasteriser,
    soft: float = 1.0,
    more: int = 0,
    settings: RefitSettings | None = None,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The same and then a fit to it, in which shapes change and more Gaussians may come: borders become clean.

    Args:
        more: Gaussians that are born where it is still off, such as a tenth of those that are free.

    Yields, returns:
        As `refit`.
    """
    wanted, box = _wanted(drawing, region, free, matrix, rasteriser, soft)
    begun = Drawing(region_recoloured(drawing, region, free, matrix, rasteriser, soft), *drawing.size)
    where = cut(dilated(region, math.ceil(soft)), box)  # the border of what is recoloured is at work, too
    return (yield from fit_part(begun, free, wanted, box, where, rasteriser, more, settings or RefitSettings()))


def _wanted(
    drawing: Drawing, region: np.ndarray, free: np.ndarray, matrix: np.ndarray, rasteriser: Rasteriser, soft: float
) -> tuple[np.ndarray, Box]:
    """(h, w, 3) float32, what a box shall show; and the box."""
    box = box_for(chosen(drawing.gaussians, free), region)
    present = rendered_in(drawing.gaussians, box, rasteriser)
    share = ndimage.gaussian_filter(cut(region, box).astype(np.float32), soft)[..., None]
    return present + share * (present @ np.asarray(matrix, np.float32).T - present), box
