"""The type itself: its attributes, its frame, its value at a pixel, and the same picture on another grid."""

import doctest

import numpy as np
import pytest
from scenes import in_frame, random_gaussians

from daub.render import gaussians as module
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import SUPPORT, Gaussians
from daub.render.reference import ReferenceRasteriser


def test_the_examples_run():
    result = doctest.testmod(module)
    assert result.attempted == 3 and not result.failed


def test_what_is_built_has_the_attributes_it_was_built_from():
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(30, 2, 2))
    covariance = factor @ factor.transpose(0, 2, 1) + 0.2 * np.eye(2)
    mean, colour = rng.uniform(0, 50, (30, 2)), rng.normal(size=(30, 3))
    built = Gaussians.build(mean, covariance, colour)
    assert built.parameters.dtype == np.float32 and len(built) == 30
    np.testing.assert_allclose(built.mean, mean, rtol=1e-6)
    np.testing.assert_allclose(built.covariance, covariance, rtol=2e-5, atol=1e-5)
    np.testing.assert_allclose(built.colour, colour, rtol=1e-5)
    energy = np.pi * np.sqrt(np.linalg.det(covariance)) * (colour**2).sum(1)
    np.testing.assert_allclose(built.strength**2, energy, rtol=1e-4)


def test_what_is_no_covariance_is_refused():
    with pytest.raises(ValueError, match="positive definite"), np.errstate(invalid="ignore"):
        Gaussians.build([[0, 0]], [[[1.0, 2.0], [2.0, 1.0]]], [[1, 1, 1]])
    with pytest.raises(ValueError, match=r"shape \(N, 8\), not \(3, 7\)"):
        Gaussians(np.zeros((3, 7), np.float32))


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
