"""Sorting the maxima of an error so that every backend finds the same ones in the same order."""

from __future__ import annotations

import numpy as np

SCATTER = 0x9E3779B1  # odd, so that a product with it modulo 2^32 can be undone
_LOW = 0xFFFFFFFF


def peak_keys(error: np.ndarray, pixel: np.ndarray) -> np.ndarray:
    """(M,) uint64 that sort as errors (M,) float32 > 0 do, and where those are equal, as on a flat error, anyhow.

    Args:
        pixel: (M,) row * W + column, below 2^32.
    """
    return error.view(np.uint32).astype(np.uint64) << 32 | pixel.astype(np.uint64) * SCATTER & _LOW


def largest_peaks(keys: np.ndarray, most: int) -> np.ndarray:
    """(M <= most,) int64, the pixels of the largest keys, in falling order."""
    keys = np.sort(keys)[::-1][:most]
    return ((keys & _LOW) * pow(SCATTER, -1, 1 << 32) & _LOW).astype(np.int64)
