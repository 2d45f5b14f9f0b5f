"""Gaussians whose centres are beside the canvas, as after a crop: a file has no place for them. Others do their work.

What such a Gaussian shows is a tail. It is moved onto the border along its own slope, as faint as it is there, and then
those at the border are fitted to what the canvas showed before.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from daub.codec.editing.drawing import Drawing, chosen, replaced
from daub.codec.editing.footprint import box_around
from daub.codec.editing.local import Part, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, fit_part, nothing_to_fit
from daub.render.gaussians import COEFFICIENT, MEAN, Gaussians
from daub.render.rasteriser import Rasteriser

SOLVER_STEPS = 16  # conjugate gradients, at most
SETTINGS = RefitSettings(steps=60, relocate=False)


def beside(drawing: Drawing) -> np.ndarray:
    """(N,) bool: those whose centres are not on the canvas."""
    mean = drawing.gaussians.mean
    return ((mean < -0.5) | (mean > np.array(drawing.size) - 0.5)).any(1)


def brought_in(
    drawing: Drawing, rasteriser: Rasteriser, settings: RefitSettings = SETTINGS
) -> Generator[RefitProgress, None, RefitProgress]:
    """A picture that looks the same, as nearly as may be, and whose Gaussians all have their centres on the canvas.

    Those that are moved are free, and so is whatever has its centre as near to the border as it is large.

    Yields, returns:
        As `refit`, in the order of the drawing.
    """
    outside, moved = beside(drawing), onto_canvas(drawing)
    free = outside | (outside.any() & _near_the_border(drawing))
    box = box_around(chosen(drawing.gaussians, free), *drawing.size)
    if box[2] <= box[0] or box[3] <= box[1]:  # nothing of them is seen
        return (yield from nothing_to_fit(moved, settings))
    wanted = rendered_in(drawing.gaussians, box, rasteriser)
    solved = Part.of(moved, free, wanted, box, rasteriser).solved(SOLVER_STEPS, rasteriser)
    begun = Drawing(replaced(moved.gaussians, free, solved), *drawing.size)
    nowhere = np.zeros(wanted.shape[:2], bool)  # none is born
    return (yield from fit_part(begun, free, wanted, box, nowhere, rasteriser, 0, settings))


def _near_the_border(drawing: Drawing) -> np.ndarray:
    mean = drawing.gaussians.mean.astype(np.float64)
    deviation = np.sqrt(np.stack([drawing.gaussians.covariance[:, axis, axis] for axis in (0, 1)], 1))
    return ((mean < deviation) | (mean > np.array(drawing.size) - 1 - deviation)).any(1)


def onto_canvas(drawing: Drawing) -> Drawing:
    """Those whose centres are beside it come onto its border: where each is brightest there, and as bright."""
    outside = beside(drawing)
    moved = _onto(chosen(drawing.gaussians, outside), *drawing.size)
    return Drawing(replaced(drawing.gaussians, outside, moved), *drawing.size)


def _onto(gaussians: Gaussians, width: int, height: int) -> Gaussians:
    parameters = gaussians.parameters.astype(np.float64)
    covariance = gaussians.covariance.astype(np.float64)
    for axis, side in ((0, width), (1, height)):
        # On a line across a Gaussian the peak is at the mean of one coordinate given the other.
        way = np.clip(parameters[:, axis], 0, side - 1) - parameters[:, axis]
        variance = covariance[:, axis, axis]
        parameters[:, 1 - axis] += way * covariance[:, 0, 1] / variance
        parameters[:, axis] += way
        parameters[:, COEFFICIENT] *= np.exp(-(way**2) / (2 * variance))[:, None]
    parameters[:, MEAN] = np.clip(parameters[:, MEAN], 0, [width - 1, height - 1])
    return Gaussians(parameters.astype(np.float32))
