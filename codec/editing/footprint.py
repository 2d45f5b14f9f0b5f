"""What Gaussians cover: boxes around their supports, and how much of each lies in a region."""

from __future__ import annotations

import math

import numpy as np

from daub.codec.editing.selection import by_region
from daub.render.gaussians import COEFFICIENT, MEAN, SUPPORT, Gaussians
from daub.render.rasteriser import Rasteriser

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


def share_inside(gaussians: Gaussians, region: np.ndarray, rasteriser: Rasteriser) -> np.ndarray:
    """(N,) float64, 0 to 1: how much of the weight of each, summed over the pixels of the canvas, lies in a region.

    Those that cover no pixel count as inside or outside by the pixel at their centre.

    Args:
        region: (H, W) bool, or float32 in [0, 1] where pixels belong to it in part.
    """
    height, width = region.shape
    # The gradient of a sum over pixels by a coefficient is the sum of the weights there, over a constant of each atom.
    cotangent = np.zeros((height, width, 3), np.float32)
    cotangent[..., 0], cotangent[..., 1] = region, 1
    inside, all_over, _ = rasteriser.backward(gaussians, cotangent)[:, COEFFICIENT].astype(np.float64).T
    seen = all_over > _LEAST_COVER
    share = np.where(by_region(gaussians, region > 0.5), 1.0, 0.0)
    share[seen] = np.clip(inside[seen] / all_over[seen], 0, 1)
    return share


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
