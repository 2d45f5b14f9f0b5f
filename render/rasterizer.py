"""What every backend can do, and which one is used.

`forward` and `backward` are the plain pair that tests hold against each other. A fit goes through a `Surface`: the
target and the residual stay where the backend keeps them, and a whole Gauss-Newton step is one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

import numpy as np

from render.gaussians import Gaussians


@dataclass(frozen=True)
class GaussNewton:
    """Settings of the diagonal Gauss-Newton step (CODEC.md section 3)."""

    rate: float = 0.4  # eta: overlap makes the diagonal optimistic, a full step diverges
    decay: float = 0.8  # of the momentum
    damping: float = 0.05  # lambda, in units of image energy
    position_trust: float = 0.5  # longest step, in the Gaussian's own sigmas
    shape_trust: float = 0.2  # longest step of log-scale and shear
    smallest: float = 0.35  # shortest standard deviation, pixels
    # Overlap differs from place to place, so no one rate suits all: each Gaussian has a gain on it, which grows while
    # the gradient goes on pointing where the momentum does, and falls when it turns against it.
    adaption: float = 0.25  # change of the log-gain in a step, times the cosine between the two; 0: no gain
    slowest: float = 0.3  # bounds of the gain
    fastest: float = 10.0
    brake: float = 1.4  # what a fit takes off all log-gains, with the momentum, when the error has risen


MOMENTUM = 10  # columns of the optimiser's state, zeros at birth: 8 of averaged step, its weight, the log-gain


class Surface(Protocol):
    """One target image on a backend, with what fitting it needs.

    Gaussians, momenta and errors are arrays of `xp`: what is written over it runs where the backend keeps its data.
    """

    xp: ModuleType  # numpy, or a module that stands in for it
    ndimage: ModuleType  # scipy.ndimage, or likewise

    def error(self, gaussians: Gaussians) -> float:
        """Renders and keeps residual = render - target; returns the sum of its squares."""

    def absolute_error(self) -> np.ndarray:
        """(H, W) float32: |render - target| of the last `error` or `step`, summed over the channels."""

    def step(self, gaussians: Gaussians, momentum: np.ndarray, settings: GaussNewton, frozen: np.ndarray) -> float:
        """One fused step in place: forward, loss, backward, optimiser.

        Args:
            gaussians: changed in place.
            momentum: (N, MOMENTUM) float32, zeros for a Gaussian that has just been born; changed in place.
            frozen: (N, 2) bool: hold the geometry, hold the coefficient.

        Returns:
            The sum of squared residuals before the step.
        """

    def coefficient_gradient(self, gaussians: Gaussians) -> np.ndarray:
        """(N, 3) float32: the residual's gradient with respect to the coefficients."""


class Rasterizer(Protocol):
    """A backend."""

    name: str

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        """(height, width, 3) float32, the sum before clipping."""

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """(N, 8) float32: dL/dparameters for cotangent (H, W, 3) = dL/dimage."""

    def surface(self, target: np.ndarray) -> Surface:
        """Prepares to fit target (H, W, 3)."""


def choose(device: str = "auto") -> tuple[Rasterizer, str]:
    """The backend for a device, and why it is that one.

    Args:
        device: "auto" (CUDA where it can be had), "cpu" or "cuda".

    Returns:
        The backend, opened anew and for one thread; and the reason: for CUDA the name of the GPU, and where that cannot
        be had a few words, followed by what would change that.

    Raises:
        ValueError: an unknown device.
        DeviceUnavailable: "cuda" cannot be had; its text is such a reason.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device {device!r} is unknown: use auto, cpu or cuda")
    reason = "asked for"
    if device != "cpu":
        from render.cuda import DeviceUnavailable, open_backend

        try:
            backend = open_backend()
            return backend, backend.device.title
        except DeviceUnavailable as error:
            if device == "cuda":
                raise
            reason = str(error)
    from render.cpu import CpuRasterizer  # numba loads when pixels are first needed, not at start-up

    return CpuRasterizer(), reason
