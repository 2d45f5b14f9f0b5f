"""The conventions of the model: what the eight numbers of a Gaussian mean, and what follows from them."""

from __future__ import annotations

import decimal
import doctest

import numpy as np
import pytest
from scenes import in_frame, random_gaussians

from daub.render import gaussians as module
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import PARAMETERS, SUPPORT, Gaussians
from daub.render.reference import ReferenceRasteriser

COVARIANCE = np.array([[9.0, 2.0], [2.0, 5.0]])


def one(mean=(24.0, 16.0), covariance=COVARIANCE, colour=(0.5, -0.25, 1.0)) -> Gaussians:
    return Gaussians.build([mean], [covariance], [colour])


def test_the_examples_run():
    result = doctest.testmod(module)
    assert result.attempted == 3 and not result.failed


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


def test_the_frame_is_that_of_moves_and_changes_in_units_of_the_gaussian():
    """By finite differences: moving by L z and changing by L (I + [[a, 0], [b, c]]) costs what the gradient says."""
    rng = np.random.default_rng(1)
    gaussians = Gaussians(np.float64(random_gaussians(rng, 6, 12, 12, (1.0, 0.5)).parameters))
    slope = rng.normal(size=(6, 8))  # of L = slope * parameters, whose gradient by the parameters is the slope
    whitened = in_frame(gaussians, slope)
    np.testing.assert_allclose(gaussians.gradient_of_parameters(whitened), slope, rtol=1e-9)
    for column in range(5):
        sides = []
        for sign in (1, -1):
            z1, z2, a, c, b = sign * 1e-6 * np.eye(5)[column]
            l1, l3 = np.exp(gaussians.log_scale).T
            k, moved = gaussians.shear, gaussians.copy()
            moved.mean[:] += np.stack([l1 * z1, l3 * (k * z1 + z2)], 1)
            moved.log_scale[:] += np.log1p([a, c])
            moved.parameters[:, 4] = (k * (1 + a) + b) / (1 + c)
            sides.append((slope * moved.parameters).sum(1))
        np.testing.assert_allclose((sides[0] - sides[1]) / 2e-6, whitened[:, column], rtol=1e-5, atol=1e-6)


def test_the_value_at_a_pixel_is_what_the_rasterisers_draw():
    gaussians = random_gaussians(np.random.default_rng(2), 40, 30, 20, (1.0, 0.5))
    gaussians.coefficient[:] *= 3
    image = ReferenceRasteriser().forward(gaussians, 30, 20)
    assert image.min() < 0 and image.max() > 1, "nothing is clipped"
    for x, y in ((0, 0), (29, 19), (13, 7)):
        np.testing.assert_allclose(gaussians.value_at(x, y), image[y, x], atol=1e-5)
    one = Gaussians.build([[5.0, 5.0]], np.eye(2)[None], [[1, 1, 1]])
    assert not one.value_at(5 + SUPPORT**0.5, 5).any() and one.value_at(5 + 0.99 * SUPPORT**0.5, 5).all()
    assert not Gaussians.empty().value_at(3, 4).any()


def relative_error(value, truth):
    return np.linalg.norm(value - truth) / max(np.linalg.norm(truth), 1e-12)


@pytest.mark.parametrize("scale_x,scale_y,bound", [(2, 2, 0.01), (0.5, 0.5, 0.004), (0.5, 2, 0.006), (2, 0.5, 0.01)])
def test_resizing_keeps_the_picture(scale_x, scale_y, bound):
    gaussians = random_gaussians(np.random.default_rng(8), 40, 64, 48, (1.6, 0.2))
    image = CpuRasteriser().forward(gaussians, 64, 48)
    width, height = int(64 * scale_x), int(48 * scale_y)
    resized = CpuRasteriser().forward(gaussians.resized(scale_x, scale_y), width, height)
    # Both averaged down to the coarser grid of the two on each axis.
    columns, rows = min(64, width), min(48, height)
    averaged = resized.reshape(rows, height // rows, columns, width // columns, 3).mean((1, 3))
    expected = image.reshape(rows, 48 // rows, columns, 64 // columns, 3).mean((1, 3))
    assert relative_error(averaged, expected) < bound


@pytest.mark.parametrize("scales", [(0.5, 0.5), (0.1, 1.7), (3.0, 0.01)])
def test_however_steep_they_keep_their_breadth_on_another_grid(scales):
    """Against fifty decimal places: in double precision nothing would be left of yy - xy^2 / xx."""
    shapes = np.float32([[3, -2, 2.5e7], [9, 4, -3e9], [0.1, -9, 40]])
    few = Gaussians(np.concatenate([np.ones((3, 2), np.float32), shapes, np.ones((3, 3), np.float32)], 1))
    found = few.resized(*scales)
    with decimal.localcontext(prec=50):
        for before, after in zip(few.parameters, found.parameters, strict=True):
            scale_x, scale_y = (decimal.Decimal(scale) for scale in scales)
            x, y, k = (decimal.Decimal(float(number)) for number in before[2:5])
            l1, l3 = scale_x * x.exp(), scale_y * y.exp()
            blur_x, blur_y = (max(decimal.Decimal(0), 1 - scale**2) / 12 for scale in (scale_x, scale_y))
            xx, yy, xy = l1**2 + blur_x, l3**2 * (1 + k**2) + blur_y, k * l1 * l3
            wide_l3 = (yy - xy**2 / xx).sqrt()
            expected = [float(xx.sqrt().ln()), float(wide_l3.ln()), float(xy / xx.sqrt() / wide_l3)]
            np.testing.assert_allclose(after[2:5], expected, rtol=1e-6, atol=1e-6)
