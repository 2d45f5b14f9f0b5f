"""The insides of ellipses, each in one colour over those before it, which may shine through."""

from __future__ import annotations

import math

import numpy as np

from daub.render.jit import njit


@njit(nogil=True, cache=True)
def fill_ellipses(image, x, y, across, down, shear, colours):
    """Draws them one after the other: over a pixel whose centre lies in an ellipse goes its colour.

    With (p, q) on the unit circle an ellipse goes through (x + across p, y + down (shear p + q)), which is a Gaussian
    at one standard deviation.

    Args:
        image: (H, W, 4) uint8, premultiplied by the last one, alpha; drawn over in place.
        x, y: (N,) float64, middles, pixels from the upper left corner of the image.
        across, down: (N,) float64, pixels, above 0.
        shear: (N,) float64.
        colours: (N, 4) uint8, likewise premultiplied.
    """
    height, width = image.shape[0], image.shape[1]
    for which in range(len(x)):
        slant = 1.0 + shear[which] ** 2
        shines = 255 - np.int64(colours[which, 3])
        reach = down[which] * math.sqrt(slant)
        first = max(0, math.ceil(max(y[which] - reach, -1.0) - 0.5))
        last = min(height - 1, math.floor(min(y[which] + reach, height + 1.0) - 0.5))
        for row in range(first, last + 1):
            t = (row + 0.5 - y[which]) / down[which]
            root = math.sqrt(max(0.0, slant - t * t)) / slant
            middle = x[which] + across[which] * shear[which] * t / slant
            left = max(0, math.ceil(max(middle - across[which] * root, -1.0) - 0.5))
            right = min(width - 1, math.floor(min(middle + across[which] * root, width + 1.0) - 0.5))
            for column in range(left, right + 1):
                for channel in range(4):
                    over = colours[which, channel] + (image[row, column, channel] * shines + 127) // 255
                    image[row, column, channel] = np.uint8(min(over, 255))


def warm_up() -> None:
    """Has it compiled."""
    none = np.zeros(0)
    fill_ellipses(np.zeros((1, 1, 4), np.uint8), none, none, none, none, none, np.zeros((0, 4), np.uint8))
