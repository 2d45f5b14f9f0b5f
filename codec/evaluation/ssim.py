"""SSIM and its gradient in one pass over the image (Wang et al. 2004, equation 13).

The gradient asks for the windowed moments of five rows above and below, and those for five rows more. Tile by tile,
rows enter at the bottom and leave at the top ten rows later: moments of the row's windows, those of the column's, what
SSIM gains by each of them, and that spread over the windows' pixels, across and down. Everything on the way stays in
the cache; whole images are read and written once. Sums are kept by tile, so that any number of threads gives the same.

All runs along a row of interleaved channels: neighbours of one channel are CHANNELS apart, whichever channel it is.
"""

from __future__ import annotations

import numpy as np

from daub.codec.evaluation.metrics import C1, C2, WINDOW_TAPS, window_taps
from daub.render.jit import FAST, njit, parallel, prange

CHANNELS = 3
TILE_ROWS = 128  # pixels a tile is high: 20 rows more are worked on
TILE_COLUMNS = 128  # pixels a tile is wide: small enough for the rows on the way to stay in a core's cache

_REACH = WINDOW_TAPS // 2  # pixels on either side of a window's centre
_PIXELS = CHANNELS * TILE_COLUMNS  # samples of a tile's row
# Samples of a tile's row of windows, and of what those cover; rounded up to whole vectors.
_WINDOWS = -(-CHANNELS * (TILE_COLUMNS + 2 * _REACH) // 16) * 16
_COVERED = -(-(_WINDOWS + 2 * CHANNELS * _REACH) // 16) * 16
_MOMENTS = 4 * _WINDOWS  # numbers of a row of moments: means of x, y, x^2 + y^2, x y
_SPREAD = 3 * _PIXELS  # numbers of a row of gradients, by the mean of x, by the variances and by the covariance


def add_ssim(image: np.ndarray, target: np.ndarray, weight: float, gradient: np.ndarray) -> float:
    """Add weight * d SSIM / d image to the gradient.

    SSIM is the mean over the channels and the 11x11 windows that lie inside the image, as in pytorch-msssim; a smaller
    side gets the largest odd window that fits, as in `metrics.ms_ssim`.

    Args:
        image, target, gradient: (H, W, 3), all float32 or all float64, contiguous; data range 1.

    Returns:
        The mean SSIM.
    """
    real = image.dtype.type
    height, width, _ = image.shape
    taps = np.zeros((2, WINDOW_TAPS), real)  # down and across: zeros around the taps of a small window
    reach = []
    for axis_taps, side in zip(taps, (height, width), strict=True):
        reach.append(len(window_taps(side)) // 2)
        axis_taps[_REACH - reach[-1] : _REACH + reach[-1] + 1] = window_taps(side)
    windows = CHANNELS * (height - 2 * reach[0]) * (width - 2 * reach[1])
    totals = np.zeros((-(-height // TILE_ROWS), -(-width // TILE_COLUMNS)))
    rows = (array.reshape(height, CHANNELS * width) for array in (image, target, gradient))
    with parallel(height * width):
        _tiles(*rows, taps, *reach, real(C1), real(C2), real(weight / windows), totals)
    return float(totals.sum()) / windows


@njit(parallel=True, fastmath=FAST, nogil=True, cache=True)
def _tiles(image, target, gradient, taps, reach_down, reach_across, c1, c2, weight, totals):
    """Add to gradient (H, 3 W), and fill totals (rows and columns of tiles) with the sums of SSIM of their windows."""
    height, width = image.shape
    across = totals.shape[1]
    for tile in prange(totals.size):
        top, left = tile // across * TILE_ROWS, tile % across * _PIXELS
        bottom = min(top + TILE_ROWS, height)
        # Columns are counted in samples from the image's left, `left` for the tile's first one.
        first_window = left - CHANNELS * _REACH
        first_covered = left - 2 * CHANNELS * _REACH
        covered_from = max(first_covered, 0)
        padding = covered_from - first_covered
        covered_count = min(width - covered_from, _COVERED - padding)
        windows_from = max(CHANNELS * reach_across - first_window, 0)
        windows_to = min(width - CHANNELS * reach_across - first_window, _WINDOWS)
        counted_from = max(windows_from, CHANNELS * _REACH)
        counted_to = min(windows_to, CHANNELS * _REACH + _PIXELS)

        covered = np.zeros(4 * _COVERED, image.dtype)  # zero beyond the image
        moments = np.zeros(_MOMENTS, image.dtype)
        fields = np.zeros(3 * _WINDOWS, image.dtype)
        similarity = np.zeros(_WINDOWS, image.dtype)
        spread = np.zeros(_SPREAD, image.dtype)
        # The last WINDOW_TAPS rows, each kept twice and WINDOW_TAPS apart, so that any so many follow each other.
        moment_rows = np.zeros(2 * WINDOW_TAPS * _MOMENTS, image.dtype)
        spread_rows = np.zeros(2 * WINDOW_TAPS * _SPREAD, image.dtype)
        total = 0.0
        for row in range(top - 2 * _REACH, bottom + 2 * _REACH):
            slot = (row - top + 2 * _REACH) % WINDOW_TAPS
            entering = moment_rows[slot * _MOMENTS : (slot + 1) * _MOMENTS]
            leaving = spread_rows[slot * _SPREAD : (slot + 1) * _SPREAD]
            if 0 <= row < height:
                _load(image[row, covered_from:], target[row, covered_from:], covered[padding:], covered_count)
                for plane in range(4):
                    _weigh(covered[plane * _COVERED :], taps[1], CHANNELS, entering[plane * _WINDOWS :], _WINDOWS)
            else:
                entering[:] = 0
            moment_rows[(slot + WINDOW_TAPS) * _MOMENTS : (slot + WINDOW_TAPS + 1) * _MOMENTS] = entering

            centre = row - _REACH  # row of the centres of the windows that are complete now
            if reach_down <= centre < height - reach_down:
                _weigh(moment_rows[(slot + 1) * _MOMENTS :], taps[0], _MOMENTS, moments, _MOMENTS)
                _differentiate(moments, c1, c2, fields, similarity)
                for plane in range(3):
                    fields[plane * _WINDOWS : plane * _WINDOWS + windows_from] = 0
                    fields[plane * _WINDOWS + windows_to : (plane + 1) * _WINDOWS] = 0
                    _weigh(fields[plane * _WINDOWS :], taps[1], CHANNELS, leaving[plane * _PIXELS :], _PIXELS)
                if top <= centre < bottom:
                    total += _sum(similarity, counted_from, counted_to)
            else:
                leaving[:] = 0
            spread_rows[(slot + WINDOW_TAPS) * _SPREAD : (slot + WINDOW_TAPS + 1) * _SPREAD] = leaving

            done = row - 2 * _REACH
            if done >= top:
                _weigh(spread_rows[(slot + 1) * _SPREAD :], taps[0], _SPREAD, spread, _SPREAD)
                _add(image[done, left:], target[done, left:], spread, weight, gradient[done, left:])
        totals[tile // across, tile % across] = total


@njit(fastmath=FAST)
def _load(image, target, covered, count):
    """Fill the first `count` of the four planes of covered: x, y, x^2 + y^2, x y."""
    for i in range(count):
        x, y = image[i], target[i]
        covered[i] = x
        covered[i + _COVERED] = y
        covered[i + 2 * _COVERED] = x * x + y * y
        covered[i + 3 * _COVERED] = x * y


@njit(fastmath=FAST)
def _weigh(values, taps, stride, out, count):
    """Fill out[i] with the taps' sum of values i, i + stride, ...: one channel's neighbours, or those of a column."""
    for i in range(count):
        out[i] = (
            taps[5] * values[i + 5 * stride]
            + taps[4] * (values[i + 4 * stride] + values[i + 6 * stride])
            + taps[3] * (values[i + 3 * stride] + values[i + 7 * stride])
            + taps[2] * (values[i + 2 * stride] + values[i + 8 * stride])
            + taps[1] * (values[i + stride] + values[i + 9 * stride])
            + taps[0] * (values[i] + values[i + 10 * stride])
        )


@njit(fastmath=FAST, error_model="numpy")  # without checks for zero divisors, which would keep it from being vectorised
def _differentiate(moments, c1, c2, fields, similarity):
    """Fill similarity with SSIM of each window.

    fields gets its gradients by the mean of x, by the sum of the variances, and by the covariance.
    """
    for i in range(_WINDOWS):
        mean_x, mean_y = moments[i], moments[i + _WINDOWS]
        means, product = mean_x * mean_x + mean_y * mean_y, mean_x * mean_y
        variances = moments[i + 2 * _WINDOWS] - means
        covariance = moments[i + 3 * _WINDOWS] - product
        luminance = (product + product + c1) / (means + c1)
        contrast = (covariance + covariance + c2) / (variances + c2)
        half_by_covariance = luminance / (variances + c2)
        by_variance = -contrast * half_by_covariance
        half = contrast * (mean_y - mean_x * luminance) / (means + c1)
        half -= mean_x * by_variance + mean_y * half_by_covariance  # as the moments are taken about the means
        fields[i] = half + half
        fields[i + _WINDOWS] = by_variance
        fields[i + 2 * _WINDOWS] = half_by_covariance + half_by_covariance
        similarity[i] = luminance * contrast


@njit(fastmath=FAST)
def _sum(values, start, stop):
    """Sum values[start:stop]."""
    total = values[0] - values[0]  # a zero of their type
    for i in range(start, stop):
        total += values[i]
    return total


@njit(fastmath=FAST)
def _add(image, target, spread, weight, gradient):
    """Add to a row of the gradient what its pixels' windows gain by each."""
    for i in range(min(len(image), _PIXELS)):
        by_mean, by_variance, by_covariance = spread[i], spread[i + _PIXELS], spread[i + 2 * _PIXELS]
        x = image[i]
        gradient[i] += weight * (by_mean + (x + x) * by_variance + target[i] * by_covariance)
