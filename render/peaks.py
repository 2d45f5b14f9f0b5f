"""Sorts the maxima of an error so that every backend finds the same ones in the same order.

A key is a 64-bit integer, the bits of the error above the scattered number of the pixel:

    error as float32, whose bits sort as it does for what is positive  |  pixel * SCATTER modulo 2^32

Equal errors, as on a flat one, are thus taken all over the picture rather than row by row.
"""

from __future__ import annotations

import numpy as np

SCATTER = 0x9E3779B1  # factor of the pixel; odd, so that a product with it modulo 2^32 can be undone
_LOW = 0xFFFFFFFF  # mask of the lower 32 bits


def peak_keys(error: np.ndarray, pixel: np.ndarray) -> np.ndarray:
    """The keys of some pixels.

    Args:
        error: (M,) float32, positive.
        pixel: (M,) row * W + column, below 2^32.

    Returns:
        (M,) uint64.
    """
    return error.view(np.uint32).astype(np.uint64) << 32 | pixel.astype(np.uint64) * SCATTER & _LOW


def largest_peaks(keys: np.ndarray, most: int) -> np.ndarray:
    """(M <= most,) int64, the pixels of the largest keys, the largest first."""
    keys = np.sort(keys)[::-1][:most]
    return ((keys & _LOW) * pow(SCATTER, -1, 1 << 32) & _LOW).astype(np.int64)
