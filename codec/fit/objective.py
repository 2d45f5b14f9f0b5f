"""What a step of a first-order fit asks of a backend: an error, and the gradient of the loss by all parameters."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from daub.codec.fit.losses import Loss, mean_squared_error
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser, Surface


class Objective(Protocol):
    """One loss against one target, on one backend."""

    def error(self, gaussians: Gaussians) -> float:
        """Render, and work out the mean squared error, whatever the loss is."""

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        """Work out dL/dparameters (N, 8), for the Gaussians of the last `error`."""

    def surface(self) -> Surface:
        """Prepare a surface with the target, for a densifier."""


def objective_of(loss: Loss, target: np.ndarray, rasteriser: Rasteriser) -> Objective:
    """Choose the objective that serves a loss best.

    Args:
        target: (H, W, 3) float32.
    """
    return _OfResidual(loss.l2, target, rasteriser) if loss.is_squared else _OfImage(loss, target, rasteriser)


class _OfResidual:
    """The squared error alone: images stay where the backend keeps them."""

    def __init__(self, weight: float, target: np.ndarray, rasteriser: Rasteriser):
        self._weight, self._size = weight, target.size
        self._surface = rasteriser.surface(target)

    def error(self, gaussians: Gaussians) -> float:
        self._there = moved_to(self._surface, gaussians)
        return self._surface.error(self._there) / self._size

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        in_frame = self._surface.host(self._surface.gradient(self._there))  # gradient of half the squares
        return gaussians.gradient_of_parameters(in_frame * np.float32(2 * self._weight / self._size))

    def surface(self) -> Surface:
        return self._surface


class _OfImage:
    """Any loss: the image comes to the host, and its gradient goes back.

    With a huge image, these two and the canvas are most of the memory of a fit, so they are kept from step to step.
    """

    def __init__(self, loss: Loss, target: np.ndarray, rasteriser: Rasteriser):
        self._loss, self._target, self._rasteriser = loss, np.ascontiguousarray(target), rasteriser
        height, width, _ = target.shape
        self._canvas = rasteriser.canvas(width, height)
        self._cotangent = np.empty_like(self._target)

    def error(self, gaussians: Gaussians) -> float:
        self._image = self._canvas.forward(gaussians)
        return mean_squared_error(self._image, self._target)

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        self._loss(self._image, self._target, self._cotangent)
        return self._canvas.backward(gaussians, self._cotangent)

    def surface(self) -> Surface:
        return self._rasteriser.surface(self._target)


def moved_to(surface: Surface, gaussians: Gaussians) -> Gaussians:
    """Copy Gaussians to where the surface keeps its arrays."""
    return Gaussians(surface.xp.array(gaussians.parameters))
