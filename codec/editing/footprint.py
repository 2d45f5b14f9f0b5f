"""What Gaussians cover: boxes around their supports, and how much of each lies in a region."""

from __future__ import annotations

import math

import numpy as np

from daub.codec.editing.selection import by_region
from daub.render.gaussians import COEFFICIENT, MEAN, SUPPORT, Gaussians
from daub.render.rasteriser import Rasteriser

_AROUND = 64  # pixels around a region that are looked at besides
# The integral of w(q) over the plane, 2 pi l1 l3 (1 - exp(-s/2) (1 + s/2)) with the support s, over the coefficient of
# unit amplitude, sqrt(pi l1 l3): what it comes to in units of sqrt(l1 l3).
_INTEGRAL = 2 * math.sqrt(math.pi) * (1 - math.exp(-SUPPORT / 2) * (1 + SUPPORT / 2))
_LEAST_COVER = 1e-3  # sum of weights over all pixels, in units of the unit-energy atom, below which it covers none


def extents(gaussians: Gaussians) -> np.ndarray:
    """(N, 2) pixels: how far the support of each reaches along x and along y.

    >>> extents(Gaussians.build([[0, 0]], [[[4.0, 3.0], [3.0, 9.0]]], [[1, 1, 1]])).round(3).tolist()
    [[6.0, 9.0]]
    """
    l1, l3 = np.exp(gaussians.log_scale.astype(np.float64)).T
    return math.sqrt(SUPPORT) * np.stack([l1, l3 * np.sqrt(1 + gaussians.shear.astype(np.float64) ** 2)], 1)


def box_around(gaussians: Gaussians, width: int, height: int, margin: int = 0) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels of a canvas that Gaussians touch; empty without any.

    Args:
        margin: pixels more on each side, as far as the canvas goes.
    """
    if not len(gaussians):
        return 0, 0, 0, 0
    mean, reach = gaussians.mean.astype(np.float64), extents(gaussians)
    low, high = np.ceil((mean - reach).min(0)) - margin, np.floor((mean + reach).max(0)) + margin + 1
    left, top = np.clip(low, 0, [width, height]).astype(int).tolist()
    right, bottom = np.clip(high, 0, [width, height]).astype(int).tolist()
    return left, top, max(right, left), max(bottom, top)


def box_of_region(region: np.ndarray, margin: int = 0) -> tuple[int, int, int, int]:
    """The box of the pixels of a region, with a margin as far as the canvas goes; empty where it holds none."""
    height, width = region.shape
    rows, columns = np.flatnonzero(region.any(1)), np.flatnonzero(region.any(0))
    if not len(rows):
        return 0, 0, 0, 0
    return (
        max(int(columns[0]) - margin, 0), max(int(rows[0]) - margin, 0),
        min(int(columns[-1]) + 1 + margin, width), min(int(rows[-1]) + 1 + margin, height),
    )  # fmt: skip


def dilated(region: np.ndarray, pixels: int) -> np.ndarray:
    """(H, W) bool: a region and what is so near to it, in steps along rows and columns."""
    from scipy import ndimage  # not before: a window starts without it

    left, top, right, bottom = box_of_region(region, pixels)
    wide = region.copy()
    if pixels and right > left:
        part = wide[top:bottom, left:right]
        part[:] = ndimage.binary_dilation(part, iterations=pixels)
    return wide


def share_inside(gaussians: Gaussians, region: np.ndarray, rasteriser: Rasteriser) -> np.ndarray:
    """(N,) float64, 0 to 1: how much of the weight of each, summed over the pixels of the canvas, lies in a region.

    Those that cover no pixel count as inside or outside by the pixel at their centre. Takes the time of the region and
    what is around it, whatever the size of the canvas.

    Args:
        region: (H, W) bool, or float32 in [0, 1] where pixels belong to it in part.
    """
    height, width = region.shape
    share = by_region(gaussians, region > 0.5).astype(np.float64)
    left, top, right, bottom = box_of_region(region)
    if right <= left or bottom <= top:
        return share
    margin = _AROUND + max(right - left, bottom - top) // 2
    box = max(left - margin, 0), max(top - margin, 0), min(right + margin, width), min(bottom + margin, height)
    mean, reach = gaussians.mean.astype(np.float64), extents(gaussians)
    near = np.flatnonzero(((mean + reach > [left, top]) & (mean - reach < [right - 1, bottom - 1])).all(1))
    share[near] = _share_in_box(Gaussians(gaussians.parameters[near]), region, box, share[near], rasteriser)
    return share


def _share_in_box(
    gaussians: Gaussians,
    region: np.ndarray,
    box: tuple[int, int, int, int],
    otherwise: np.ndarray,
    rasteriser: Rasteriser,
) -> np.ndarray:
    """The share of those near a region. Args: otherwise: (N,) of those that cover no pixel."""
    left, top, right, bottom = box
    height, width = region.shape
    # The gradient of a sum over pixels by a coefficient is the sum of the weights there, over a constant of each atom.
    cotangent = np.zeros((bottom - top, right - left, 3), np.float32)
    cotangent[..., 0], cotangent[..., 1] = region[top:bottom, left:right], 1
    sums = rasteriser.backward(in_box(gaussians, box), cotangent)[:, COEFFICIENT].astype(np.float64)
    inside, all_over = sums[:, 0], sums[:, 1]
    # Where one reaches out of the box, and not only out of the canvas, it has its whole integral.
    mean, reach = gaussians.mean.astype(np.float64), extents(gaussians)
    low, high = mean - reach, mean + reach
    beyond = (low < [left, top]) & (np.array([left, top]) > 0)
    beyond |= (high > [right - 1, bottom - 1]) & (np.array([right, bottom]) < [width, height])
    root_area = np.exp(gaussians.log_scale.astype(np.float64).sum(1) / 2)
    all_over = np.where(beyond.any(1), np.maximum(all_over, _INTEGRAL * root_area), all_over)
    seen = all_over > _LEAST_COVER
    return np.where(seen, np.clip(inside / np.where(seen, all_over, 1), 0, 1), otherwise)


def in_box(gaussians: Gaussians, box: tuple[int, int, int, int]) -> Gaussians:
    """Gaussians seen from the corner of a box of pixels: what a canvas of its size shows of them."""
    parameters = gaussians.parameters.copy()
    parameters[:, MEAN] -= np.float32(box[:2])
    return Gaussians(parameters)


def out_of_box(gaussians: Gaussians, box: tuple[int, int, int, int]) -> Gaussians:
    """What undoes `in_box`."""
    parameters = gaussians.parameters.copy()
    parameters[:, MEAN] += np.float32(box[:2])
    return Gaussians(parameters)
