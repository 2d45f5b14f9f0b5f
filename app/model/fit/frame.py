"""Which part of the picture the viewport shows, and that part as the device of the fit has rendered it."""

from __future__ import annotations

import time
from dataclasses import dataclass

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
    """What the device has rendered.

    Args:
        framing: the part of the picture that it shows.
        gaussians: those that it shows.
    """

    framing: Framing
    gaussians: Gaussians
    image: DeviceImage


class FramePainter:
    """Renders frames of a fit where its device can, not so often that the fit would suffer.

    Args:
        rasteriser: of the fit; once it has fallen back to the CPU there are no frames: OpenGL draws the Gaussians.
    """

    def __init__(self, rasteriser: Failover):
        self.framing: Framing | None = None  # what is looked at; set from another thread
        self.share = 0.25  # of the time that frames may take; likewise
        self._rasteriser = rasteriser
        self._painter = rasteriser.painter()
        self._painted = 0.0  # when the last frame had been rendered
        self._seconds = 0.0  # what it took

    def paint(self, gaussians: Gaussians, last: Frame | None, at_once: bool) -> Frame | None:
        """The frame to show.

        Args:
            last: the frame before, shown on where it is too early for another.
            at_once: it is never too early: nothing else is going on.

        Returns:
            None where there are no frames.
        """
        framing, now = self.framing, time.perf_counter()
        if self._painter is None or framing is None:
            return last
        if self._rasteriser.fell_back:
            self._painter = None
            return None
        if now < self._painted + max(_EVERY, self._seconds / self.share) and not at_once:
            return last
        try:
            image = self._painter.paint(framing.framed(gaussians), framing.width, framing.height)
        except (InteropError, *self._rasteriser.failures):  # if all is lost the fit will notice
            self._painter = None
            return None
        self._painted = time.perf_counter()
        self._seconds = self._painted - now
        return Frame(framing, gaussians, image)
