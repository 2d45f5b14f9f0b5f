"""What a step asks of a backend: both ways give the same, and a step needs no fresh memory of the image's size."""

import tracemalloc

import numpy as np
import pytest

from codec.methods.losses import WeightedLoss
from codec.methods.objective import _OfImage, objective_of
from render.cpu import CpuRasterizer
from render.gaussians import Gaussians


def scene(width, height, count=20):
    rng = np.random.default_rng(2)
    mean = rng.random((count, 2)) * (width, height)
    gaussians = Gaussians.build(mean, np.broadcast_to(4 * np.eye(2), (count, 2, 2)), rng.random((count, 3)))
    return gaussians, rng.random((height, width, 3), dtype=np.float32)


def test_the_residual_and_the_image_give_the_same_gradient():
    gaussians, target = scene(37, 23)
    loss = WeightedLoss(l2=2.0)
    by_residual, by_image = objective_of(loss, target, CpuRasterizer()), _OfImage(loss, target, CpuRasterizer())
    for _ in range(2):
        assert by_image.error(gaussians) == pytest.approx(by_residual.error(gaussians), rel=1e-5)
        assert by_image.gradient(gaussians) == pytest.approx(by_residual.gradient(gaussians), rel=1e-3, abs=1e-7)


def test_a_step_takes_no_memory_of_the_size_of_the_image():
    gaussians, target = scene(1000, 700)
    objective = objective_of(WeightedLoss(l1=0.9, ssim=0.1), target, CpuRasterizer())
    objective.error(gaussians), objective.gradient(gaussians)  # compiles
    tracemalloc.start()
    try:
        objective.error(gaussians), objective.gradient(gaussians)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < target.nbytes / 8
