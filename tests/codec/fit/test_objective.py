"""What a step asks of a backend: both ways give the same, and a step needs no fresh memory of the image's size."""

import tracemalloc

import numpy as np
import pytest
from scenes import a_picture

from daub.codec.fit.losses import WeightedLoss
from daub.codec.fit.objective import _OfImage, _OfResidual, objective_of
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians


def some_gaussians(count, width, height):
    rng = np.random.default_rng(3)
    mean = rng.random((count, 2)) * (width, height)
    covariance = rng.uniform(1, 30, (count, 1, 1)) * np.eye(2)
    return Gaussians.build(mean, covariance, rng.normal(size=(count, 3)))


@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_where_the_image_is_does_not_matter(weight):
    target, gaussians, loss = a_picture(45, 34, 20), some_gaussians(20, 45, 34), WeightedLoss(l2=weight)
    fused, plain = _OfResidual(weight, target, CpuRasteriser()), _OfImage(loss, target, CpuRasteriser())
    assert fused.error(gaussians) == pytest.approx(plain.error(gaussians), rel=1e-5)
    expected = plain.gradient(gaussians)
    assert np.abs(fused.gradient(gaussians) - expected).max() < 1e-5 * np.abs(expected).max()
    surface = plain.surface()
    surface.error(gaussians)
    fused.error(gaussians)
    assert np.array_equal(surface.absolute_error(), fused.surface().absolute_error())


def test_only_the_squared_error_alone_stays_on_the_surface():
    target, rasteriser = a_picture(20, 20, 20), CpuRasteriser()
    assert isinstance(objective_of(WeightedLoss(l2=2.0), target, rasteriser), _OfResidual)
    for loss in (WeightedLoss(l2=1.0, l1=0.1), WeightedLoss(l1=1.0), WeightedLoss(l2=0.7, ssim=0.3)):
        assert isinstance(objective_of(loss, target, rasteriser), _OfImage)


def test_a_step_takes_no_memory_of_the_size_of_the_image():
    target, gaussians = a_picture(1000, 700, 20), some_gaussians(20, 1000, 700)
    objective = objective_of(WeightedLoss(l1=0.9, ssim=0.1), target, CpuRasteriser())
    objective.error(gaussians), objective.gradient(gaussians)  # compiles
    tracemalloc.start()
    try:
        objective.error(gaussians), objective.gradient(gaussians)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < target.nbytes / 4
