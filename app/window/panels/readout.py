"""Colours and importance as the read-out under the cursor gives them."""

from __future__ import annotations

import numpy as np


def levels(value: np.ndarray) -> tuple[int, int, int]:
    """A colour as 8-bit levels; what is outside [0, 1] is clipped."""
    return tuple(int(v) for v in np.round(np.clip(value, 0, 1) * 255))


def factor_words(factor: float) -> str:
    """What an error weighs, as in "× 2.8", or "÷ 2.8" for what weighs less than usual."""
    return f"× {factor:.1f}" if factor >= 1 else f"÷ {1 / factor:.1f}"
