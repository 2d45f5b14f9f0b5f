"""Images in blocks: how the kernels keep pixels, and the way there and back.

An image is (H, blocks, 3 * LANES): a block is LANES reds, then greens, then blues, so one pointer serves all three
channels and the compiler need not prove that they do not overlap. What lies beyond the width is padding, zero in every
residual. Weights of pixels are in blocks of one channel, (H, blocks, LANES), or None: numba compiles a kernel for each
of the two, and leaves out of one what the other needs.
"""

import numpy as np

from daub.render.jit import FAST, njit, prange

LANES = 16  # float32 in a 512-bit register
BLOCK = 3 * LANES  # float32 of a block of an image
BAND_ROWS = 16  # height of a band, rows of pixels
CELL = 4  # side of the largest cells that `render.weighting` takes means over: bands and blocks hold whole ones

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def pack(image, blocks):
    """Fills blocks (H, blocks, C * LANES) with an image (H, W, C), and the padding with zeros."""
    width = image.shape[1]
    for row in prange(len(image)):
        blocks[row, -1] = _f(0)
        for column in range(width):
            for channel in range(image.shape[2]):
                blocks[row, column // LANES, channel * LANES + column % LANES] = image[row, column, channel]


@njit(parallel=True, nogil=True, cache=True)
def unpack(blocks, image):
    """Fills an image (H, W, 3) with what blocks (H, blocks, 3 * LANES) hold."""
    for row in prange(len(image)):
        for column in range(image.shape[1]):
            for channel in range(3):
                image[row, column, channel] = blocks[row, column // LANES, channel * LANES + column % LANES]


@njit(parallel=True, nogil=True, cache=True)  # no fused product: it has to be rounded as `to_8bit` rounds it
def unpack_8bit(blocks, image):
    """Likewise an image of 8 bits, (H, W, 3) uint8."""
    for row in prange(len(image)):
        for column in range(image.shape[1]):
            for channel in range(3):
                value = blocks[row, column // LANES, channel * LANES + column % LANES] * _f(255) + _f(0.5)
                image[row, column, channel] = np.uint8(min(max(value, _f(0)), _f(255)))


@njit(fastmath=FAST, inline="always")
def clear_padding(pixels, inside):
    """Sets the pixels (3 * LANES,) of a block to zero from the lane `inside` on."""
    for channel in range(0, 3 * LANES, LANES):
        for padding in range(max(0, inside), LANES):
            pixels[channel + padding] = _f(0)
