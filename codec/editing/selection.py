"""Which Gaussians are meant: arrays (N,) of bool, found by place, property or colour, joined and grown.

>>> before, found = np.array([True, True, False]), np.array([False, True, True])
>>> [Mode(name).join(before, found).tolist() for name in ("add", "subtract", "intersect")]
[[True, True, True], [True, False, False], [False, True, False]]
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from daub.codec.editing.shapes import Shape
from daub.render.gaussians import Gaussians


class Mode(StrEnum):
    """How what was found now goes together with what was selected before."""

    REPLACE = "replace"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"

    def join(self, before: np.ndarray, found: np.ndarray, selectable: np.ndarray | None = None) -> np.ndarray:
        """The selection (N,) that follows.

        Args:
            before, found: (N,) bool.
            selectable: (N,) bool, which of them can be selected, see `groups.editable`; None: all.
        """
        found = found if selectable is None else found & selectable
        if self is Mode.ADD:
            return before | found
        if self is Mode.SUBTRACT:
            return before & ~found
        return before & found if self is Mode.INTERSECT else found.copy()


def by_shape(gaussians: Gaussians, shape: Shape) -> np.ndarray:
    """Those whose centres lie in a rectangle, a lasso or a stroke."""
    return shape.contains(gaussians.mean)


def by_region(gaussians: Gaussians, region: np.ndarray) -> np.ndarray:
    """Those whose centres lie on pixels of a region (H, W) bool."""
    height, width = region.shape
    column, row = np.floor(gaussians.mean.astype(np.float64) + 0.5).astype(np.int64).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    inside[inside] = region[row[inside], column[inside]]
    return inside


def by_range(values: np.ndarray, least: float = -np.inf, most: float = np.inf) -> np.ndarray:
    """Those whose value (N,), of whatever property, lies in a range; what is not a number does not."""
    return (values >= least) & (values <= most)


def by_amplitude(gaussians: Gaussians, colour: np.ndarray, tolerance: float) -> np.ndarray:
    """Those which add nearly the same at their centres.

    Args:
        colour: (3,) amplitude that is looked for, signed, in units of the [0, 1] range.
        tolerance: largest distance from it, root of the mean square over the channels.
    """
    return _distance(gaussians.colour, colour) <= tolerance


def by_colour(gaussians: Gaussians, picture: np.ndarray, colour: np.ndarray, tolerance: float) -> np.ndarray:
    """Those where the picture at their centres has nearly a colour: what a person sees there, whoever adds it.

    Args:
        picture: (H, W, 3) in [0, 1].
        colour: (3,) in [0, 1].
        tolerance: as of `by_amplitude`.
    """
    return _distance(colours_under(gaussians, picture), colour) <= tolerance


def colours_under(gaussians: Gaussians, picture: np.ndarray) -> np.ndarray:
    """(N, 3): of the pixel under the centre of each, the nearest one for centres beside the picture."""
    height, width, _ = picture.shape
    column, row = np.rint(gaussians.mean).T
    return picture[np.clip(row, 0, height - 1).astype(np.intp), np.clip(column, 0, width - 1).astype(np.intp)]


def _distance(colours: np.ndarray, colour: np.ndarray) -> np.ndarray:
    difference = np.asarray(colours, np.float64) - np.asarray(colour, np.float64)
    return np.sqrt((difference**2).mean(1))


def grown(gaussians: Gaussians, selected: np.ndarray, reach: float = 1.0, neighbours: int = 12) -> np.ndarray:
    """Also those next to the selected ones: whose ellipse of one standard deviation about touches one of theirs.

    Args:
        selected: (N,) bool.
        reach: how far apart two may be, over the sum of their sizes (geometric means of their deviations).
        neighbours: how many of the selected, the nearest, are looked at for each of the others.
    """
    from scipy.spatial import cKDTree

    inside, outside = np.flatnonzero(selected), np.flatnonzero(~selected)
    if not len(inside) or not len(outside):
        return selected.copy()
    mean, size = gaussians.mean.astype(np.float64), np.exp(gaussians.log_scale.astype(np.float64).mean(1))
    distance, nearest = cKDTree(mean[inside]).query(mean[outside], min(neighbours, len(inside)))
    distance, nearest = distance.reshape(len(outside), -1), nearest.reshape(len(outside), -1)
    near = distance <= reach * (size[outside, None] + size[inside[nearest]])
    after = selected.copy()
    after[outside[near.any(1)]] = True
    return after
