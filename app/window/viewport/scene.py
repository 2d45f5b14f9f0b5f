"""What the viewport draws, as GL objects: the picture in its current view, overlays on top. No widget, no input."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from OpenGL import GL

from daub.app.model.frame import Frame, Framing
from daub.app.window.viewport.camera import Camera
from daub.render.device_image import InteropError
from daub.render.errors import Reason
from daub.render.gaussians import Gaussians
from daub.render.gl.display import DecodedTexture, Display, Placement, Texture, View
from daub.render.gl.frame import FrameTexture
from daub.render.gl.gaussians import GaussianLayer
from daub.render.gl.overlay import Overlay

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
        self.blends = True  # False: `set_decoded` supplies the picture
        self.has_stages = False  # True: stages of the file follow the sum of its Gaussians; likewise
        self.gaussian_draws = 0  # how often the sum was drawn anew ...
        self.frame_draws = 0  # ... and how often a frame stood in for it
        self.framing: Framing | None = None  # the part of the picture that is looked at
        self._source: np.ndarray | None = None
        self._gaussians: Gaussians | None = None
        self._decoded: np.ndarray | None = None
        self._stale = {"source", "gaussians", "decoded"}  # not yet on the GPU
        self._drawn = None  # what the target holds
        self._frame: Frame | None = None
        self._uploaded: Frame | None = None
        self._frames_fail = ""  # why no frames are shown
        self._objects: list = []

    def initialize(self) -> None:
        self._layer, self._display, self._overlay = GaussianLayer(), Display(), Overlay()
        self._source_texture, self._decoded_texture, self._frame_texture = Texture(), Texture(), FrameTexture()
        self._objects = [self._layer, self._display, self._overlay]
        self._objects += [self._source_texture, self._decoded_texture, self._frame_texture]
        self.blends = self._layer.target is not None
        self.largest_side = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_SIZE))
        self._stale = {"source", "gaussians", "decoded"}
        self._drawn = self._uploaded = None

    def cleanup(self) -> None:
        for thing in self._objects:
            thing.delete()
        self._objects = []

    @property
    def reason(self) -> Reason:
        """How the picture comes about; it has a `why` where that is a fallback."""
        if not self._objects:
            return Reason("not drawn yet")
        if self.has_stages:
            return Reason("decoded on the CPU", "the file asks for stages after the sum of its Gaussians")
        if self._frames_fail:
            return Reason("drawn by OpenGL alone", self._frames_fail)
        if self._frame_texture.through_host:
            return Reason("copied through host memory while a fit runs", self._frame_texture.through_host)
        if self.frame_draws:
            drawn = self._layer.reason
            return replace(drawn, what=f"rendered by CUDA while a fit runs, else {drawn.what}")
        return self._layer.reason

    @property
    def shows_frame(self) -> bool:
        """The frame of the device fits what is looked at."""
        return self._frame is not None and self._frame.framing == self.framing and not self._frames_fail

    def set_source(self, texels: np.ndarray | None) -> None:
        """Args: texels (H, W, 3) float16, or None."""
        self._source = texels
        self._stale.add("source")

    def set_gaussians(self, gaussians: Gaussians | None) -> None:
        self._gaussians = gaussians
        self._stale.add("gaussians")

    def set_decoded(self, texels: np.ndarray | None) -> None:
        """Pixels decoded on the CPU, (H, W, 3) float16, of what this context cannot draw."""
        self._decoded = texels
        self._stale.add("decoded")

    def set_frame(self, frame: Frame | None) -> None:
        """A picture of the Gaussians that the device of the fit has rendered: shown instead of their sum, as long as
        the same part of the picture is looked at."""
        self._frame = frame

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

    def _decode(self, camera: Camera, look: Look) -> DecodedTexture | None:
        self.framing = _framing(camera, look, 1)
        if self._gaussians is None or self.framing is None:
            return None
        if self.shows_frame and not self.has_stages and self._upload_frame():
            return DecodedTexture(self._frame_texture.texture, self.framing.origin, self.framing.scale)
        if not self.blends or self.has_stages:
            if self._decoded is None:
                return None
            stride = -(-max(camera.image) // self.largest_side)
            return DecodedTexture(self._decoded_texture.texture, (0.0, 0.0), 1 / stride)
        drawn = _framing(camera, look, look.coarse)
        if self._drawn != drawn:
            self._layer.draw(drawn.width, drawn.height, drawn.origin, drawn.scale)
            self._drawn = drawn
            self.gaussian_draws += 1
        return DecodedTexture(self._layer.target.texture, drawn.origin, drawn.scale)

    def _upload_frame(self) -> bool:
        if self._uploaded is self._frame:
            return True
        try:
            self._frame_texture.upload(self._frame.image)
        except InteropError as error:
            self._frames_fail = str(error)
            return False
        self._uploaded = self._frame
        self.frame_draws += 1
        return True


def _framing(camera: Camera, look: Look, coarse: int) -> Framing | None:
    """What is decoded of the picture; None where it lies beside the screen. Args: coarse: as in Look."""
    left, top, right, bottom = camera.visible()
    if right <= left or bottom <= top:
        return None
    # Between its pixels the source has no values to differ from.
    if (look.pixels or look.view is View.DIFFERENCE) and camera.zoom > 1:
        return Framing((float(left), float(top)), 1.0, right - left, bottom - top)
    # The whole screen, on its own pixel grid: nothing is resampled unless it has to be coarse.
    width, height = (-(-side // coarse) for side in camera.view)
    return Framing(camera.to_image(0, 0), camera.zoom / coarse, width, height)


def _within(texels: np.ndarray, largest_side: int) -> np.ndarray:
    """Every n-th pixel of an image that is larger than a texture may be; the fit uses all of them."""
    stride = -(-max(texels.shape[:2]) // largest_side)
    return texels[::stride, ::stride]
