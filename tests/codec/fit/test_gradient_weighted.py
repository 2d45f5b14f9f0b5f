"""Where the first Gaussians stand."""

import numpy as np
import pytest
from scipy import ndimage

from daub.codec.fit.initialisers import GradientWeighted, _drawn, _sobel


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (40, 31)])
def test_the_derivative_is_that_of_scipy(shape):
    grey = np.random.default_rng(0).random(shape, np.float32)
    assert np.array_equal(_sobel(grey), ndimage.sobel(grey, 0))
    assert np.array_equal(_sobel(grey.T).T, ndimage.sobel(grey, 1))


@pytest.mark.parametrize("count", [0, 1, 100, 250, 251, 1000])
def test_draws_are_those_of_numpy(count):
    probability = np.random.default_rng(1).random(1000) ** 4  # some pixels come again and again
    probability /= probability.sum()
    expected = np.random.default_rng(2).choice(1000, count, replace=count > 250, p=probability)
    assert np.array_equal(_drawn(probability, count, np.random.default_rng(2)), expected)


def test_no_draw_falls_where_there_is_no_probability():
    probability = np.zeros(1000)
    probability[500:508] = 1 / 8
    for count in (2, 3, 100):  # none twice, some twice, more than there are
        drawn = _drawn(probability, count, np.random.default_rng(4))
        assert len(drawn) == count and ((drawn >= 500) & (drawn < 508)).all()


def test_gaussians_are_dense_where_the_image_changes():
    target = np.zeros((60, 90, 3), np.float32)
    target[:, 45:] = 1
    gaussians = GradientWeighted()(target, 50, np.random.default_rng(3))
    near = np.abs(gaussians.mean[:, 0] - 44.5) < 3
    assert 0.5 < near.mean() < 0.9  # of them, in a fifteenth of the image
    assert np.median(gaussians.log_scale[near]) < np.median(gaussians.log_scale[~near]) - 1
