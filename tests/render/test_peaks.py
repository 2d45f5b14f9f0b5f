"""Keys sort as errors do, and know their pixel."""

import numpy as np

from daub.render.peaks import largest_peaks, peak_keys


def test_the_largest_come_first_and_the_pixels_back():
    rng = np.random.default_rng(0)
    error = rng.permutation(np.float32(np.geomspace(1e-30, 1e30, 500)))
    pixel = rng.choice(2**32 - 1, 500, replace=False)
    found = largest_peaks(peak_keys(error, pixel), 20)
    assert found.dtype == np.int64 and np.array_equal(found, pixel[np.argsort(error)[::-1][:20]])
    assert len(largest_peaks(peak_keys(error, pixel), 1000)) == 500


def test_equal_errors_are_taken_all_over_the_picture():
    pixel = np.arange(64 * 64)
    found = largest_peaks(peak_keys(np.ones(64 * 64, np.float32), pixel), 64)
    rows = np.bincount(found // 64 // 8, minlength=8)
    assert len(np.unique(found)) == 64 and rows.min() >= 4
