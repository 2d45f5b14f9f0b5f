"""Crop, resize, flip, turn by quarters: the whole picture, exact on Gaussians.

>>> red = Gaussians.build([[4, 3]], [[[9.0, 2.0], [2.0, 1.0]]], [[1, 0, 0]])
>>> flipped = flipped_horizontally(Drawing(red, 20, 10))
>>> flipped.gaussians.mean.tolist(), flipped.gaussians.covariance[0].round(3).tolist()
([[15.0, 3.0]], [[9.0, -2.0], [-2.0, 1.0]])
"""

from __future__ import annotations

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.footprint import extents
from daub.codec.editing.transforms import Affine
from daub.render.gaussians import SHEAR, Gaussians
from daub.render.strips import Region


def reaching(gaussians: Gaussians, width: int, height: int) -> np.ndarray:
    """(N,) bool: those whose support may touch a pixel of a canvas."""
    mean, reach = gaussians.mean.astype(np.float64), extents(gaussians)
    last = np.array([width - 1, height - 1])
    return ((mean + reach > 0) & (mean - reach < last)).all(1)


def cropped(drawing: Drawing, region: Region) -> tuple[Drawing, np.ndarray]:
    """The part of a picture in a region, which may reach beyond the canvas: there is black.

    Returns:
        Also (N,) bool, which Gaussians are left: those that cannot reach the new canvas go.

    Raises:
        DaubError: the region has no pixel, or more than the format takes.
    """
    _check(region.width, region.height)
    moved = Affine.translation(-region.x, -region.y).of(drawing.gaussians)
    kept = reaching(moved, region.width, region.height)
    return Drawing(Gaussians(moved.parameters[kept]), region.width, region.height), kept


def resized(drawing: Drawing, width: int, height: int) -> Drawing:
    """The same picture with other pixels, as a decode at that size renders it.

    Raises:
        DaubError: the size is outside the format.
    """
    _check(width, height)
    return Drawing(drawing.gaussians.resized(width / drawing.width, height / drawing.height), width, height)


def flipped_horizontally(drawing: Drawing) -> Drawing:
    """Left becomes right."""
    return _flipped(drawing, 0, drawing.width - 1)


def flipped_vertically(drawing: Drawing) -> Drawing:
    """Top becomes bottom."""
    return _flipped(drawing, 1, drawing.height - 1)


def _flipped(drawing: Drawing, axis: int, last: int) -> Drawing:
    parameters = drawing.gaussians.parameters.copy()
    parameters[:, axis] = last - parameters[:, axis]
    parameters[:, SHEAR] *= -1
    return Drawing(Gaussians(parameters), drawing.width, drawing.height)


def turned(drawing: Drawing, quarters: int) -> Drawing:
    """Turned by so many quarters, counter-clockwise as seen; negative ones clockwise."""
    width, height = drawing.size
    # About the middle of the old canvas, whose middle then becomes that of the new one.
    middle = (width - 1) / 2, (height - 1) / 2
    after = (height, width) if quarters % 2 else (width, height)
    to_middle = Affine.translation((after[0] - 1) / 2 - middle[0], (after[1] - 1) / 2 - middle[1])
    turn = Affine.rotation(90 * quarters, middle).then(to_middle)
    return Drawing(turn.of(drawing.gaussians), *after)


def _check(width: int, height: int) -> None:
    """Raises DaubError where no file has a canvas of that size."""
    from daub.codec.container import check_image  # not before: with it the coders are loaded, and numba

    check_image(width, height)
