"""The start of SmartSplat (AAAI 2026): most Gaussians where the image changes, the others in the gaps."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from daub.codec.options import option
from daub.codec.parts import LARGEST_SETTING, Part
from daub.render.gaussians import Gaussians

Item, Result = TypeVar("Item"), TypeVar("Result")
_TRIALS = 50  # rounds of candidates for the gaps, before any place will do
_NEIGHBOURS = 3  # nearest neighbours, whose mean distance is the width of a Gaussian in a gap
_GRID = 9  # samples a side of the disc that a colour is the median of
_ROWS = 4096  # colours worked out at a time: bounds the memory


@dataclass(frozen=True)
class SmartSplat(Part):
    """Samples by gradients and colours, fills the gaps, and takes colours as wide as each Gaussian (SmartSplat).

    - Gradient-colour guided variational sampling: pixels are drawn without repetition by a weighted sum of their
      gradient and of the variance of the colours around, tile by tile; the more weight, the narrower the Gaussian.
    - Exclusion-based uniform sampling: the others are drawn uniformly, further than a radius from all there are, and
      are as wide as their three nearest neighbours are away.
    - Scale-adaptive colours: each takes the weighted median of the colours within its standard deviation.

    The base scale is sqrt(H W / (pi N)) / 3 pixels.

        >>> edge = np.zeros((60, 90, 3), np.float32)
        >>> edge[:, 45:] = 1
        >>> first = SmartSplat()(edge, 50, np.random.default_rng(0))
        >>> int((abs(first.mean[:35, 0] - 44.5) < 3).sum())
        35
    """

    name = "smartsplat"
    on_device: ClassVar[bool] = False
    guided_share: float = option(0.7, 0, 1, "share of all Gaussians that go by the image; the others fill the gaps")
    gradient_weight: float = option(0.9, 0, LARGEST_SETTING, "weight of the gradient, which is relative to its maximum")
    variance_weight: float = option(
        0.1, 0, LARGEST_SETTING, "weight of the variance of colours in 5x5 pixels, likewise"
    )
    tile: int = option(1024, 16, LARGEST_SETTING, "side of a tile; each gets as many, whatever is in it", " px")

    def __call__(self, target: np.ndarray, count: int, rng: np.random.Generator) -> Gaussians:
        height, width, _ = target.shape
        base = math.sqrt(height * width / (math.pi * max(count, 1))) / 3  # base scale, pixels
        mean, weight = self._guided(target, int(self.guided_share * count), rng)
        sigma = base * np.exp(-weight / 2)
        gaps = count - len(mean)
        radius = max(base, float(np.median(sigma))) if len(sigma) else base
        mean = np.concatenate([mean, _excluded(mean, gaps, radius, (width, height), rng)])
        sigma = np.concatenate([sigma, _spacing(mean, gaps, base)])
        covariance = (sigma**2)[:, None, None] * np.eye(2)
        return Gaussians.build(mean, covariance, _colours(target, mean, sigma))

    def _guided(self, target: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw pixels by their weight, none twice: (M, 2) with M <= count, and the weights (M,) there."""
        tops, lefts = (_starts(side, self.tile) for side in target.shape[:2])
        tiles = [(top, left) for top in tops for left in lefts]
        means, weights = [np.empty((0, 2))], [np.empty(0)]
        cuts = [target[top : top + self.tile, left : left + self.tile] for top, left in tiles]
        for index, ((top, left), weight) in enumerate(zip(tiles, _in_threads(self._weight, cuts), strict=True)):
            draws = min(count // len(tiles) + (index < count % len(tiles)), weight.size)
            # The first of exponential clocks that tick at these rates are a draw without replacement.
            time = rng.standard_exponential(weight.shape, np.float32) / weight
            drawn = np.argpartition(time, max(draws - 1, 0), axis=None)[:draws]
            row, column = np.divmod(drawn, weight.shape[1])
            means.append(np.stack([column + left, row + top], 1))
            weights.append(weight[row, column])
        return np.concatenate(means), np.concatenate(weights)

    def _weight(self, tile: np.ndarray) -> np.ndarray:
        """(H, W), positive: the weighted sum of gradient and variance of the colours, each relative to its maximum."""
        planes = np.ascontiguousarray(tile.transpose(2, 0, 1), np.float64)
        grey = planes.mean(0)
        gradient = np.hypot(ndimage.sobel(grey, 0), ndimage.sobel(grey, 1))
        variance = ndimage.uniform_filter((planes**2).mean(0), 5)
        variance -= (ndimage.uniform_filter(planes, (1, 5, 5)) ** 2).mean(0)
        variance = np.maximum(variance, 0)
        weight = self.gradient_weight * gradient / (gradient.max() + 1e-8)
        weight += self.variance_weight * variance / (variance.max() + 1e-8)
        return np.maximum(weight, 1e-8)


def count_for_ratio(width: int, height: int, ratio: float) -> int:
    """Tell how many Gaussians a compression ratio stands for: N = 3 H W / (7 CR).

    So many Gaussians of seven bytes are an image of 8-bit RGB, divided by the ratio.
    """
    return max(1, int(3 * height * width / (7 * ratio)))


def _starts(side: int, tile: int) -> list[int]:
    """Where the tiles of a side begin: as few as cover it, evenly spaced, overlapping where they must."""
    tiles = -(-side // tile)
    return [0] if tiles == 1 else [round(i * (side - tile) / (tiles - 1)) for i in range(tiles)]


def _excluded(
    taken: np.ndarray, count: int, radius: float, size: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """(count, 2) uniform draws further than `radius` pixels from all that were there before their round."""
    found = [np.empty((0, 2))]
    missing = count
    for _ in range(_TRIALS):
        if not missing:
            break
        candidates = rng.random((5 * missing, 2)) * size - 0.5
        there = np.concatenate([taken, *found])
        if len(there):
            candidates = candidates[cKDTree(there).query(candidates, workers=-1)[0] > radius]
        found.append(candidates[:missing])
        missing -= len(found[-1])
    return np.concatenate([*found, rng.random((missing, 2)) * size - 0.5])


def _spacing(mean: np.ndarray, last: int, fallback: float) -> np.ndarray:
    """(last,) pixels: root mean square distance of each of the last means from its nearest neighbours."""
    if len(mean) <= _NEIGHBOURS or not last:
        return np.full(last, fallback)
    distance, _ = cKDTree(mean).query(mean[-last:], _NEIGHBOURS + 1, workers=-1)  # each mean and its neighbours
    return np.maximum(np.sqrt((distance[:, 1:] ** 2).mean(1)), 0.1 * fallback)


def _colours(target: np.ndarray, mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """(N, 3) medians of the disc of radius sigma about each mean, weighted by the Gaussian there."""
    axis = np.linspace(-1, 1, _GRID)
    offset = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    offset = offset[(offset**2).sum(1) <= (1 + 1 / (_GRID - 1)) ** 2]  # (K, 2), in units of sigma
    weight = np.exp(-(offset**2).sum(1) / 2)
    colours = np.empty((len(mean), 3))

    def fill(start: int) -> None:
        batch = slice(start, start + _ROWS)
        x, y = (mean[batch, None] + sigma[batch, None, None] * offset).transpose(2, 0, 1)
        for channel in range(3):
            samples = ndimage.map_coordinates(target[..., channel], (y, x), order=1, mode="nearest")
            order = samples.argsort(1)
            middle = (np.cumsum(weight[order], 1) >= weight.sum() / 2).argmax(1)
            rows = np.arange(len(samples))
            colours[batch, channel] = samples[rows, order[rows, middle]]

    for _ in _in_threads(fill, range(0, len(mean), _ROWS)):
        pass
    return colours


def _in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results in order. Nearly all the work is numpy's and scipy's, which let go of the interpreter."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, items)
