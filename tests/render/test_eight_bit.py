"""The definition of a decoded image."""

import numpy as np

from daub.render.eight_bit import as_real, to_8bit


def test_rounding_to_8_bits():
    levels = np.arange(256, dtype=np.float32)
    assert np.array_equal(to_8bit(levels / 255), levels)
    assert np.array_equal(to_8bit(np.array([-1, -0.001, 1.001, 2], np.float32)), [0, 0, 255, 255])
    assert np.array_equal(to_8bit(np.array([0.49, 0.5, 1.5, 2.49, 254.5]) / 255), [0, 1, 2, 2, 255])  # half goes up
    assert to_8bit(levels).dtype == np.uint8


def test_images_of_many_pieces_are_rounded_whole():
    image = np.random.default_rng(0).uniform(-0.2, 1.2, (151, 211, 3)).astype(np.float32)
    expected = np.floor(255 * np.clip(image.astype(np.float64), 0, 1) + 0.5)
    assert np.abs(to_8bit(image) - expected).max() <= 1 and (to_8bit(image) == expected).mean() > 0.9999


def test_levels_made_real_are_rounded_to_themselves():
    levels = np.arange(256, dtype=np.uint8)
    assert as_real(levels).dtype == np.float32 and np.array_equal(to_8bit(as_real(levels)), levels)
    real = np.linspace(0, 1, 5)
    assert as_real(real) is real
