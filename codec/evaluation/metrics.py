"""Distortion of an image against a reference: MSE, PSNR and MS-SSIM.

Images are (H, W, C) floating point with data range 1, or of 8 bits, uint8, as decoders give them: level 255 stands for
1. Both are worked on in strips of rows, one channel at a time, so that huge ones take little memory beside themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from daub.render.eight_bit import as_real
from daub.render.interruption import go_on

# Wang, Simoncelli, Bovik 2003, section 3.2: the weight of each scale, finest first.
SCALE_WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])
# Wang, Bovik, Sheikh, Simoncelli 2004, section III.B and III.C: window and stabilising constants (data range 1).
WINDOW_TAPS = 11
WINDOW_SIGMA = 1.5
C1 = 0.01**2
C2 = 0.03**2

# What a sum takes at a time, which bounds the memory of a huge image, and the time until it is asked whether to go on.
_ROWS, _PIXELS, _LEAST_ROWS = 256, 1 << 20, 32


def psnr_of_error(error: float) -> float:
    """Express a mean squared error, of data range 1, as PSNR in dB: at most 120, finite where an image is met exactly.

    >>> psnr_of_error(0.001), psnr_of_error(0.0)
    (30.0, 120.0)
    """
    return 10 * math.log10(1 / max(error, 1e-12))  # not -10 log10(error), which is -0.0 at 1


def error_of_psnr(psnr: float) -> float:
    """Express a PSNR in dB as the mean squared error that it stands for, of data range 1.

    >>> round(error_of_psnr(30.0), 6)
    0.001
    """
    return 10 ** (-psnr / 10)


def mse(reference: np.ndarray, image: np.ndarray) -> float:
    """Work out the mean squared error over all pixels and channels, summed in float64.

    Args:
        reference, image: (H, W, C) floating point, data range 1, or uint8.

    Raises:
        ValueError: shapes differ, or the samples are other integers.
    """
    check_pair(reference, image, levels=True)
    total = 0.0
    at_once = _rows_of(reference.shape[1])
    for top in range(0, len(reference), at_once):
        go_on()
        error = np.subtract(*(as_real(each[top : top + at_once]) for each in (reference, image)), dtype=np.float64)
        total += np.vdot(error, error)
    return total / reference.size


def psnr(reference: np.ndarray, image: np.ndarray) -> float:
    """Work out the peak signal-to-noise ratio, 10 log10(1 / MSE), in dB; infinity for equal images.

    Args:
        reference, image: (H, W, C) floating point, data range 1, or uint8.

    Raises:
        ValueError: shapes differ, or the samples are other integers.
    """
    error = mse(reference, image)
    return 10 * math.log10(1 / error) if error > 0 else math.inf


def decibels_of_ms_ssim(ms_ssim: float) -> float:
    """Express an MS-SSIM in dB, -10 log10(1 - MS-SSIM): at most 100, finite for equal images.

    Small differences between good pictures, of which all have 0.99 and some more, become as plain as those of bad ones.

    >>> round(decibels_of_ms_ssim(0.9), 6), decibels_of_ms_ssim(1.0)
    (10.0, 100.0)
    """
    return 10 * math.log10(1 / max(1 - ms_ssim, 1e-10))  # not -10 log10(1 - MS-SSIM), which is -0.0 at 0


def ms_ssim(reference: np.ndarray, image: np.ndarray) -> float:
    """Work out multi-scale structural similarity (Wang, Simoncelli, Bovik 2003, equation 7): 1 for equal images, >= 0.

    Computed per channel and averaged, as the learned-compression literature does (pytorch-msssim, data_range=1).
    Five scales need a shorter side of more than 160 pixels. A smaller image uses the scales whose shorter side still
    holds the 11-tap window, at least one, with their weights scaled up to the same sum; below 11 pixels the window
    shrinks to the largest odd size that fits. Such values are not comparable with those of five scales.

    Args:
        reference, image: (H, W, C) floating point, data range 1, or uint8; any size from 1x1.

    Raises:
        ValueError: shapes differ, or the samples are other integers.
    """
    check_pair(reference, image, levels=True)
    weights = SCALE_WEIGHTS[: _scales(min(reference.shape[:2]))]
    weights = weights * (SCALE_WEIGHTS.sum() / weights.sum())  # published: 1.0001, kept for five scales
    channels = range(reference.shape[2])
    return float(np.mean([_ms_ssim_plane(reference[..., c], image[..., c], weights) for c in channels]))


def ssim_map(reference: np.ndarray, image: np.ndarray, wanted: Callable[[], bool] = lambda: True) -> np.ndarray | None:
    """Work out structural similarity pixel by pixel (Wang et al. 2004, equation 13): 1 where all is equal, at least -1.

    A pixel's value is the mean over the channels of the 11x11 window around it. Pixels nearer to the edge than a window
    reaches have that of the nearest pixel with a window, so that the image's own windows alone count.

    Args:
        reference, image: (H, W, C) floating point, data range 1; any size from 1x1, windows as in `ms_ssim`.
        wanted: asked now and then; once it says no, nothing is worked out any more.

    Returns:
        (H, W) float32, None where it is not wanted any more.

    Raises:
        ValueError: shapes differ, or the samples are integers.
    """
    check_pair(reference, image)
    height, width, channels = reference.shape
    down, across = (len(window_taps(side)) // 2 for side in (height, width))
    inside = np.empty((height - 2 * down, width - 2 * across), np.float32)
    for top in range(0, len(inside), _ROWS):
        if not wanted():
            return None
        rows = slice(top, min(top + _ROWS, len(inside)))
        covered = slice(top, rows.stop + 2 * down)
        planes = ((x[covered, :, c].astype(np.float32) for x in (reference, image)) for c in range(channels))
        inside[rows] = sum(np.multiply(*_ssim_factors(x, y)) for x, y in planes) / channels
    return np.pad(inside, ((down, down), (across, across)), mode="edge")


def _ms_ssim_plane(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """MS-SSIM of one channel, planes (H, W), with a weight for each scale."""
    value = 1.0
    for scale, weight in enumerate(weights, 1):
        similarity, contrast_structure = _ssim(x, y)
        factor = (
            similarity if scale == len(weights) else contrast_structure
        )  # luminance counts at the coarsest scale only
        value *= max(factor, 0.0) ** weight  # a negative correlation has no real power
        if scale < len(weights):
            x, y = _halved(x), _halved(y)
    return value


def _ssim(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Mean SSIM and mean of its contrast-structure factor, over the windows that lie inside the planes."""
    rows, columns = (side - len(window_taps(side)) + 1 for side in x.shape)  # rows and columns of windows
    sums = np.zeros(2)
    at_once = _rows_of(columns)
    for top in range(0, rows, at_once):
        go_on()
        covered = slice(top, min(top + at_once, rows) + len(x) - rows)
        sums += _ssim_sums(*(np.ascontiguousarray(as_real(plane[covered]), np.float32) for plane in (x, y)))
    similarity, contrast_structure = sums / (rows * columns)
    return float(similarity), float(contrast_structure)


