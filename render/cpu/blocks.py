"""Images in blocks: how pictures are drawn that are looked at, and the way there and back.

An image is (H, blocks, 3 * LANES): a block is LANES reds, then greens, then blues, so one pointer serves all three
channels and the compiler need not prove that they do not overlap. What lies beyond the width is padding.
"""

import numpy as np

from daub.render.jit import njit, prange

LANES = 16  # float32 in a 512-bit register
BLOCK = 3 * LANES  # float32 of a block of an image
BAND_ROWS = 16  # height of a band, rows of pixels
CELL = 4  # side of the largest cells that `render.weighting` takes means over: bands and blocks hold whole ones

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def unpack(blocks, image):
    """Fills an image (H, W, 3) with what blocks (H, blocks, 3 * LANES) hold."""
    for row in prange(len(image)):
        for column in range(image.shape[1]):
            for channel in range(3):
                image[row, column, channel] = blocks[row, column // LANES, channel * LANES + column % LANES]


@njit(parallel=True, nogil=True, cache=True)
def unpack_8bit(blocks, first, image):
    """Likewise an image of 8 bits, (H, W, 3) uint8, from the column `first` of the blocks on."""
    for row in prange(len(image)):
        round_row(blocks[row], first, image[row])


@njit(cache=True)  # no fused product, whoever calls it: it has to be rounded as `to_8bit` rounds it
def round_row(blocks, first, row):
    """Fills a row (W, 3) uint8 with a row of blocks (blocks, 3 * LANES), from their column `first` on."""
    for block in range(first // LANES, (first + len(row) + LANES - 1) // LANES):
        begin, end = max(block * LANES, first), min((block + 1) * LANES, first + len(row))
        pixels, out = blocks[block, begin - block * LANES :], row[begin - first : end - first]
        for i in range(len(out)):
            for channel in range(3):
                value = pixels[i + channel * LANES] * _f(255) + _f(0.5)
                out[i, channel] = np.uint8(min(max(value, _f(0)), _f(255)))
