"""What the reference says of an error, against its own picture and gradient, and the definition of both."""

from dataclasses import replace

import numpy as np
import pytest
from scenes import in_frame, random_gaussians, some_weights

from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser
from daub.render.weighting import shared_energy

WIDTH, HEIGHT = 23, 17
REFERENCE = ReferenceRasteriser()


@pytest.fixture(params=[0.0, 0.7, None], ids=["weighted", "with neighbours", "plain"])
def weights(request):
    return None if request.param is None else some_weights(np.random.default_rng(1), WIDTH, HEIGHT, request.param)


@pytest.fixture
def scene():
    """Gaussians and target."""
    rng = np.random.default_rng(0)
    return random_gaussians(rng, 12, WIDTH, HEIGHT, (1.0, 0.7)), rng.random((HEIGHT, WIDTH, 3))


def half_gradient(residual, weights):
    """(H, W, 3): of the error by the residual, a pixel and a cell at a time as `weighting` defines it, and w (H, W)."""
    plane = np.ones((HEIGHT, WIDTH)) if weights is None else np.float64(weights.plane)
    half = plane[..., None] * residual
    for level in (1, 2) if weights is not None else ():
        side = 1 << level
        for top in range(0, HEIGHT, side):
            for left in range(0, WIDTH, side):
                cell = slice(top, top + side), slice(left, left + side)
                means = plane[cell].sum() / side**2, residual[cell].sum((0, 1)) / side**2
                half[cell] += weights.coarse * means[0] * means[1]
    return half, plane


def test_an_error_is_the_weighted_sum_of_squares(scene, weights):
    gaussians, target = scene
    surface = REFERENCE.surface(target, weights)
    residual = REFERENCE.forward(gaussians, WIDTH, HEIGHT) - target
    half, plane = half_gradient(residual, weights)
    error = surface.error(gaussians)
    assert error == pytest.approx((half * residual).sum(), rel=1e-12)
    assert weights is None or error == pytest.approx(weights.error(residual), rel=1e-6)  # whose weights are float32
    assert surface.squares == pytest.approx((residual**2).sum(), rel=1e-12)
    root = np.sqrt(plane, where=plane > 0, out=np.full_like(plane, np.inf))
    assert np.allclose(surface.absolute_error(), np.abs(half).sum(2) / root, rtol=1e-12)
    expected = in_frame(gaussians, REFERENCE.backward(gaussians, half))
    assert np.allclose(surface.gradient(gaussians), expected, rtol=1e-9, atol=1e-9)


def test_an_energy_is_what_a_unit_of_the_coefficient_costs(scene, weights):
    gaussians, target = scene
    energy = REFERENCE.surface(target, weights).energy(gaussians)
    if weights is None:
        assert energy.tolist() == [1.0] * len(gaussians)
        return
    # Alone by definition; what it shares with neighbours is an estimate that looks at no place.
    dark, least = REFERENCE.surface(np.zeros_like(target), replace(weights, coarse=0.0)), []
    for parameters in gaussians.parameters:
        one = Gaussians(parameters[None].copy())
        one.coefficient[:] = 1, 0, 0
        least.append(dark.error(one))
    shape = np.float64(gaussians.parameters[:, 2:5]).T
    assert np.allclose(energy, least * shared_energy(*shape, weights.coarse), rtol=1e-12) and (energy > 0.1).any()
