"""The kernel that moves Gaussians to another grid, beside its twin of numpy."""

import numpy as np
import pytest
from scenes import random_gaussians, steep

from daub.render.cpu.resizing import resized
from daub.render.gaussians import Gaussians


@pytest.mark.parametrize("scales", [(0.05, 0.05), (0.25, 0.4), (1.0, 0.5), (2.5, 0.1), (3.0, 3.0)])
@pytest.mark.parametrize("log_scale", [(0.5, 0.8), (-3.0, 0.5), (4.0, 0.5)], ids=["usual", "tiny", "huge"])
def test_it_is_its_twin(scales, log_scale):
    gaussians = random_gaussians(np.random.default_rng(1), 3000, 800, 600, log_scale)
    before = gaussians.parameters.copy()
    found, expected = resized(gaussians, *scales).parameters, gaussians.resized(*scales).parameters
    assert found.dtype == np.float32 and np.allclose(found, expected, rtol=2e-6, atol=2e-6)
    assert np.array_equal(gaussians.parameters, before)


def test_none_are_none():
    assert len(resized(Gaussians.empty(), 0.5, 2.0)) == 0


def test_steep_ones_are_those_of_its_twin():
    gaussians = steep(np.random.default_rng(2), 300, 80, 60)
    gaussians.parameters[::3, 4] *= 1e6
    found, expected = resized(gaussians, 0.05, 0.4).parameters, gaussians.resized(0.05, 0.4).parameters
    assert np.isfinite(found).all() and np.allclose(found, expected, rtol=2e-6, atol=2e-6)
