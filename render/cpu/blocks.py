"""Images in blocks: how pictures are drawn that are looked at, and the way there and back.

An image is (H, blocks, 3 * LANES): a block is LANES reds, then greens, then blues, so one pointer serves all three
channels and the compiler need not prove that they do not overlap. What lies beyond the width is padding.
"""

import math

import numpy as np

from daub.render.jit import njit, prange

LANES = 16  # float32 in a 512-bit register
BLOCK = 3 * LANES  # float32 of a block of an image
BAND_ROWS = 16  # height of a band, rows of pixels
CELL = 4  # side of the largest cells that `render.weighting` takes means over: bands and blocks hold whole ones
CACHE_LINE = 64  # bytes


def empty_blocks(*shape: int) -> np.ndarray:
    """Memory (..., blocks, 3 * LANES) float32 that begins with a line of the cache, so that no vector lies in two.

    Args:
        shape: of the blocks, all but the last axis.
    """
    size = BLOCK * math.prod(shape)
    room = np.empty(size + CACHE_LINE // 4, np.float32)
    first = -room.ctypes.data % CACHE_LINE // 4
    return room[first : first + size].reshape(*shape, BLOCK)


@njit(parallel=True, nogil=True, cache=True)
def unpack(blocks, image):
    """Fills an image (H, W, 3) with what blocks (H, blocks, 3 * LANES) hold."""
    for row in prange(len(image)):
        for column in range(image.shape[1]):
            for channel in range(3):
                image[row, column, channel] = blocks[row, column // LANES, channel * LANES + column % LANES]
