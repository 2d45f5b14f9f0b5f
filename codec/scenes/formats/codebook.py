"""The best 256 levels for numbers, as the writer of SOG finds them: by dynamic programming over a histogram.

The histogram has 1024 bins between even steps of value and of rank: the more of rank, the longer the tails are. A bin
weighs the square root of what it holds, so that the tails get levels, too. Among all divisions of the bins into 256
runs, that with the least sum of squared errors is found exactly (Wang and Song, Ckmeans.1d.dp, The R Journal 2011).
"""

from __future__ import annotations

import numpy as np

LEVELS = 256
_BINS = 1024
_WEIGHT = 0.5  # exponent of the count of a bin
_SHARE_OF_RANK = (0.5, 0.999)  # least and most


def codebook(values: np.ndarray) -> np.ndarray:
    """(256,) float32 levels, ascending; the last one repeats where fewer are needed.

    Args:
        values: any shape, finite, at least one.
    """
    values = np.sort(values, axis=None).astype(np.float64)
    different = np.flatnonzero(np.diff(values)) + 1
    if len(different) < LEVELS:  # each value has a level of its own
        return _padded(values[np.r_[0, different]])
    centres, weights = _histogram(values)
    return _padded(_levels(centres, weights, min(LEVELS, len(centres))))


def nearest(levels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """uint8, the index of the level that is nearest to each value."""
    return np.searchsorted((levels[1:] + levels[:-1]) / 2, values, side="right").astype(np.uint8)


def _padded(levels: np.ndarray) -> np.ndarray:
    return np.pad(levels, (0, LEVELS - len(levels)), mode="edge").astype(np.float32)


def _histogram(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and weight of each bin that holds something, of sorted values."""
    n, width = len(values), values[-1] - values[0]
    quartiles = values[n * 3 // 4] - values[n // 4]
    of_rank = np.clip(1 - quartiles / width, *_SHARE_OF_RANK)
    place = of_rank * np.arange(n) / n + (1 - of_rank) * (values - values[0]) / width
    bins = np.minimum((place * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    sums = np.bincount(bins, values, minlength=_BINS)
    filled = counts > 0
    return sums[filled] / counts[filled], counts[filled] ** _WEIGHT


def _levels(centres: np.ndarray, weights: np.ndarray, levels: int) -> np.ndarray:
    """The weighted means of the best division of the bins into so many runs."""
    size = len(centres)
    weight, first, second = (np.r_[0, np.cumsum(weights * centres**power)] for power in range(3))
    end, start = np.arange(1, size + 1)[:, None], np.arange(size)[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = first[end] - first[start]
        cost = second[end] - second[start] - sums**2 / (weight[end] - weight[start])
    cost[start >= end] = np.inf  # a run has a bin at least
    best, splits = cost[:, 0], []  # the least cost of the bins up to each, in one run
    for level in range(1, levels):
        # The bins up to each in one run more, which begins at bin `split`: those before it end at split - 1.
        total = cost[level:, level:] + best[level - 1 : -1]
        split = total.argmin(axis=1)
        best = np.r_[np.full(level, np.inf), total[np.arange(size - level), split]]
        splits.append(np.r_[np.zeros(level, int), split + level])
    starts, last = [], size - 1
    for split in reversed(splits):
        starts.append(int(split[last]))
        last = starts[-1] - 1
    edges = np.r_[0, starts[::-1], size].astype(int)
    return np.diff(first[edges]) / np.diff(weight[edges])