def _ssim_sums(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The sums, over all windows, of SSIM and of its contrast-structure factor."""
    luminance, contrast_structure = _ssim_factors(x, y)
    factors = luminance * contrast_structure, contrast_structure
    return tuple(float(factor.sum(dtype=np.float64)) for factor in factors)


def _ssim_factors(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Luminance and contrast-structure of each window that lies inside the planes; their product is SSIM."""
    mean_x, mean_y = _windowed(x), _windowed(y)
    # SSIM needs the two variances only as a sum: four filters instead of five.
    variances = _windowed(x * x + y * y) - (mean_x * mean_x + mean_y * mean_y)
    covariance = _windowed(x * y) - mean_x * mean_y
    contrast_structure = (2 * covariance + C2) / (variances + C2)
    luminance = (2 * mean_x * mean_y + C1) / (mean_x * mean_x + mean_y * mean_y + C1)
    return luminance, contrast_structure


def _windowed(plane: np.ndarray) -> np.ndarray:
    """Gaussian-weighted local mean, at the positions where the window lies inside `plane`."""
    for axis in (0, 1):
        taps = window_taps(plane.shape[axis])
        radius = len(taps) // 2
        plane = ndimage.correlate1d(plane, taps, axis)
        inside = slice(radius, plane.shape[axis] - radius)
        plane = plane[inside] if axis == 0 else plane[:, inside]
    return plane


def window_taps(side: int) -> np.ndarray:
    """Make the window along an axis of `side` samples: (11,), or the largest odd number that fits; it sums to one."""
    radius = min(WINDOW_TAPS, side - (side + 1) % 2) // 2
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / WINDOW_SIGMA) ** 2)
    return taps / taps.sum()


def _halved(plane: np.ndarray) -> np.ndarray:
    """Mean of 2x2 blocks. An odd side gets a row of zeros in front, as in pytorch-msssim, whose values are compared."""
    height, width = plane.shape
    halved = np.empty((-(-height // 2), -(-width // 2)), np.float32)
    for top in range(0, len(halved), _ROWS):
        rows = halved[top : top + _ROWS]
        first = 2 * top - height % 2
        strip = np.ascontiguousarray(as_real(plane[max(first, 0) : first + 2 * len(rows)]), np.float32)
        strip = np.pad(strip, ((max(-first, 0), 0), (width % 2, 0)))
        rows[:] = 0.25 * (strip[::2, ::2] + strip[1::2, ::2] + strip[::2, 1::2] + strip[1::2, 1::2])
    return halved


def _rows_of(width: int) -> int:
    """How many rows of an image a sum takes at a time."""
    return max(min(_ROWS, _PIXELS // width), _LEAST_ROWS)


def _scales(side: int) -> int:
    """How many scales an image with this shorter side has."""
    scales = 1
    while scales < len(SCALE_WEIGHTS) and (side := (side + 1) // 2) >= WINDOW_TAPS:
        scales += 1
    return scales


def check_pair(reference: np.ndarray, image: np.ndarray, levels: bool = False) -> None:
    """Refuse what no metric can compare.

    Args:
        levels: both may also be uint8.

    Raises:
        ValueError: shapes differ, or the samples are (other) integers.
    """
    if reference.shape != image.shape or reference.ndim != 3 or reference.size == 0:
        raise ValueError(f"expected two images of one shape (H, W, C), got {reference.shape} and {image.shape}")
    for samples in (reference, image):
        if not ((levels and samples.dtype == np.uint8) or np.issubdtype(samples.dtype, np.floating)):
            raise ValueError(f"expected floating point samples of data range 1, got {samples.dtype}")
