"""Which part of the picture the viewport shows, and that part as the fit has rendered it.

CUDA renders frames at next to no cost. The CPU does where OpenGL has no graphics card and would itself be computed on
the CPU: the kernels of the fit take a tenth of the time that its general ones take.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from daub.render.device_image import DeviceImage, InteropError
from daub.render.devices import Failover
from daub.render.gaussians import MEAN, Gaussians

_EVERY = 1 / 60  # seconds between frames, at least


@dataclass(frozen=True)
class Framing:
    """A grid of pixels over a part of the picture."""

    origin: tuple[float, float]  # image position of its upper left corner; (0, 0) is the corner of pixel (0, 0)
    scale: float  # its pixels per image pixel
    width: int  # its pixels
    height: int  # its pixels

    def framed(self, gaussians: Gaussians) -> Gaussians:
        """The Gaussians in the pixels of this grid."""
        moved = gaussians.resized(self.scale, self.scale)
        moved.parameters[:, MEAN] -= (self.scale * self.origin[0], self.scale * self.origin[1])
        return moved


@dataclass(frozen=True)
class Frame:
    """What has been rendered.

    Args:
        framing: the part of the picture that it shows.
        gaussians: those that it shows.
        image: the sum of them before clipping; (height, width, 3) float32 where the CPU has rendered it.
    """

    framing: Framing
    gaussians: Gaussians
    image: DeviceImage | np.ndarray

    @property
    def is_on_host(self) -> bool:
        """The CPU has rendered it."""
        return isinstance(self.image, np.ndarray)


class FramePainter:
    """Renders frames of a fit where that is faster than OpenGL, not so often that the fit would suffer.

    Args:
        rasteriser: of the fit.
    """

    def __init__(self, rasteriser: Failover):
        self.framing: Framing | None = None  # what is looked at; set from another thread
        self.share = 0.25  # of the time that frames may take; likewise
        self.by_cpu = False  # whether the CPU renders them where no other device does; likewise
        self._rasteriser = rasteriser
        self._painter = rasteriser.painter()
        self._painted = 0.0  # when the last frame had been rendered
        self._seconds = 0.0  # what it took
        self._compiles = False  # kernels, while it renders

    def paint(self, gaussians: Gaussians, last: Frame | None, at_once: bool) -> Frame | None:
        """The frame to show.

        Args:
            last: the frame before, shown on where it is too early for another.
            at_once: it is never too early: nothing else is going on.

        Returns:
            None where there are no frames.
        """
        framing, now = self.framing, time.perf_counter()
        if self._rasteriser.fell_back:
            self._painter = None
        if self._painter is None and not self._is_by_cpu:
            return None
        if framing is None:
            return last
        if now < self._painted + max(_EVERY, self._seconds / self.share) and not at_once:
            return last
        from daub.render.compiling import noticed  # with numba, which the fit has loaded

        rendered = framing.framed(gaussians), framing.width, framing.height
        self._compiles = False
        try:
            with noticed(self._take_notice):
                image = self._rasteriser.forward(*rendered) if self._painter is None else self._painter.paint(*rendered)
        except (InteropError, *self._rasteriser.failures):  # if all is lost the fit will notice
            self._painter = None
            return None
        self._painted = time.perf_counter()
        self._seconds = 0.0 if self._compiles else self._painted - now  # the next one will not take as long
        return Frame(framing, gaussians, image)

    def _take_notice(self) -> None:
        self._compiles = True

    @property
    def _is_by_cpu(self) -> bool:
        return self.by_cpu and self._rasteriser.name == "cpu"
