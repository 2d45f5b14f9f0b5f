"""Which Gaussians of a scene matter, as far as can be told without looking at it."""

from __future__ import annotations

import numpy as np

from daub.render.splats.splats import Splats


def importance(splats: Splats) -> np.ndarray:
    """(N,) float64: opacity times volume, the order in which .splat files are usually written."""
    with np.errstate(over="ignore", invalid="ignore"):
        volume = np.exp(splats.log_scales.astype(np.float64).sum(axis=1))
    return np.nan_to_num(splats.opacity * volume)


def most_important(splats: Splats, count: int) -> Splats:
    """So many of them, in their old order; all where there are no more."""
    if count >= len(splats):
        return splats
    which = np.argsort(-importance(splats), kind="stable")[:count]
    return splats.take(np.sort(which))
