"""One Gaussian at a time, against the kernels that handle all of them."""

import numpy as np
import pytest

from daub.render.cpu.atoms import ATOM, add, project
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.drawing import DERIVED, derive
from daub.render.cpu.planes import planes
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

CPU = CpuRasteriser()


def one(mean, covariance, colour=(1.0, -0.5, 0.25)):
    gaussians = Gaussians.build(np.array([mean]), np.array([covariance]), np.array([colour]))
    derived = np.empty((1, DERIVED), np.float32)
    derive(gaussians.parameters, 40, derived, np.empty((1, 2), np.int32))
    return gaussians, derived[0, :ATOM]


SHAPES = [
    ((20.3, 11.8), [[9, 4], [4, 6]]),
    ((-0.4, 39.2), [[30, -20], [-20, 25]]),  # beyond two borders
    ((36.9, 0.0), [[0.2, 0], [0, 0.1]]),  # below a pixel
    ((18.0, 20.0), [[4000, 0], [0, 4000]]),  # all over the image
]


@pytest.mark.parametrize("coarse", [None, 0.0, 1.0])
@pytest.mark.parametrize("mean,covariance", SHAPES)
def test_adding_and_projecting_agree_with_the_rasteriser(mean, covariance, coarse):
    width, height = 37, 40  # not a whole number of vectors
    plane = np.random.default_rng(0).uniform(0.1, 4, (height, width)).astype(np.float32)
    weights = None if coarse is None else Weighting(plane, coarse)
    each = np.ones((height, width, 1)) if weights is None else plane[..., None]
    gaussians, atom = one(mean, covariance)
    image = CPU.forward(gaussians, width, height)
    surface = CPU.surface(np.zeros((height, width, 3), np.float32), weights)
    surface.error(gaussians)
    expected = surface.residual.copy()
    surface.error(Gaussians.empty(0))
    given = surface.weights, surface.coarse, width, atom
    add(surface.residual, *given, gaussians.coefficient[0].astype(np.float64))
    assert np.allclose(surface.residual, expected, rtol=1e-5, atol=1e-6)
    if not coarse:
        assert np.allclose(surface.absolute_error(), (np.sqrt(each) * abs(image)).sum(2), rtol=1e-5, atol=1e-6)
    assert not surface.residual[:, :, width:].any()

    moments = np.empty(4)
    project(surface.residual, *given, moments)
    unit = image / gaussians.coefficient[0]
    felt = surface.residual[:, :, :width].transpose(0, 2, 1)
    assert np.allclose(moments[:3], (unit * felt).sum((0, 1)), rtol=1e-4)
    energy = (each * unit**2).sum((0, 1))[0] if weights is None else weights.error(unit[..., :1])
    assert np.isclose(moments[3], energy, rtol=1e-4)


def test_an_atom_outside_the_image_sees_nothing():
    _, atom = one((-50.0, 20.0), [[4, 0], [0, 4]])
    moments = np.ones(4)
    project(np.ones_like(planes(40, 37)), None, np.float32(0), 37, atom, moments)
    assert not moments.any()
