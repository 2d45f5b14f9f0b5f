"""Gaussians on another grid of pixels, as a kernel: `Gaussians.resized` says what is worked out, and is its twin.

A small picture of a large file asks for every Gaussian and few pixels: with numpy, half of its time went here.
"""

from __future__ import annotations

import math

import numpy as np

from daub.render.gaussians import Gaussians
from daub.render.jit import njit, parallel, prange


def resized(gaussians: Gaussians, scale_x: float, scale_y: float) -> Gaussians:
    """As `Gaussians.resized` gives them, but for the rounding of their last bit.

    Args:
        gaussians: arrays of numpy, float32.
        scale_x, scale_y: pixels of the new grid per pixel of theirs; positive.
    """
    out = np.empty_like(gaussians.parameters)
    with parallel(len(gaussians)):
        _fill(gaussians.parameters, float(scale_x), float(scale_y), out)
    return Gaussians(out)


@njit(parallel=True, nogil=True, cache=True)
def _fill(parameters, scale_x, scale_y, out):
    blur_x, blur_y = max(0.0, 1 - scale_x**2) / 12, max(0.0, 1 - scale_y**2) / 12
    for n in prange(len(parameters)):
        p = parameters[n]
        l1, l3, k = scale_x * math.exp(np.float64(p[2])), scale_y * math.exp(np.float64(p[3])), np.float64(p[4])
        xx, xy = l1 * l1 + blur_x, k * l1 * l3
        blurred_l1 = math.sqrt(xx)
        blurred_l3 = math.sqrt(l3 * l3 * (1 + k * k * (blur_x / xx)) + blur_y)
        # e = c * sqrt(pi * l1 * l3) on each grid, and c * l1 * l3 stays as it is on the new one.
        kept = math.sqrt(scale_x * scale_y * (l1 * l3) / (blurred_l1 * blurred_l3))
        out[n, 0] = (p[0] + 0.5) * scale_x - 0.5
        out[n, 1] = (p[1] + 0.5) * scale_y - 0.5
        out[n, 2] = math.log(blurred_l1)
        out[n, 3] = math.log(blurred_l3)
        out[n, 4] = xy / (blurred_l1 * blurred_l3)
        for channel in range(5, 8):
            out[n, channel] = p[channel] * kept
