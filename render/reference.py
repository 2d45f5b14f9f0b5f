"""The truth for tests: the definition of the model in float64 torch, differentiated by autograd. Slow on purpose."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch

from daub.render.eight_bit import to_8bit
from daub.render.gaussians import SUPPORT, Gaussians

STRIP_ROWS = 16


class ReferenceRasteriser:
    """The plain pair of `Rasteriser`, which evaluates every Gaussian at every pixel, and its picture by strips.

    `forward` and `backward` give float64.
    """

    name = "reference"

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return _image(torch.tensor(gaussians.parameters, dtype=torch.float64), width, range(height)).numpy()

    def strips_8bit(self, gaussians: Gaussians, width: int, height: int) -> Iterator[np.ndarray]:
        parameters = torch.tensor(gaussians.parameters, dtype=torch.float64)
        for top in range(0, height, STRIP_ROWS):
            yield to_8bit(_image(parameters, width, range(top, min(top + STRIP_ROWS, height))).numpy())

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        parameters = torch.tensor(gaussians.parameters, dtype=torch.float64, requires_grad=True)
        image = _image(parameters, width, range(height))
        image.backward(torch.tensor(cotangent, dtype=torch.float64))
        return parameters.grad.numpy()


def _image(parameters: torch.Tensor, width: int, rows: range) -> torch.Tensor:
    """(rows, width, 3) float64 from parameters (N, 8); conventions in render/gaussians.py."""
    x = torch.arange(width, dtype=torch.float64)
    y = torch.tensor(rows, dtype=torch.float64)[:, None]
    image = torch.zeros(len(rows), width, 3, dtype=torch.float64) + 0 * parameters.sum()  # so that N = 0 has a gradient
    for mean_x, mean_y, log_l1, log_l3, k, *e in parameters:
        z1 = (x - mean_x) / log_l1.exp()
        z2 = (y - mean_y) / log_l3.exp() - k * z1
        q = z1 * z1 + z2 * z2
        w = torch.where(q < SUPPORT, torch.exp(-q / 2) - math.exp(-SUPPORT / 2), 0.0)
        colour = torch.stack(e) / torch.sqrt(math.pi * torch.exp(log_l1 + log_l3))
        image = image + w[..., None] * colour
    return image
