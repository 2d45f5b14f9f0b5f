"""Which backend is used, and which one goes on when its device fails."""

from __future__ import annotations

import logging

from daub.render.errors import DeviceUnavailable
from daub.render.rasteriser import Rasteriser


def choose(device: str = "auto") -> tuple[Rasteriser, str]:
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
        from daub.render.cuda import open_backend

        try:
            backend = open_backend()
            return backend, backend.device.title
        except DeviceUnavailable as error:
            if device == "cuda":
                raise
            reason = str(error)
    from daub.render.cpu.backend import CpuRasteriser  # numba loads when pixels are first needed, not at start-up

    return CpuRasteriser(), reason


class Replaceable:
    """A `Rasteriser` for work in several parts: the first to find that its device has failed moves them all to the CPU.

    Without it each part would ask the device again, and say again that it has failed.
    """

    def __init__(self, backend: Rasteriser):
        self._backend = backend

    def __getattr__(self, name: str):
        return getattr(self._backend, name)

    def replace(self, backend: Rasteriser) -> None:
        self._backend = backend


def spare(rasteriser: Rasteriser, failure: Exception) -> Rasteriser:
    """The backend to go on with after one of `Rasteriser.failures`; says so through the logger "daub".

    Takes the memory of the one that failed, as far as the caller has let go of it.
    """
    logging.getLogger("daub").warning("the GPU gave up, %s, the CPU goes on", failure)
    failure.__traceback__ = None  # its frames keep what was worked on
    rasteriser.release()
    cpu = choose("cpu")[0]
    if isinstance(rasteriser, Replaceable):
        rasteriser.replace(cpu)
    return cpu
