"""An ellipse has the pixels whose centres lie in it, and no others."""

from __future__ import annotations

import numpy as np

from daub.render.cpu.ellipses import fill_ellipses


def test_pixels_are_those_whose_centres_lie_inside_the_latest_on_top():
    rng = np.random.default_rng(3)
    count, height, width = 40, 50, 70
    x, y = rng.uniform(-10, width + 10, count), rng.uniform(-10, height + 10, count)
    across, down = np.exp(rng.uniform(-2, 3, (2, count)))
    shear, colours = rng.normal(0, 1.5, count), rng.integers(0, 256, (count, 4))
    colours[:, :3] = colours[:, :3] * colours[:, 3:] // 255
    image, expected = np.zeros((height, width, 4), np.uint8), np.zeros((height, width, 4))
    fill_ellipses(image, x, y, across, down, shear, colours.astype(np.uint8))
    rows, columns = np.mgrid[:height, :width] + 0.5
    for which in range(count):
        p = (columns - x[which]) / across[which]
        q = (rows - y[which]) / down[which] - shear[which] * p
        inside = p * p + q * q <= 1
        expected[inside] = np.rint(colours[which] + expected[inside] * (1 - colours[which, 3] / 255))
    assert np.abs(image - expected).max() <= 1 and expected.any()


def test_one_that_is_far_larger_than_the_image_covers_it_and_one_far_away_nothing():
    image = np.zeros((8, 9, 4), np.uint8)
    far = np.array([1e12]), np.array([-1e12])
    fill_ellipses(image, *far, np.array([3.0]), np.array([3.0]), np.array([0.0]), np.full((1, 4), 9, np.uint8))
    assert not image.any()
    middle, huge = np.array([4.0]), np.array([1e9])
    fill_ellipses(image, middle, middle, huge, huge, np.array([2.0]), np.full((1, 4), 255, np.uint8))
    assert (image == 255).all()
