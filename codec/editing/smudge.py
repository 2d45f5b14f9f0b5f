"""Smear as it looks in pixels: Gaussians follow the brush, and are then fitted to the smeared picture.

Moved alone (`smearing.smeared`), what is small leaves while the large Gaussians beneath stay, and the sum of both is no
smear. So the picture itself is smeared, as pixels' editors do, and those that the brush has touched are fitted to it.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from scipy import ndimage

from daub.codec.editing.drawing import Drawing, chosen, replaced
from daub.codec.editing.local import Box, Part, box_for, cut, rendered_in
from daub.codec.editing.refit import RefitProgress, RefitSettings, fit_part, within
from daub.codec.editing.shapes import Stroke
from daub.codec.editing.smearing import STEP, bump, smeared, steps_along
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

_TOUCHED = 0.1  # share of a Gaussian's weight under the brush from which on it takes part
SOLVER_STEPS = 16  # conjugate gradients, at most
USUAL = RefitSettings(steps=40)


def smear(
    drawing: Drawing,
    stroke: Stroke,
    rasteriser: Rasteriser,
    strength: float = 0.7,
    editable: np.ndarray | None = None,
    more: int = 0,
    settings: RefitSettings = USUAL,
) -> Generator[RefitProgress, None, RefitProgress]:
    """The picture after a finger has gone along a stroke.

    Args:
        strength: 0 to 1, how much of the way of the brush what is in its middle goes along.
        editable: (N,) bool, which Gaussians may change; None: all.
        more: Gaussians that are born where the fit is still off.

    Yields, returns:
        As `refit`.
    """
    after, free, wanted, box = _smudged(drawing, stroke, rasteriser, strength, editable)
    where = cut(stroke.region(*drawing.size), box)
    return (yield from fit_part(after, free, wanted, box, where, rasteriser, more, settings))


def smudged(
    drawing: Drawing,
    stroke: Stroke,
    rasteriser: Rasteriser,
    strength: float = 0.7,
    editable: np.ndarray | None = None,
) -> Gaussians:
    """Gaussians (N, 8) after the same, at once: they follow, and their colours alone make up for what is off."""
    return _smudged(drawing, stroke, rasteriser, strength, editable)[0].gaussians


def _smudged(
    drawing: Drawing, stroke: Stroke, rasteriser: Rasteriser, strength: float, editable: np.ndarray | None
) -> tuple[Drawing, np.ndarray, np.ndarray, Box]:
    """Also (N,) bool, which have followed, and what a box of the canvas shall show."""
    region = stroke.region(*drawing.size)
    free = within(drawing.gaussians, region, rasteriser, _TOUCHED)
    free = free if editable is None else free & editable
    moved = smeared(drawing.gaussians, stroke, strength, free)
    # Where they were and where they are: both change.
    box = box_for(chosen(drawing.gaussians, free), region)
    other = box_for(chosen(moved, free), region)
    box = min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])
    wanted = smeared_pixels(rendered_in(drawing.gaussians, box, rasteriser), box, stroke, strength)
    solved = Part.of(Drawing(moved, *drawing.size), free, wanted, box, rasteriser).solved(SOLVER_STEPS, rasteriser)
    return Drawing(replaced(moved, free, solved), *drawing.size), free, wanted, box


def smeared_pixels(picture: np.ndarray, box: Box, stroke: Stroke, strength: float) -> np.ndarray:
    """(h, w, C) float32: the pixels of a box after a stroke, by the same flow that moves Gaussians.

    Args:
        picture: (h, w, C) of that box.
    """
    left, top, right, bottom = box
    # Where each pixel comes from: smooth, so that going step by step loses nothing, as the picture itself would.
    origin = np.stack(np.mgrid[top:bottom, left:right].astype(np.float64))
    for at, step in steps_along(stroke.path, STEP * stroke.radius):
        low, high = np.floor(at - stroke.radius).astype(int), np.ceil(at + stroke.radius).astype(int) + 1
        x0, y0 = max(int(low[0]), left), max(int(low[1]), top)
        x1, y1 = min(int(high[0]), right), min(int(high[1]), bottom)
        if x1 <= x0 or y1 <= y0:
            continue
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float64)
        shift = strength * bump(x - at[0], y - at[1], stroke.radius) ** 2
        rows, columns = y - step[1] * shift - top, x - step[0] * shift - left
        patch = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        came = [ndimage.map_coordinates(plane, (rows, columns), order=1, mode="nearest") for plane in origin]
        for plane, values in zip(origin, came, strict=True):
            plane[patch] = values
    at = origin[0] - top, origin[1] - left
    planes = [ndimage.map_coordinates(plane, at, order=1, mode="nearest") for plane in np.moveaxis(picture, -1, 0)]
    return np.stack(planes, -1).astype(np.float32)
