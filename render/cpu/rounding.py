"""Images in blocks to 8 bits a sample, rounded as `render.eight_bit` does, with the samples of a pixel side by side."""

import numpy as np

from daub.render.cpu.blocks import LANES
from daub.render.cpu.vectors import load, store_levels
from daub.render.jit import njit, prange

_f = np.float32


@njit(parallel=True, nogil=True, cache=True)
def unpack_8bit(blocks, first, image):
    """Fills an image (H, W, 3) uint8 with what blocks (H, blocks, 3 * LANES) hold, from their column `first` on."""
    for row in prange(len(image)):
        round_row(blocks[row], first, image[row])


@njit(cache=True)  # no fused product, whoever calls it: it has to be rounded as `to_8bit` rounds it
def round_row(blocks, first, row):
    """Fills a row (W, 3) uint8 with a row of blocks (blocks, 3 * LANES), from their column `first` on."""
    for block in range(first // LANES, (first + len(row) + LANES - 1) // LANES):
        begin, end = max(block * LANES, first), min((block + 1) * LANES, first + len(row))
        if end - begin == LANES:
            pixels = blocks[block]
            red, green, blue = load(pixels, 0), load(pixels, LANES), load(pixels, 2 * LANES)
            store_levels(row, begin - first, red, green, blue)
            continue
        pixels, out = blocks[block, begin - block * LANES :], row[begin - first : end - first]
        for i in range(len(out)):
            for channel in range(3):
                value = pixels[i + channel * LANES] * _f(255) + _f(0.5)
                out[i, channel] = np.uint8(min(max(value, _f(0)), _f(255)))
