"""What every backend can do, and which one is used.

`forward` and `backward` are the plain pair that tests hold against each other. A fit goes through a `Surface`: target,
residual and the whole `Descent` stay where the backend keeps them, and any number of Gauss-Newton steps is one call.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
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
    # Gains that fit one by one need not together: a step whose error has risen overshot.
    brake: float = 1.4  # what that takes off all log-gains, with the momentum
    slack: float = 1.004  # rises by less than this factor are not overshooting: the price of bits raises the error too


MOMENTUM = 10  # columns of the optimiser's state, zeros at birth: 8 of averaged step, its weight, the log-gain


@dataclass
class Descent:
    """A fit under way: its arrays are those of one surface, which changes them in place."""

    gaussians: Gaussians
    momentum: np.ndarray  # (N, MOMENTUM) float32
    frozen: np.ndarray  # (N, 2) bool: hold the geometry, hold the coefficient
    best: Gaussians  # those of best_error, once that is finite
    error: float = math.inf  # sum of squared residuals of the state that the last step started from
    best_error: float = math.inf  # the least of those
    fresh: bool = False  # the population has changed since: its error does not compare with the last

    @staticmethod
    def of(gaussians: Gaussians) -> Descent:
        """At its start, with everything free to move."""
        parameters = gaussians.parameters  # zeros_like: of the same array module as these
        momentum = np.zeros_like(parameters, shape=(len(gaussians), MOMENTUM))
        frozen = np.zeros_like(parameters, dtype=bool, shape=(len(gaussians), 2))
        return Descent(gaussians, momentum, frozen, Gaussians(np.zeros_like(parameters)))

    def repopulated(self, gaussians: Gaussians, kept: np.ndarray) -> Descent:
        """With other Gaussians, the first len(kept) of which are those of these indices; the rest are newborn."""
        after = Descent.of(gaussians)
        after.momentum[: len(kept)] = self.momentum[kept]
        after.error, after.fresh = self.error, True
        if len(gaussians) == len(self.gaussians):
            after.best, after.best_error = self.best, self.best_error
        return after

    def moved(self, move: Callable[[np.ndarray], np.ndarray]) -> Descent:
        """A copy elsewhere: `move` copies an array."""
        gaussians, best = (Gaussians(move(each.parameters)) for each in (self.gaussians, self.best))
        return replace(self, gaussians=gaussians, momentum=move(self.momentum), frozen=move(self.frozen), best=best)

    def judge(self, error: float, slack: float) -> tuple[bool, bool]:
        """Takes note of the error of the state that a step starts from.

        Returns:
            Whether it has risen, so that the step before overshot, and whether it is the least of all.
        """
        risen = not self.fresh and error > slack * self.error
        improved = not self.fresh and error < self.best_error
        self.error, self.fresh = error, False
        if improved:
            self.best_error = error
        return risen, improved


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


SCATTER = 0x9E3779B1  # odd, so that a product with it modulo 2^32 can be undone
_LOW = 0xFFFFFFFF


def peak_keys(error: np.ndarray, pixel: np.ndarray) -> np.ndarray:
    """(M,) uint64 that sort as errors (M,) float32 > 0 do, and where those are equal, as on a flat error, anyhow.

    Args:
        pixel: (M,) row * W + column, below 2^32.
    """
    return error.view(np.uint32).astype(np.uint64) << 32 | pixel.astype(np.uint64) * SCATTER & _LOW


def largest_peaks(keys: np.ndarray, most: int) -> np.ndarray:
    """(M <= most,) int64, the pixels of the largest keys, in falling order."""
    keys = np.sort(keys)[::-1][:most]
    return ((keys & _LOW) * pow(SCATTER, -1, 1 << 32) & _LOW).astype(np.int64)


class Canvas(Protocol):
    """Forward and backward of a rasteriser at one size, again and again: a backend may keep its memory in between.

    Fresh memory for a huge image takes longer than rendering it.
    """

    def forward(self, gaussians: Gaussians) -> np.ndarray:
        """`Rasterizer.forward`; the next one may overwrite it."""

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """`Rasterizer.backward`."""


class Rasterizer(Protocol):
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

    rasterizer: Rasterizer
    width: int
    height: int

    def forward(self, gaussians):
        return self.rasterizer.forward(gaussians, self.width, self.height)

    def backward(self, gaussians, cotangent):
        return self.rasterizer.backward(gaussians, cotangent)


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


class Replaceable:
    """A `Rasterizer` for work in several parts: the first to find that its device has failed moves them all to the CPU.

    Without it each part would ask the device again, and say again that it has failed.
    """

    def __init__(self, backend: Rasterizer):
        self._backend = backend

    def __getattr__(self, name: str):
        return getattr(self._backend, name)

    def replace(self, backend: Rasterizer) -> None:
        self._backend = backend


def spare(rasterizer: Rasterizer, failure: Exception) -> Rasterizer:
    """The backend to go on with after one of `Rasterizer.failures`; says so through the logger "daub".

    Takes the memory of the one that failed, as far as the caller has let go of it.
    """
    logging.getLogger("daub").warning("the GPU gave up, %s, the CPU goes on", failure)
    failure.__traceback__ = None  # its frames keep what was worked on
    rasterizer.release()
    cpu = choose("cpu")[0]
    if isinstance(rasterizer, Replaceable):
        rasterizer.replace(cpu)
    return cpu
