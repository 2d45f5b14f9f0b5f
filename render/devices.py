"""Which backend is used, and how work goes on when the device of one fails.

    choose("auto") --> CudaRasteriser --- the device is lost or full --> CpuRasteriser
                  |                                                       ^
                  +------------------------- CUDA cannot be had ----------+

A failing device raises one of `Rasteriser.failures`. Whoever has kept the state of the work in the host's memory
catches it, lets go of what lies on the device, and asks `fall_back` for the backend to go on with. Work that needs no
state is simply done again: `with_fallback`. Several users of one device share a `Failover`, so that the first of them
to find it dead moves them all, and the failure is told once.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import NamedTuple, TypeVar

import numpy as np

from daub.render.device_image import Painter
from daub.render.errors import DeviceUnavailable, Reason
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Canvas, Rasteriser, Surface
from daub.render.strips import Region
from daub.render.weighting import Weighting

Result = TypeVar("Result")


class Chosen(NamedTuple):
    """A backend, and why it is that one."""

    rasteriser: Rasteriser  # opened anew, for one thread
    reason: Reason  # for CUDA the name of the GPU; for the CPU that it was asked for, or why CUDA cannot be had


def choose(device: str = "auto") -> Chosen:
    """Opens the backend for a device.

    Args:
        device: "auto" (CUDA where it can be had), "cpu" or "cuda".

    Raises:
        ValueError: an unknown device.
        DeviceUnavailable: "cuda" cannot be had.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device {device!r} is unknown: use auto, cpu or cuda")
    reason = Reason("asked for")
    if device != "cpu":
        from daub.render.cuda import open_backend

        try:
            backend = open_backend()
            return Chosen(backend, Reason(backend.device.title))
        except DeviceUnavailable as error:
            if device == "cuda":
                raise
            reason = error.reason
    return Chosen(_open_cpu(), reason)


def warn(reason: Reason) -> None:
    """Tells of a fallback as Python's own warnings do: for callers that have no better place to say it."""
    warnings.warn(f"{reason}, the CPU goes on", RuntimeWarning, stacklevel=2)


class Failover:
    """A `Rasteriser` that moves all its users to the CPU when its device fails.

    Everything it makes before is the device's, everything after is the CPU's. `failures` stay those of the device, for
    a surface made before may still raise them; its user is then given the CPU as well, and nothing is told again.

    Args:
        rasteriser: a backend that may fail.
        on_fall_back: told why, once, on the thread that found the device dead; its memory is free by then.
    """

    def __init__(self, rasteriser: Rasteriser, on_fall_back: Callable[[Reason], None] = warn):
        self.failures = rasteriser.failures
        self.fell_back: Reason | None = None  # why, once it has
        self._device = self._backend = rasteriser
        self._on_fall_back = on_fall_back
        self._lock = threading.Lock()  # two threads may find the device dead at once

    @staticmethod
    def of(rasteriser: Rasteriser) -> Failover:
        """The rasteriser itself if it is one, or one around it that warns."""
        return rasteriser if isinstance(rasteriser, Failover) else Failover(rasteriser)

    def fall_back(self, failure: Exception) -> Rasteriser:
        """The CPU backend, whoever asks first or later."""
        with self._lock:
            self._device.release()  # again for each user, as each has let go of other memory by now
            first = self.fell_back is None
            if first:
                self.fell_back = Reason("the GPU gave up", str(failure) or type(failure).__name__)
                self._backend = _open_cpu()
        if first:
            self._on_fall_back(self.fell_back)
        return self._backend

    @property
    def name(self) -> str:
        return self._backend.name

    @property
    def xp(self) -> ModuleType:
        return self._backend.xp

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return self._backend.forward(gaussians, width, height)

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        return self._backend.forward_8bit(gaussians, width, height)

    def strips_8bit(
        self, gaussians: Gaussians, width: int, height: int, region: Region | None = None
    ) -> Iterator[np.ndarray]:
        return self._backend.strips_8bit(gaussians, width, height, region)

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        return self._backend.backward(gaussians, cotangent)

    def canvas(self, width: int, height: int) -> Canvas:
        return self._backend.canvas(width, height)

    def surface(self, target: np.ndarray, weights: Weighting | None = None, reduced: bool = False) -> Surface:
        return self._backend.surface(target, weights, reduced)

    def painter(self) -> Painter | None:
        return self._backend.painter()

    def release(self) -> None:
        self._backend.release()


def fall_back(rasteriser: Rasteriser, failure: Exception) -> Rasteriser:
    """The backend to go on with after one of `Rasteriser.failures`: the CPU, which has none.

    Gives back the memory of the device, as far as the caller has let go of it. The traceback of the failure is dropped:
    its frames would keep what was worked on.
    """
    failure.__traceback__ = None
    return Failover.of(rasteriser).fall_back(failure)


def with_fallback(rasteriser: Rasteriser, work: Callable[[Rasteriser], Result]) -> Result:
    """What `work(rasteriser)` returns; where the device fails, the work is done on the CPU, from its beginning."""
    try:
        return work(rasteriser)
    except rasteriser.failures as failure:
        return work(fall_back(rasteriser, failure))


def _open_cpu() -> Rasteriser:
    from daub.render.cpu.backend import CpuRasteriser  # numba loads when pixels are first needed, not at start-up

    return CpuRasteriser()
