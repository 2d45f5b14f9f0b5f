"""Where and how published methods begin."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from daub.codec.fit.initialisers import UniformRandom, covariances
from daub.codec.fit.smartsplat import SmartSplat, _starts, count_for_ratio


def an_edge(width=200, height=120):
    picture = np.zeros((height, width, 3), np.float32)
    picture[:, width // 2 :] = 0.2, 0.6, 1.0
    return picture


@pytest.mark.parametrize("shape", ["cholesky", "rotation-scale", "covariance"])
def test_uniform_random_covers_the_image_with_small_gaussians(shape):
    gaussians = UniformRandom(shape)(an_edge(), 4000, np.random.default_rng(0))
    assert np.abs(np.histogram2d(*gaussians.mean.T, bins=4)[0] - 250).max() < 100
    axes = np.sqrt(np.linalg.eigvalsh(gaussians.covariance))
    assert axes.min() > 0.07 and axes.max() < 2.2
    if shape == "rotation-scale":
        assert axes.min() > 0.499 and axes.max() < 1.501
    assert gaussians.colour.min() >= 0 and 0.9 < gaussians.colour.max() <= 1.001


def test_black_births_and_covariances_that_are_definite():
    assert not UniformRandom("covariance", colour=0.0)(an_edge(), 50, np.random.default_rng(0)).coefficient.any()
    drawn = covariances(2000, (0.5, 0.0, 0.5), np.random.default_rng(0))
    assert np.linalg.eigvalsh(drawn).min() > 0 and drawn[:, 0, 0].min() >= 0.5 and drawn[:, 0, 1].max() > 0.8


def test_smartsplat_is_dense_at_the_edge_and_fills_the_gaps():
    gaussians = SmartSplat()(an_edge(), 400, np.random.default_rng(0))
    assert len(gaussians) == 400
    guided, uniform = gaussians.mean[:280], gaussians.mean[280:]
    assert (np.abs(guided[:, 0] - 99.5) < 4).mean() > 0.95
    assert len(np.unique(guided, axis=0)) == 280  # none twice
    base = np.sqrt(200 * 120 / (np.pi * 400)) / 3
    assert cKDTree(guided).query(uniform)[0].min() > base * np.exp(-0.5)
    assert np.abs(uniform[:, 0] - 99.5).min() > 1
    sigma = np.sqrt(np.linalg.eigvalsh(gaussians.covariance)[:, 0])
    assert sigma[:280].max() <= base * 1.001 and sigma[:280].min() >= base * np.exp(-0.5) * 0.999
    far = np.abs(uniform[:, 0] - 99.5) > 40
    side = uniform[far, 0] > 99.5
    assert gaussians.colour[280:][far] == pytest.approx(np.outer(side, [0.2, 0.6, 1.0]), abs=1e-3)


@pytest.mark.parametrize("width,height", [(1, 1), (1, 70), (70, 1), (33, 17), (1025, 40), (40, 2300)])
@pytest.mark.parametrize("count", [0, 1, 50])
def test_smartsplat_takes_any_size(width, height, count):
    picture = np.random.default_rng(1).random((height, width, 3)).astype(np.float32)
    gaussians = SmartSplat()(picture, count, np.random.default_rng(0))
    assert len(gaussians) == count and np.isfinite(gaussians.parameters).all()
    assert (gaussians.mean >= -0.5).all() and (gaussians.mean <= (width, height)).all()


def test_tiles_cover_every_side():
    assert _starts(1024, 1024) == [0] and _starts(500, 1024) == [0]
    assert _starts(1025, 1024) == [0, 1] and _starts(2560, 1024) == [0, 768, 1536]


def test_the_count_of_a_compression_ratio():
    assert count_for_ratio(7680, 4320, 50) == int(3 * 7680 * 4320 / 350)
    assert count_for_ratio(2, 2, 1e9) == 1
