"""SSIMULACRA2, version 2.1 (Sneyers, Cloudinary 2023), with the scores of libjxl's own tool.

The colours, the maps of each scale and the weights of the 108 norms are those of the package ssimulacra2. What it does
around them is not what libjxl does, and moves scores of photos by up to 6 points and those of small images by 30: its
blur reflects the image at two of its sides, where libjxl takes zeros beyond all four, and it leaves out the last scale
of images below 256 pixels. Both are done here. What is left of the difference is that libjxl counts in float32: 0.05
below a score of 80, 0.2 above.

Images are worked on in strips of rows, so that a huge one takes little memory beside itself.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from daub.codec.evaluation.metrics import check_pair

LEAST_SIDE = 8  # pixels: a smaller image has no scale at all, and libjxl's tool refuses it

# libjxl's blur of sigma 1.5 is recursive (Charalampidis 2016, "Recursive implementation of the Gaussian filter using
# truncated cosine functions", radius 5). Its impulse response ends by itself: these are its values, from the centre on.
_TAPS = (0.264621105, 0.212928592, 0.109335373, 0.0360111147, 0.00941436781)
_REACH = len(_TAPS) - 1
_KERNEL = np.array([*_TAPS[:0:-1], *_TAPS])
_ROWS = 64  # of a strip: of all arrays on the way so few bytes that a cache holds them


def ssimulacra2(reference: np.ndarray, image: np.ndarray) -> float | None:
    """Score how an image looks beside a reference: 100 where they are equal, without a lower end.

    Its authors' scale: 30 low quality, 50 medium, 70 high, 90 visually lossless. Not symmetric: edges that the image
    adds count otherwise than edges that it loses.

    Args:
        reference, image: (H, W, 3) floating point, sRGB-encoded, data range 1.

    Returns:
        None where a side has less than 8 pixels.

    Raises:
        ValueError: shapes differ, or the samples are integers.
        ImportError: the package is not installed.
    """
    check_pair(reference, image)
    from ssimulacra2 import ssimulacra2 as package

    pair = tuple(_linear(package, pixels) for pixels in (reference, image))
    found = package.Msssim()
    for scale in range(package.kNumScales):
        if min(pair[0].shape[:2]) < LEAST_SIDE:
            break
        if scale:  # halved after the question, as libjxl does: the last scale may be smaller
            pair = tuple(package.downsample(light, 2, 2).astype(np.float32) for light in pair)
        found.scales.append(_norms(package, *pair))
    return float(found.score()) if found.scales else None


def _linear(package, pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32, linear light, of sRGB-encoded samples."""
    light = np.empty(pixels.shape, np.float32)
    for top in range(0, len(pixels), _ROWS):
        light[top : top + _ROWS] = package.srgb_to_linear(255.0 * pixels[top : top + _ROWS])
    return light


def _norms(package, reference: np.ndarray, image: np.ndarray):
    """The norms of the error maps of one scale, of images (H, W, 3) in linear light."""
    height = len(reference)
    means = np.zeros(18)  # of the SSIM map 6, of the maps of edges 12: the mean and that of fourth powers in turn
    for top in range(0, height, _ROWS):
        bottom, first = min(top + _ROWS, height), max(top - _REACH, 0)
        inside = slice(top - first, bottom - first)
        x, y = (_opponent(package, light[first : bottom + _REACH]) for light in (reference, image))
        mean_x, mean_y, *products = (_blurred(plane)[inside] for plane in (x, y, x * x, y * y, x * y))
        norms = np.concatenate(
            [
                package.ssim_map(mean_x, mean_y, *products),
                package.edge_diff_map(x[inside], mean_x, y[inside], mean_y),
            ]
        )
        norms[1::2] **= 4  # 4-norms do not add up, fourth powers do
        means += norms * ((bottom - top) / height)
    means[1::2] **= 0.25
    scale = package.MsssimScale()
    scale.avg_ssim, scale.avg_edgediff = means[:6], means[6:]
    return scale


def _opponent(package, light: np.ndarray) -> np.ndarray:
    """(rows, W, 3): XYB of linear light, shifted and scaled to be positive."""
    # The package gives its result with rows and columns exchanged: exchanged before, they come out right.
    return package.make_positive_xyb(package.linear_rgb_to_xyb(light.swapaxes(0, 1)))


def _blurred(plane: np.ndarray) -> np.ndarray:
    """Of the same shape; beyond the edges are zeros."""
    for axis in (0, 1):
        plane = ndimage.correlate1d(plane, _KERNEL, axis, mode="constant")
    return plane
