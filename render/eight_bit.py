"""Rounds real pixels to 8 bits."""

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
