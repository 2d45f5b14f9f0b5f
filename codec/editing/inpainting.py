"""Closing a hole in a picture smoothly: a membrane is stretched over it, fixed to the pixels around (Laplace equation).

>>> ramp = np.tile(np.linspace(0, 1, 21, dtype=np.float32)[None, :, None], (9, 1, 3))
>>> hole = np.zeros((9, 21), bool)
>>> hole[2:7, 5:15] = True
>>> bool(abs(closed(np.where(hole[..., None], np.float32(0), ramp), hole) - ramp).max() < 1e-4)
True
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage, sparse
from scipy.sparse import linalg

from daub.render.weighting import cell_sums

_SOLVED_AT_ONCE = 20_000  # pixels; a larger hole is closed at half the size first
_SWEEPS = 40  # of averaging over neighbours, to make what comes from half the size fine again


def closed(picture: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The picture with other values in the hole: each the mean of its neighbours.

    Args:
        picture: (H, W, 3) float32, any values.
        hole: (H, W) bool; one that is everything stays as it is.

    Returns:
        (H, W, 3) float32.
    """
    if not hole.any() or hole.all():
        return picture.copy()
    if hole.sum() <= _SOLVED_AT_ONCE:
        return _solved(picture, hole)
    known = (~hole).astype(np.float32)
    seen = cell_sums(known, 2)
    means = cell_sums(picture * known[..., None], 2) / np.maximum(seen, 1)[..., None]
    coarse = closed(means, seen == 0)
    height, width = hole.shape
    after = np.where(hole[..., None], coarse.repeat(2, 0)[:height].repeat(2, 1)[:, :width], picture)
    rows, columns = (slice(max(int(at.min()) - 1, 0), int(at.max()) + 2) for at in np.nonzero(hole))
    box, inside = after[rows, columns], hole[rows, columns][..., None]
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32)[..., None] / 4
    for _ in range(_SWEEPS):
        box[:] = np.where(inside, ndimage.correlate(box, cross, mode="nearest"), box)
    return after


def _solved(picture: np.ndarray, hole: np.ndarray) -> np.ndarray:
    height, width = hole.shape
    row, column = np.nonzero(hole)
    number = np.full(hole.shape, -1)
    number[row, column] = np.arange(len(row))
    neighbours, fixed = np.zeros(len(row)), np.zeros((len(row), 3))
    pairs = []
    for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        r, c = row + down, column + right
        there = np.flatnonzero((r >= 0) & (r < height) & (c >= 0) & (c < width))  # beyond the canvas is no neighbour
        r, c = r[there], c[there]
        neighbours[there] += 1
        inner = hole[r, c]
        pairs.append((there[inner], number[r[inner], c[inner]]))
        np.add.at(fixed, there[~inner], picture[r[~inner], c[~inner]])
    first, second = (np.concatenate(each) for each in zip(*pairs, strict=True))
    off = sparse.csc_matrix((-np.ones(len(first)), (first, second)), (len(row), len(row)))
    solve = linalg.factorized((off + sparse.diags(neighbours)).tocsc())
    after = picture.copy()
    for channel in range(3):
        after[row, column, channel] = solve(fixed[:, channel])
    return after
