"""Pixels of 8 bits, whose level 255 stands for 1: rounded from real ones, and made real again."""

from __future__ import annotations

import numpy as np

_PIECE = 1 << 15  # values rounded at a time


def to_8bit(pixels: np.ndarray) -> np.ndarray:
    """Round to 8 bits: the definition of a decoded image wherever 8-bit results are compared.

    Args:
        pixels: floating point, any shape; outside [0, 1] is clipped.

    Returns:
        uint8, floor(255 * pixels + 1/2).
    """
    result = np.empty(pixels.shape, np.uint8)
    flat, flat_result = pixels.reshape(-1), result.reshape(-1)
    # Done in pieces that stay in the cache: fresh memory for a whole image takes longer than the arithmetic.
    for start in range(0, len(flat), _PIECE):
        scaled = np.multiply(flat[start : start + _PIECE], np.float32(255))
        scaled += 0.5
        flat_result[start : start + _PIECE] = np.clip(scaled, 0, 255, out=scaled)
    return result


def as_real(pixels: np.ndarray) -> np.ndarray:
    """Floating point of data range 1, which `to_8bit` makes the same levels of; the array itself where it is no uint8.

    >>> as_real(np.uint8([0, 51, 255])).tolist(), as_real(np.float32([0.5])).tolist()
    ([0.0, 0.20000000298023224, 1.0], [0.5])
    """
    return pixels / np.float32(255) if pixels.dtype == np.uint8 else pixels
