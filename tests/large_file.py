"""A file of a few hundred bytes that asks for gigabytes and minutes."""

from __future__ import annotations

import numpy as np

from daub.codec import container
from daub.codec.symbols import Grid, quantise, step_index
from daub.render.gaussians import Gaussians


def bomb(side: int = 1 << 14, count: int = 250) -> bytes:
    """Gaussians that all cover the whole of a square picture.

    Args:
        side: of the picture, pixels; the largest one of the format by default.
    """
    rng = np.random.default_rng(0)
    mean, covariance = rng.uniform(0, side, (count, 2)), np.tile(np.eye(2) * side**2, (count, 1, 1))
    gaussians = Gaussians.build(mean, covariance, rng.normal(0, 0.05, (count, 3)))
    grid = Grid(side, side, step_index(side / 4), cell_log2=10)
    return container.write(quantise(gaussians, grid), grid)
