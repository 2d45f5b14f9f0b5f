"""Which part of the picture the viewport shows, and that part as the device of the fit has rendered it."""

from __future__ import annotations

from dataclasses import dataclass

from daub.render.device_image import DeviceImage
from daub.render.gaussians import MEAN, Gaussians


@dataclass(frozen=True)
class Framing:
    """A grid of pixels over a part of the picture."""

    origin: tuple[float, float]  # image position of its upper left corner; (0, 0) is the corner of pixel (0, 0)
    scale: float  # its pixels per image pixel
    width: int
    height: int

    def framed(self, gaussians: Gaussians) -> Gaussians:
        """The Gaussians in the pixels of this grid."""
        moved = gaussians.resized(self.scale, self.scale)
        moved.parameters[:, MEAN] -= (self.scale * self.origin[0], self.scale * self.origin[1])
        return moved


@dataclass(frozen=True)
class Frame:
    framing: Framing
    gaussians: Gaussians
    image: DeviceImage
