"""The loss of a training and its gradient, against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from pytorch_msssim import ssim

from daub.codec.scenes.loss import STRUCTURE, loss_of, structural_similarity


@pytest.mark.parametrize("size", [(48, 64), (131, 140)])
def test_loss_and_gradient_are_those_of_torch(size):
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (*size, 3), np.uint8)
    image = (photo / 255 + rng.normal(0, 0.1, photo.shape)).astype(np.float32)  # beyond 0 and 1, too
    x = torch.tensor(image, dtype=torch.float64).permute(2, 0, 1)[None].requires_grad_()
    y = torch.tensor(photo / 255, dtype=torch.float64).permute(2, 0, 1)[None]
    similarity = ssim(x, y, data_range=1, nonnegative_ssim=False)
    wanted = (1 - STRUCTURE) * (x - y).abs().mean() + STRUCTURE * (1 - similarity)
    wanted.backward()
    loss = loss_of(image, photo)
    assert loss.value == pytest.approx(float(wanted.detach()), abs=1e-5)
    assert loss.error == pytest.approx(float((x - y).detach().square().mean()), rel=1e-5)
    gradient = x.grad[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(loss.cotangent, gradient, atol=2e-3 * np.abs(gradient).max())
    target = photo.astype(np.float32) / 255
    assert structural_similarity(image, target) == pytest.approx(float(similarity.detach()), abs=1e-5)
    assert structural_similarity(target, target) == pytest.approx(1, abs=1e-5)
