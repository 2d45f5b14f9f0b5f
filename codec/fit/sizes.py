"""Coarse to fine: while there are few Gaussians, they are fitted to the image at a half or a quarter of its size.

A step costs as much as the image has pixels, and Gaussians that are many pixels apart see no more in the whole image
than in the means of its cells. `CoarseToFine` says at which step an image has which size, `Reduced` is the image there,
and `scaled` takes Gaussians from one size to another; records and checkpoints have those of the full size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from daub.render.descent import Descent, GaussNewton
from daub.render.eight_bit import as_real
from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, Gaussians
from daub.render.spreading import spread
from daub.render.weighting import Weighting, cell_sums

STRIP_PIXELS = 1 << 18  # of an image that is reduced a strip at a time: what lies in between is as large as it is
LARGEST_CELL = 4  # pixels, the largest side of cells that are means or that `render.weighting` has
LEAST_AREA = 1 << 14  # pixels of a reduced image: a smaller one saves nothing


@dataclass(frozen=True)
class CoarseToFine:
    """Which size an image has at a step: the smallest that still has enough pixels for each Gaussian.

    Args:
        pixels: least pixels of the reduced image for each Gaussian.
        until: share of the fit after which the image is whole, however few they are; below 1.
        coarsest: side of the largest cells, a power of two; 1: the image is always whole.

        >>> policy = CoarseToFine()
        >>> [policy.side(step=0, steps=300, count=count, area=768 * 512) for count in (100, 1500, 10_000)]
        [4, 2, 1]
        >>> policy.side(step=120, steps=300, count=100, area=768 * 512)
        1
    """

    pixels: float = 48.0
    until: float = 0.4
    coarsest: int = 4

    def side(self, step: int, steps: int, count: int, area: int) -> int:
        """The side of the cells that are a pixel each before `step`, with a population of `count`."""
        side = self.coarsest if step < math.floor(self.until * steps) else 1
        while side > 1 and area < side * side * max(LEAST_AREA, self.pixels * count):
            side //= 2
        return side


@dataclass(frozen=True, eq=False)
class Reduced:
    """An image with the weights of its pixels, as it is fitted to.

    Args:
        pixels: (H, W, 3) float32, the mean of each cell; of the whole image itself, which may be uint8.
        weights: as of `fit`.
        area: pixels of the whole image.
        side: of the cells, pixels of the whole image; 1 for itself.
        lost: (2,) the error within cells, with the weights and without, which no Gaussian sees here.
    """

    pixels: np.ndarray
    weights: Weighting | None
    area: int
    side: int = 1
    lost: tuple[float, float] = (0.0, 0.0)

    @staticmethod
    def of(pixels: np.ndarray, weights: Weighting | None, side: int) -> Reduced:
        """The image (H, W, 3), real or uint8, by cells of side x side pixels, cut at the right and below."""
        if side == 1:
            return Reduced(pixels, weights, pixels.size // 3)
        height, width, _ = pixels.shape
        rows = max(STRIP_PIXELS // width // LARGEST_CELL, 1) * LARGEST_CELL
        strips = [slice(top, top + rows) for top in range(0, height, rows)]
        reduced = spread(lambda strip: _means(as_real(pixels[strip]), _strip_of(weights, strip), side), strips)
        means, sums, lost = zip(*reduced, strict=True)
        means, (error, squares) = np.concatenate(means), np.sum(lost, 0).tolist()
        if weights is None:
            return Reduced(means, None, height * width, side, (squares, squares))
        # What is alike within a cell counts as in the whole image, whose cells of 2x2 and 4x4 are pixels here, or less.
        coarse = weights.coarse
        shared, left = (1 + coarse, coarse / (2 * (1 + coarse))) if side == 2 else (1 + 2 * coarse, 0.0)
        plane = np.concatenate(sums) * np.float32(shared / side**2)
        return Reduced(means, Weighting(plane, left), height * width, side, (error, squares))

    def whole(self, error: float, squares: float) -> tuple[float, float]:
        """What an error here, with weights and without, comes to in the whole image."""
        cell = self.side**2
        return cell * error + self.lost[0], cell * squares + self.lost[1]

    def optimiser(self, settings: GaussNewton) -> GaussNewton:
        """The steps of the whole image: energies are smaller by the area of a cell, and so is what is added to them."""
        return replace(settings, damping=settings.damping / self.side**2)


class Reductions:
    """One image at the sizes and under the weights that it is asked for; small ones are kept, as several fits follow.

    Once the whole image is asked for, they go: that fit is the longest by far, and has the most in memory besides.

    Args:
        pixels: (H, W, 3) float32 in [0, 1], or uint8, which stay as they are.
    """

    def __init__(self, pixels: np.ndarray):
        self._pixels = pixels
        self._weights: Weighting | None = None
        self._made: dict[int, Reduced] = {}  # by side, under those weights

    def __call__(self, weights: Weighting | None, side: int) -> Reduced:
        """As `Reduced.of`."""
        if weights is not self._weights or side == 1:
            self._weights, self._made = weights, {}
        if side not in self._made:
            self._made[side] = Reduced.of(self._pixels, weights, side)
        return self._made[side]


def _means(
    pixels: np.ndarray, weights: Weighting | None, side: int
) -> tuple[np.ndarray, np.ndarray | None, tuple[float, float]]:
    """The means of cells, the sums of their weights, and what is lost within them, with the weights and without."""
    height, width, _ = pixels.shape
    pairs, ones = cell_sums(pixels, 2), cell_sums(np.ones((height, width), np.float32), 2)
    means = cell_sums(pairs, side // 2) / cell_sums(ones, side // 2)[..., None]
    wide, squares = means.repeat(side, 1)[:, :width], np.empty_like(pixels)
    for row in range(side):
        here = pixels[row::side]
        np.subtract(here, wide[: len(here)], out=squares[row::side])
    squares *= squares
    summed = squares[..., 0] + squares[..., 1]
    summed += squares[..., 2]
    lost = float(summed.sum(dtype=np.float64))
    if weights is None:
        return means, None, (0.0, lost)
    felt = float(np.einsum("hw,hw->", summed, weights.plane, dtype=np.float64))
    by_pairs = cell_sums(weights.plane, 2)
    if side > 2:  # cells of 2x2 share an error within those of 4x4; what whole cells share is nothing on average
        pairs -= ones[..., None] * means.repeat(2, 1)[:, : pairs.shape[1]].repeat(2, 0)[: len(pairs)]
        felt += weights.coarse / 16 * float(np.einsum("hwc,hwc,hw->", pairs, pairs, by_pairs, dtype=np.float64))
    return means, cell_sums(by_pairs, side // 2), (felt, lost)


def _strip_of(weights: Weighting | None, rows: slice) -> Weighting | None:
    """Those of some rows, whole cells of the largest."""
    return None if weights is None else Weighting(weights.plane[rows], weights.coarse)


def scaled(gaussians: Gaussians, by: float) -> Gaussians:
    """The Gaussians (N, 8) on a grid whose pixels are `by` times as small; the same where `by` is 1."""
    if by == 1:
        return gaussians
    parameters, by = gaussians.parameters.copy(), np.float32(by)
    parameters[:, MEAN] = (parameters[:, MEAN] + np.float32(0.5)) * by - np.float32(0.5)
    parameters[:, LOG_SCALE] += np.log(by)
    parameters[:, COEFFICIENT] *= by
    return Gaussians(parameters)


def scaled_descent(descent: Descent, by: float) -> Descent:
    """Likewise a fit under way: all but the coefficients moves in units of the Gaussian itself."""
    if by == 1:
        return descent
    momentum = descent.momentum.copy()
    momentum[:, COEFFICIENT] *= np.float32(by)
    after = replace(descent, gaussians=scaled(descent.gaussians, by), momentum=momentum, best=scaled(descent.best, by))
    after.fresh, after.best_error = True, math.inf
    return after
