"""When each Gaussian of a fit was born: a step for each, which follows the population through growths and removals."""

from __future__ import annotations

import numpy as np


def births(count: int, step: int = 0) -> np.ndarray:
    """(count,) int32 of a population that is all born before that step."""
    return np.full(count, step, np.int32)


def after_change(born: np.ndarray, kept: np.ndarray, count: int, step: int) -> np.ndarray:
    """(count,) int32 of the population that follows.

    >>> after_change(births(3), kept=np.array([0, 2]), count=4, step=20).tolist()
    [0, 0, 20, 20]

    Args:
        born: of the population before.
        kept: (M,) indices into it of the first M; the others are newborn.
        step: before which that happens.
    """
    return np.concatenate([born[kept], births(count - len(kept), step)])
