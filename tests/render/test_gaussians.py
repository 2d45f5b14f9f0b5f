"""The conventions of the model: what the eight numbers of a Gaussian mean."""

from __future__ import annotations

import numpy as np
import pytest
from scenes import random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import PARAMETERS, SUPPORT, Gaussians

COVARIANCE = np.array([[9.0, 2.0], [2.0, 5.0]])


def one(mean=(24.0, 16.0), covariance=COVARIANCE, colour=(0.5, -0.25, 1.0)) -> Gaussians:
    return Gaussians.build([mean], [covariance], [colour])


def test_what_it_is_built_from_is_what_it_says():
    rng = np.random.default_rng(0)
    factor = rng.normal(0, 3, (50, 2, 2))
    covariance = factor @ factor.transpose(0, 2, 1) + 0.1 * np.eye(2)
    mean, colour = rng.uniform(-9, 99, (50, 2)), rng.normal(0, 1, (50, 3))
    gaussians = Gaussians.build(mean, covariance, colour)
    np.testing.assert_allclose(gaussians.mean, mean, rtol=1e-6)
    np.testing.assert_allclose(gaussians.covariance, covariance, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(gaussians.colour, colour, rtol=1e-4)


def test_the_colour_at_the_centre_is_that_of_the_pixel_there_less_the_edge():
    image = CpuRasteriser().forward(one(), 48, 32)
    np.testing.assert_allclose(image[16, 24], np.array([0.5, -0.25, 1.0]) * (1 - np.exp(-SUPPORT / 2)), atol=1e-6)


def test_the_covariance_is_that_of_the_rendered_weights():
    """Of the whole plane, but for the cut at three standard deviations: so much smaller."""
    image = CpuRasteriser().forward(one(colour=(1, 1, 1)), 48, 32)[:, :, 0].astype(np.float64)
    y, x = np.mgrid[:32, :48]
    offset = np.stack([x - 24.0, y - 16.0], -1)
    covariance = np.einsum("ij,ija,ijb->ab", image, offset, offset) / image.sum()
    share = covariance[0, 0] / COVARIANCE[0, 0]
    assert 0.8 < share < 1
    np.testing.assert_allclose(covariance, share * COVARIANCE, atol=0.02)


def test_a_coefficient_is_the_root_of_the_energy_of_the_image():
    """Of exp(-q/2) itself; the weight reaches zero at the edge, which takes a little off."""
    gaussians = one(covariance=np.diag([16.0, 16.0]), colour=(0.5, 0.25, 1.0))
    image = CpuRasteriser().forward(gaussians, 48, 32)
    assert np.sqrt((image.astype(np.float64) ** 2).sum()) == pytest.approx(gaussians.strength[0], rel=0.03)


def test_one_after_the_other():
    rng = np.random.default_rng(3)
    first, second = random_gaussians(rng, 5, 20, 10), random_gaussians(rng, 7, 20, 10)
    both = Gaussians.concatenate(first, second)
    assert len(both) == 12 and (both.parameters[5:] == second.parameters).all()
    copy = both.copy()
    copy.mean[:] = 0
    assert (both.parameters[:5] == first.parameters).all(), "a copy has numbers of its own"


def test_unit_size_and_no_light_is_what_an_empty_one_is():
    gaussians = Gaussians.empty(3)
    assert gaussians.parameters.shape == (3, PARAMETERS) and not gaussians.strength.any()
    np.testing.assert_array_equal(gaussians.covariance, np.broadcast_to(np.eye(2), (3, 2, 2)))


@pytest.mark.parametrize("covariance", [[[1, 2], [2, 1]], [[0, 0], [0, 1]], [[-1, 0], [0, 1]]])
def test_what_is_not_positive_definite_is_refused(covariance):
    with pytest.raises(ValueError, match="positive definite"), np.errstate(all="ignore"):
        one(covariance=np.array(covariance, float))


def test_another_number_of_columns_is_refused():
    with pytest.raises(ValueError, match=r"\(N, 8\)"):
        Gaussians(np.zeros((4, 7), np.float32))
