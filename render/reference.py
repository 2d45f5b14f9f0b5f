"""The truth for tests: the definition of the model in float64 torch, differentiated by autograd. Slow on purpose."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch

from daub.render.eight_bit import as_real, to_8bit
from daub.render.gaussians import SUPPORT, Gaussians
from daub.render.strips import Region
from daub.render.weighting import LEVELS, Weighting, shared_energy

STRIP_ROWS = 16


class ReferenceRasteriser:
    """The plain pair of `Rasteriser`, which evaluates every Gaussian at every pixel, its picture by strips, and what a
    `Surface` says of an error.

    `forward` and `backward` give float64.
    """

    name = "reference"

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return _image(_parameters(gaussians), width, range(height)).numpy()

    def strips_8bit(
        self, gaussians: Gaussians, width: int, height: int, region: Region | None = None
    ) -> Iterator[np.ndarray]:
        region = region or Region(0, 0, width, height)
        parameters = _parameters(gaussians)
        for top in range(region.y, region.bottom, STRIP_ROWS):
            strip = _image(parameters, width, range(top, min(top + STRIP_ROWS, region.bottom))).numpy()
            yield to_8bit(strip[:, region.x : region.right])

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        height, width, _ = cotangent.shape
        parameters = _parameters(gaussians).requires_grad_()
        image = _image(parameters, width, range(height))
        image.backward(torch.tensor(cotangent, dtype=torch.float64))
        return parameters.grad.numpy()

    def surface(self, target: np.ndarray, weights: Weighting | None = None, reduced: bool = False) -> ReferenceSurface:
        return ReferenceSurface(target, weights)


class ReferenceSurface:
    """A `Surface` that says all there is to say of an error, in float64, and takes no steps.

    Args:
        target: (H, W, 3), real or uint8.
        weights: of the size of the target; None: all pixels alike.
    """

    def __init__(self, target: np.ndarray, weights: Weighting | None = None):
        self.target, self.squares = target, 0.0
        self._target = torch.tensor(as_real(target), dtype=torch.float64)
        self._weights = None if weights is None else torch.tensor(weights.plane, dtype=torch.float64)
        self._coarse = 0.0 if weights is None else weights.coarse
        self._residual = torch.zeros_like(self._target)  # render - target of the last `error`

    def error(self, gaussians: Gaussians) -> float:
        self._residual = self._render(_parameters(gaussians)) - self._target
        self.squares = float((self._residual**2).sum())
        return float(self._distortion(self._residual))

    def absolute_error(self) -> np.ndarray:
        slope = self._slope().abs().sum(2)
        if self._weights is not None:
            slope = torch.where(self._weights > 0, slope / self._weights.sqrt(), 0.0)
        return slope.numpy()

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        """By autograd through the moves of the whitened frame themselves, at no move at all."""
        move = torch.zeros(len(gaussians), 8, dtype=torch.float64, requires_grad=True)
        self._render(_moved(_parameters(gaussians), move)).backward(self._slope())
        return move.grad.numpy()

    def energy(self, gaussians: Gaussians) -> np.ndarray:
        if self._weights is None:
            return np.ones(len(gaussians))
        height, width = self._weights.shape
        atoms = (_atom(one, width, range(height)) for one in _parameters(gaussians))
        plain = np.array([float((self._weights * atom**2).sum()) for atom in atoms])
        return plain * shared_energy(*np.float64(gaussians.parameters[:, 2:5]).T, self._coarse)

    def gradient_and_energy(self, gaussians: Gaussians) -> tuple[np.ndarray, np.ndarray]:
        return self.gradient(gaussians), self.energy(gaussians)

    def normal_product(self, gaussians: Gaussians) -> np.ndarray:
        self._residual = self._render(_parameters(gaussians))
        return self.gradient(gaussians)

    def _render(self, parameters: torch.Tensor) -> torch.Tensor:
        height, width, _ = self._target.shape
        return _image(parameters, width, range(height))

    def _distortion(self, residual: torch.Tensor) -> torch.Tensor:
        """What `weighting` says of a residual (H, W, 3), summed over the channels."""
        if self._weights is None:
            return (residual**2).sum()
        weights = self._weights[..., None]
        error = (weights * residual**2).sum()
        for level in range(1, LEVELS + 1):
            shared = _cell_means(weights, level) * _cell_means(residual, level) ** 2
            error = error + self._coarse * 4**level * shared.sum()
        return error

    def _slope(self) -> torch.Tensor:
        """(H, W, 3): half the gradient of the distortion of the last `error` by its residual."""
        residual = self._residual.clone().requires_grad_()
        (self._distortion(residual) / 2).backward()
        return residual.grad


def _cell_means(values: torch.Tensor, level: int) -> torch.Tensor:
    """(rows, columns, C): the mean of values (H, W, C) over each cell of 2^level x 2^level pixels, zero beyond them."""
    side = 1 << level
    height, width, channels = values.shape
    padded = torch.nn.functional.pad(values, (0, 0, 0, -width % side, 0, -height % side))
    return padded.reshape(-(-height // side), side, -(-width // side), side, channels).mean((1, 3))


def _parameters(gaussians: Gaussians) -> torch.Tensor:
    return torch.tensor(gaussians.parameters, dtype=torch.float64)


def _moved(parameters: torch.Tensor, move: torch.Tensor) -> torch.Tensor:
    """Parameters (N, 8) after moves (N, 8) in the frames that `Gaussians.gradient_of_parameters` describes."""
    x, y, log_l1, log_l3, k, *e = parameters.T
    z1, z2, a, c, b, *more = move.T
    mean = x + log_l1.exp() * z1, y + log_l3.exp() * (k * z1 + z2)
    shape = log_l1 + torch.log1p(a), log_l3 + torch.log1p(c), (k * (1 + a) + b) / (1 + c)
    return torch.stack([*mean, *shape, *(old + step for old, step in zip(e, more, strict=True))], 1)


def _image(parameters: torch.Tensor, width: int, rows: range) -> torch.Tensor:
    """(rows, width, 3) float64 from parameters (N, 8); conventions in render/gaussians.py."""
    image = torch.zeros(len(rows), width, 3, dtype=torch.float64) + 0 * parameters.sum()  # so that N = 0 has a gradient
    for one in parameters:
        image = image + _atom(one, width, rows)[..., None] * one[5:]
    return image


def _atom(one: torch.Tensor, width: int, rows: range) -> torch.Tensor:
    """(rows, width) float64: the atom of unit energy of the Gaussian with parameters (8,)."""
    x = torch.arange(width, dtype=torch.float64)
    y = torch.tensor(rows, dtype=torch.float64)[:, None]
    mean_x, mean_y, log_l1, log_l3, k = one[:5]
    z1 = (x - mean_x) / log_l1.exp()
    z2 = (y - mean_y) / log_l3.exp() - k * z1
    q = z1 * z1 + z2 * z2
    w = torch.where(q < SUPPORT, torch.exp(-q / 2) - math.exp(-SUPPORT / 2), 0.0)
    return w / torch.sqrt(math.pi * torch.exp(log_l1 + log_l3))
