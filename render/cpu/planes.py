"""Images in planes: how fits and refinements keep pixels, and the way there.

An image is (H, C, pitch), each row one channel after the other. A vector of LANES pixels may begin at any column, so a
Gaussian takes no more of them than its own pixels fill: most have but a few in a row, and `blocks`, in which vectors
begin at whole multiples, would have a third more. Beyond the width a row has room for vectors that begin before it;
what stands there is zero in every target, every residual and in weights.

Weights of pixels are planes of one channel, or None: numba compiles a kernel for each of the two, and leaves out of one
what the other needs.
"""

import numpy as np

from daub.render.cpu.blocks import LANES
from daub.render.jit import njit, prange

ROOM = 2 * LANES  # floats at least between the width and the end of a row
_PAGE = 1024  # floats: rows that are whole pages apart would fight for the same part of the cache


def pitch_of(width: int) -> int:
    """Floats from the beginning of one channel of a row to that of the next."""
    pitch = -(-(width + ROOM) // LANES) * LANES
    return pitch if pitch % _PAGE else pitch + LANES


def planes(height: int, width: int, channels: int = 3) -> np.ndarray:
    """Zeros, (H, channels, pitch) float32."""
    return np.zeros((height, channels, pitch_of(width)), np.float32)


def packed(image: np.ndarray) -> np.ndarray:
    """An image (H, W, C) in planes."""
    there = planes(*image.shape)
    if image.any():  # otherwise never written, so that the system gives no memory for it
        pack(np.ascontiguousarray(image, np.float32), there)
    return there


@njit(parallel=True, nogil=True, cache=True)
def pack(image, there):
    """Fills planes (H, C, pitch), which are zero beyond the width, with an image (H, W, C)."""
    for row in prange(len(image)):
        for channel in range(image.shape[2]):
            line = there[row, channel]
            for column in range(image.shape[1]):
                line[column] = image[row, column, channel]
