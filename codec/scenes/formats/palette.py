"""A palette of vectors for the harmonics of a scene: k-means, with the nearest entry sought among the nearest groups.

Each point looks at the entries of the 4 groups whose centres are nearest, of about as many groups as a group has
entries: at 65536 entries that is a fiftieth of the work of looking at all, and finds the nearest for 999 of 1000.
Equal points count as one of a greater weight, so that a scene which has been through a palette is found to have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

ITERATIONS = 10
_PROBES = 4  # groups
_ROUNDS_OF_GROUPS = 3  # of k-means over the entries
_AT_ONCE = 1 << 17  # distances


def palette(
    points: np.ndarray, size: int, progress: Callable[[float], None] | None = None, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """
    Args:
        points: (N, D) float32.
        size: entries, at most; fewer where there are fewer different points.
        progress: is told the share of the work that is done.
        seed: of the first entries, which are points.

    Returns:
        (entries, D) float32, and (N,) which one stands for each point.
    """
    points, inverse, counts = _different(points)
    if len(points) <= size:
        return points, inverse
    rng = np.random.default_rng(seed)
    entries = points[rng.choice(len(points), size, replace=False)]
    for step in range(ITERATIONS):
        labels = _nearest(points, entries)
        weight = np.bincount(labels, counts, minlength=size)
        sums = np.stack([np.bincount(labels, counts * column, minlength=size) for column in points.T], axis=1)
        used = weight > 0
        entries = entries.copy()
        entries[used] = sums[used] / weight[used, None]
        entries[~used] = points[rng.integers(len(points), size=int((~used).sum()))]
        if progress:
            progress((step + 1) / (ITERATIONS + 1))
    return entries, _nearest(points, entries)[inverse]


def _different(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The different ones in order, which of them each is, and how often each is there: as `np.unique` of rows, which
    is slower, and holds the interpreter for seconds."""
    order = np.lexsort(points.T[::-1])
    ordered = points[order]
    first = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    which = np.cumsum(first) - 1
    inverse = np.empty(len(points), np.int64)
    inverse[order] = which
    return ordered[first], inverse, np.bincount(which)


def _nearest(points: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """(N,) the nearest entry of each point, for nearly all of them."""
    groups = max(1, round(len(entries) ** 0.5))
    if groups <= _PROBES:
        return _among(points, entries)[0]
    centres = entries[:: len(entries) // groups].copy()
    for _ in range(_ROUNDS_OF_GROUPS):
        member_of, _ = _among(entries, centres)
        size = np.bincount(member_of, minlength=len(centres))
        sums = np.stack([np.bincount(member_of, column, minlength=len(centres)) for column in entries.T], axis=1)
        centres[size > 0] = sums[size > 0] / size[size > 0, None]
    member_of, _ = _among(entries, centres)
    members = np.split(np.argsort(member_of, kind="stable"), np.cumsum(np.bincount(member_of, minlength=len(centres))))
    best, label = np.full(len(points), np.inf, np.float32), np.zeros(len(points), np.int64)
    probes = _nearest_groups(points, centres)
    for probe in probes.T:
        by_group = np.argsort(probe, kind="stable")
        edges = np.cumsum(np.bincount(probe, minlength=len(centres)))
        for group, some in enumerate(np.split(by_group, edges)[:-1]):
            if not len(some) or not len(members[group]):
                continue
            index, distance = _among(points[some], entries[members[group]])
            nearer = distance < best[some]
            best[some[nearer]] = distance[nearer]
            label[some[nearer]] = members[group][index[nearer]]
    return label


def _nearest_groups(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(N, probes) the groups to look in, the nearest first."""
    found = np.empty((len(points), _PROBES), np.int64)
    for some, distances in _distances(points, centres):
        rows = np.arange(len(distances))
        for probe in range(_PROBES):  # a few searches for the least are faster than a partition
            found[some, probe] = distances.argmin(axis=1)
            distances[rows, found[some, probe]] = np.inf
    return found


def _among(points: np.ndarray, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N,) the nearest entry of each point, and half its squared distance less that of the point from 0."""
    label, distance = np.empty(len(points), np.int64), np.empty(len(points), np.float32)
    for some, distances in _distances(points, entries):
        label[some] = distances.argmin(axis=1)
        distance[some] = distances[np.arange(len(distances)), label[some]]
    return label, distance


def _distances(points: np.ndarray, entries: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Of some points at a time from all entries, such that they stay in the cache: |c|^2 / 2 - x c, in one product."""
    one = np.ones((len(points), 1), np.float32)
    points = np.concatenate([points, one], axis=1)
    entries = np.concatenate([-entries, np.square(entries).sum(axis=1, keepdims=True) / 2], axis=1).T.copy()
    rows = max(1, _AT_ONCE // entries.shape[1])
    for begin in range(0, len(points), rows):
        some = slice(begin, begin + rows)
        yield some, points[some] @ entries
