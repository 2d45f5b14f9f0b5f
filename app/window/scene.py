"""What the viewport draws, as GL objects: the picture in its current view, overlays on top. No widget, no input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from OpenGL import GL

from app.window.camera import Camera
from render.gaussians import Gaussians
from render.gl.display import Decoded, Display, Placement, Texture, View
from render.gl.gaussians import GaussianLayer
from render.gl.overlay import Overlay

GRID_FROM = 10.0  # zoom at which the pixel grid appears


@dataclass(frozen=True)
class Look:
    """How the picture is shown."""

    view: View = View.DECODED
    gain: float = 8.0  # of the difference
    centres: bool = False
    ellipses: bool = False
    pixels: bool = False  # decoded at pixel centres instead of at the resolution of the screen
    coarse: int = 1  # screen pixels per decoded one: a preview for slow machines


class Scene:
    """Needs a current context in every method; `initialize` may run again after `cleanup`, in another one."""

    def __init__(self):
        self.reason = ""  # how the Gaussians are added up
        self.blends = True  # False: `set_decoded` supplies the picture
        self.gaussian_draws = 0  # how often the sum was drawn anew
        self._source: np.ndarray | None = None
        self._gaussians: Gaussians | None = None
        self._decoded: np.ndarray | None = None
        self._stale = {"source", "gaussians", "decoded"}  # not yet on the GPU
        self._drawn = None  # what the target holds
        self._objects: list = []

    def initialize(self) -> None:
        self._layer, self._display, self._overlay = GaussianLayer(), Display(), Overlay()
        self._source_texture, self._decoded_texture = Texture(), Texture()
        self._objects = [self._layer, self._display, self._overlay, self._source_texture, self._decoded_texture]
        self.reason, self.blends = self._layer.reason, self._layer.target is not None
        self.largest_side = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_SIZE))
        self._stale = {"source", "gaussians", "decoded"}
        self._drawn = None

    def cleanup(self) -> None:
        for thing in self._objects:
            thing.delete()
        self._objects = []

    def set_source(self, texels: np.ndarray | None) -> None:
        """Args: texels (H, W, 3) float16, or None."""
        self._source = texels
        self._stale.add("source")

    def set_gaussians(self, gaussians: Gaussians | None) -> None:
        self._gaussians = gaussians
        self._stale.add("gaussians")

    def set_decoded(self, texels: np.ndarray | None) -> None:
        """Pixels decoded on the CPU, (H, W, 3) float16, for a context that cannot blend floats."""
        self._decoded = texels
        self._stale.add("decoded")

    def draw(self, framebuffer: int, camera: Camera, look: Look, split: float, surround, dpr: float) -> None:
        """Args: split is a screen x in device pixels; surround an RGB colour."""
        self._upload()
        placement = Placement(camera.view, camera.image, camera.offset, camera.zoom)
        decoded = self._decode(camera, look)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
        source = self._source_texture if self._source is not None else None
        grid = 0.22 * min(1.0, (camera.zoom - GRID_FROM) / GRID_FROM) if camera.zoom > GRID_FROM else 0.0
        self._display.draw(placement, source, decoded, look.view, split, look.gain, grid, surround)
        if look.ellipses:
            self._overlay.ellipses(self._layer.instances, placement, 0.8)
        if look.centres:
            self._overlay.centres(self._layer.instances, placement, 5.0 * dpr)

    def _upload(self) -> None:
        if "source" in self._stale and self._source is not None:
            self._source_texture.upload(_within(self._source, self.largest_side))
        if "gaussians" in self._stale:
            self._layer.upload(self._gaussians if self._gaussians is not None else Gaussians.empty())
            self._drawn = None
        if "decoded" in self._stale and self._decoded is not None:
            self._decoded_texture.upload(_within(self._decoded, self.largest_side))
        self._stale.clear()

    def _decode(self, camera: Camera, look: Look) -> Decoded | None:
        if self._gaussians is None:
            return None
        if not self.blends:
            if self._decoded is None:
                return None
            stride = -(-max(camera.image) // self.largest_side)
            return Decoded(self._decoded_texture.texture, (0.0, 0.0), 1 / stride)
        left, top, right, bottom = camera.visible()
        if right <= left or bottom <= top:
            return None
        # Between its pixels the source has no values to differ from.
        if (look.pixels or look.view is View.DIFFERENCE) and camera.zoom > 1:
            origin, scale = (float(left), float(top)), 1.0
            width, height = right - left, bottom - top
        else:
            # The whole screen, on its own pixel grid: nothing is resampled unless it has to be coarse.
            scale, origin = camera.zoom / look.coarse, camera.to_image(0, 0)
            width, height = (-(-side // look.coarse) for side in camera.view)
        if self._drawn != (key := (origin, scale, width, height)):
            self._layer.draw(width, height, origin, scale)
            self._drawn = key
            self.gaussian_draws += 1
        return Decoded(self._layer.target.texture, origin, scale)


def _within(texels: np.ndarray, largest_side: int) -> np.ndarray:
    """Every n-th pixel of an image that is larger than a texture may be; the fit uses all of them."""
    stride = -(-max(texels.shape[:2]) // largest_side)
    return texels[::stride, ::stride]
