"""Losses against autograd, with pytorch-msssim for SSIM."""

import numpy as np
import pytest
import torch
from pytorch_msssim import ssim as torch_ssim

from codec.methods.losses import WeightedLoss, ssim


def pictures(height, width, dtype=np.float64):
    rng = np.random.default_rng(0)
    target = rng.uniform(0, 1, (height, width, 3))
    return (target + rng.normal(0, 0.3, target.shape)).astype(dtype), target.astype(dtype)  # beyond [0, 1], too


@pytest.mark.parametrize("size", [(11, 11), (16, 31), (40, 27)])
def test_ssim_and_its_gradient_are_those_of_pytorch_msssim(size):
    image, target = pictures(*size)
    planes = torch.tensor(image.transpose(2, 0, 1)[None], requires_grad=True)
    expected = torch_ssim(planes, torch.tensor(target.transpose(2, 0, 1)[None]), data_range=1, nonnegative_ssim=False)
    expected.backward()
    value, gradient = ssim(image, target)
    assert value == pytest.approx(expected.item(), rel=1e-6)
    truth = planes.grad[0].numpy().transpose(1, 2, 0)
    assert gradient == pytest.approx(truth, rel=1e-5, abs=1e-6 * np.abs(truth).max())


@pytest.mark.parametrize("weights", [{"l2": 1.0}, {"ssim": 1.0}, {"l2": 0.7, "ssim": 0.3}, {"l1": 0.9, "ssim": 0.1}])
@pytest.mark.parametrize("size", [(1, 1), (1, 20), (7, 4), (15, 14)])
def test_gradients_are_finite_differences(weights, size):
    loss = WeightedLoss(**weights)
    image, target = pictures(*size)
    value, gradient = loss(image, target)
    rng = np.random.default_rng(1)
    for _ in range(5):
        direction = rng.normal(size=image.shape)
        ahead, behind = (loss(image + sign * 1e-6 * direction, target)[0] for sign in (1, -1))
        assert (ahead - behind) / 2e-6 == pytest.approx(float((gradient * direction).sum()), rel=1e-4, abs=1e-7)
    assert loss(target, target)[0] == pytest.approx(0, abs=1e-12) and value > 0


def test_the_means_are_over_pixels_and_channels():
    image, target = pictures(5, 6)
    assert WeightedLoss(l2=2.0)(image, target)[0] == pytest.approx(2 * np.mean((image - target) ** 2))
    assert WeightedLoss(l1=1.0)(image, target)[0] == pytest.approx(np.mean(np.abs(image - target)))


def test_float32_is_enough():
    image, target = pictures(64, 48, np.float32)
    _, gradient = ssim(image, target)
    _, truth = ssim(image.astype(np.float64), target.astype(np.float64))
    assert gradient.dtype == np.float32
    assert np.abs(gradient - truth).max() < 1e-3 * np.abs(truth).max()
