"""What the reference says of an error, against its own picture and gradient, and the definition of both."""

import numpy as np
import pytest
from scenes import in_frame, random_gaussians, some_weights

from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser

WIDTH, HEIGHT = 23, 17
REFERENCE = ReferenceRasteriser()


@pytest.fixture(params=[True, False], ids=["weighted", "plain"])
def weights(request):
    return some_weights(np.random.default_rng(1), WIDTH, HEIGHT) if request.param else None


@pytest.fixture
def scene():
    """Gaussians and target."""
    rng = np.random.default_rng(0)
    return random_gaussians(rng, 12, WIDTH, HEIGHT, (1.0, 0.7)), rng.random((HEIGHT, WIDTH, 3))


def test_an_error_is_the_weighted_sum_of_squares(scene, weights):
    gaussians, target = scene
    surface, each = REFERENCE.surface(target, weights), np.ones((1, 1, 1)) if weights is None else weights[..., None]
    residual = REFERENCE.forward(gaussians, WIDTH, HEIGHT) - target
    assert surface.error(gaussians) == pytest.approx((each * residual**2).sum(), rel=1e-12)
    assert surface.squares == pytest.approx((residual**2).sum(), rel=1e-12)
    assert np.allclose(surface.absolute_error(), (np.sqrt(np.float64(each)) * np.abs(residual)).sum(2), rtol=1e-12)
    expected = in_frame(gaussians, REFERENCE.backward(gaussians, each * residual))
    assert np.allclose(surface.gradient(gaussians), expected, rtol=1e-9, atol=1e-9)


def test_an_energy_is_what_a_unit_of_the_coefficient_costs(scene, weights):
    gaussians, target = scene
    energy = REFERENCE.surface(target, weights).energy(gaussians)
    if weights is None:
        assert energy.tolist() == [1.0] * len(gaussians)
        return
    dark, least = REFERENCE.surface(np.zeros_like(target), weights), []
    for parameters in gaussians.parameters:
        one = Gaussians(parameters[None].copy())
        one.coefficient[:] = 1, 0, 0
        least.append(dark.error(one))
    assert np.allclose(energy, least, rtol=1e-12) and (energy > 0.1).any()
