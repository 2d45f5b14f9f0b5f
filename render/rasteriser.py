"""What every backend can do: protocols alone.

`forward` and `backward` are the plain pair that tests hold against each other. A fit goes through a `Surface`: target,
residual and the whole `Descent` stay where the backend keeps them, and any number of Gauss-Newton steps is one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

import numpy as np

from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import Gaussians


class Surface(Protocol):
    """One target image on a backend, with what fitting it needs.

    Gaussians, descents and errors are arrays of `xp`: what is written over it runs where the backend keeps its data.
    """

    xp: ModuleType  # numpy, or a module that stands in for it
    target: np.ndarray  # (H, W, 3) float32
    stride: int  # steps worth taking between two looks at the state, which cost a wait for the device

    def host(self, array: np.ndarray) -> np.ndarray:
        """A copy of an array of `xp` as one of numpy."""

    def error(self, gaussians: Gaussians) -> float:
        """Renders and keeps residual = render - target; returns the sum of its squares."""

    def absolute_error(self) -> np.ndarray:
        """(H, W) float32: |render - target| of the last `error` or step, summed over the channels."""

    def peaks(self, smoothing: float, most: int) -> np.ndarray:
        """(M <= most,) int64, row * W + column of the largest local maxima of the absolute error, by `peak_keys`.

        Local is 3 x 3, and the error smoothed by a Gaussian filter: 4 standard deviations of `smoothing` pixels far,
        mirrored at the edges.
        """

    def advance(self, descent: Descent, settings: GaussNewton, steps: int, price: float = 0.0) -> None:
        """Takes steps in place, each of them fused: forward, loss, backward, optimiser, brake, price, best.

        Args:
            price: of bits: what is made small is half the squared residuals plus price * E / N * log |e| of each
                coefficient e, where E / N is the mean error of a Gaussian.
        """

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        """(N, 8) float32: of half the squared residuals of the last `error` or step, in each Gaussian's own frame.

        `Gaussians.gradient_of_parameters` has the frame; its last three columns are those of the coefficients.
        """


class Canvas(Protocol):
    """Forward and backward of a rasteriser at one size, again and again: a backend may keep its memory in between.

    Fresh memory for a huge image takes longer than rendering it.
    """

    def forward(self, gaussians: Gaussians) -> np.ndarray:
        """`Rasteriser.forward`; the next one may overwrite it."""

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """`Rasteriser.backward`."""


class Rasteriser(Protocol):
    """A backend.

    `forward` and `backward` take and give arrays of numpy, as does `surface` its target.
    """

    name: str
    xp: ModuleType  # numpy, or the module of its device's arrays
    # What its surfaces raise when the device is lost or full: whoever has kept their state goes on elsewhere.
    failures: tuple[type[Exception], ...]

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        """(height, width, 3) float32, the sum before clipping."""

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        """(height, width, 3) uint8 of numpy, as `to_8bit` rounds; the Gaussians may be arrays of `xp`."""

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """(N, 8) float32: dL/dparameters for cotangent (H, W, 3) = dL/dimage."""

    def canvas(self, width: int, height: int) -> Canvas:
        """Prepares to render and differentiate at one size."""

    def surface(self, target: np.ndarray) -> Surface:
        """Prepares to fit target (H, W, 3)."""

    def release(self) -> None:
        """Gives back memory that nothing uses now."""


@dataclass(frozen=True)
class PlainCanvas:
    """That of a rasteriser which has nothing to keep."""

    rasteriser: Rasteriser
    width: int
    height: int

    def forward(self, gaussians):
        return self.rasteriser.forward(gaussians, self.width, self.height)

    def backward(self, gaussians, cotangent):
        return self.rasteriser.backward(gaussians, cotangent)
