"""One side of the picture as a texture: an image, or Gaussians, whether drawn here, rendered by CUDA, or decoded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from daub.app.model.fit.frame import Frame, Framing
from daub.app.model.sources.sides import CompareSource
from daub.app.window.viewport.image_texture import ImageTexture, Prepare
from daub.render.device_image import InteropError
from daub.render.errors import Reason
from daub.render.gaussians import Gaussians
from daub.render.gl.display import Part, Side
from daub.render.gl.frame import FrameTexture
from daub.render.gl.gaussians import GaussianLayer
from daub.render.gl.texture import Texture


class SidePainter:
    """Needs a current context in `initialize`, `draw` and `cleanup`; the first may run again after the last.

    Attributes:
        gaussian_draws: how often a sum was drawn anew.
        frame_draws: how often a frame stood in for it.
        layer: draws the Gaussians, None before there are any.
        prepare_by: as of `ImageTexture`; the viewport sets it.
    """

    def __init__(self):
        self.prepare_by: Prepare | None = None
        self.gaussian_draws = 0
        self.frame_draws = 0
        self.layer: GaussianLayer | None = None
        self._source: CompareSource | None = None
        self._pixels: np.ndarray | None = None
        self._frames_fail = ""  # why no frames are shown
        self._image: ImageTexture | None = None
        self._frame_texture: FrameTexture | None = None
        self._host_frame: Texture | None = None  # for frames that the CPU has rendered
        self._forget()

    def initialize(self) -> None:
        """Makes ready for the context that is current."""
        self._forget()

    def prepare(self) -> None:
        """Makes what Gaussians need, so that it is known how they can be drawn."""
        if self.layer is None:
            self.layer, self._frame_texture, self._host_frame = GaussianLayer(), FrameTexture(), Texture()

    def cleanup(self) -> None:
        """Frees what is on the GPU."""
        for thing in (self.layer, self._frame_texture, self._host_frame, self._image):
            if thing is not None:
                thing.delete()
        self.layer = self._frame_texture = self._host_frame = self._image = None

    def show(self, source: CompareSource | None) -> None:
        """From now on this is the side."""
        old, self._source = self._source, source
        if source is None or (old is not None and not old.goes_on_as(source)):
            self._pixels = None  # of another picture

    def set_pixels(self, pixels: np.ndarray | None) -> None:
        """What this context cannot draw, decoded on the CPU: (H, W, 3) uint8; None leaves what there is."""
        if pixels is not None:
            self._pixels = pixels

    @property
    def image(self) -> ImageTexture | None:
        """What holds the side's pixels, None before there are any."""
        return self._image

    @property
    def needs_pixels(self) -> bool:
        """OpenGL cannot draw this side, `set_pixels` has to supply it."""
        source = self._source
        if source is None or source.gaussians is None:
            return False
        return source.has_stages or (self.layer is not None and self.layer.target is None)

    @property
    def can_draw(self) -> bool:
        """There is something to show; Gaussians that OpenGL cannot draw have to be decoded first."""
        return self._source is not None and not (self.needs_pixels and self._pixels is None)

    @property
    def reason(self) -> Reason:
        """How the picture comes about; it has a `why` where that is a fallback."""
        if self.layer is None:
            return Reason("not drawn yet")
        if self._source is not None and self._source.has_stages:
            document = self._source.document
            through = document is not None and document.alpha is not None
            what = "it is transparent" if through else "the file asks for stages after the sum of its Gaussians"
            return Reason("decoded on the CPU", what)
        if self._frames_fail:
            return Reason("drawn by OpenGL alone", self._frames_fail)
        if self._frame_texture.through_host:
            return Reason("copied through host memory while a fit runs", self._frame_texture.through_host)
        if self.frame_draws:
            who = "CUDA" if self._uploaded_frame is None or not self._uploaded_frame.is_on_host else "the CPU"
            return replace(self.layer.reason, what=f"rendered by {who} while a fit runs, else {self.layer.reason.what}")
        return self.layer.reason

    def shows_frame(self, framing: Framing | None) -> bool:
        """A frame shows just that part of the picture, and may.

        One that the CPU has rendered may show another part: that takes so much less time than to draw the Gaussians
        that the next frame, which follows at once, is waited for.
        """
        frame = self._frame
        if frame is None or self._frames_fail or self.needs_pixels:
            return False
        return frame.framing == framing or (frame.is_on_host and self._source.is_live)

    def draw(self, framing: Framing, coarse: Framing) -> Side | None:
        """The side as a texture; None where there is nothing.

        Args:
            framing: the part of the picture that is looked at.
            coarse: the same with fewer pixels, where drawing all of them would take long.
        """
        source = self._source
        if source is None:
            return None
        if source.gaussians is None:
            return Side(self._upload_image(source.texels, source.is_live))
        self.prepare()
        if self.shows_frame(framing) and self._upload_frame(self._frame):
            frame = self._frame
            texture = self._host_frame if frame.is_on_host else self._frame_texture
            return Side(texture.texture, Part(frame.framing.origin, frame.framing.scale))
        if self.needs_pixels:
            if self._pixels is None:
                return None
            return Side(self._upload_image(self._pixels))
        self._upload_gaussians(source.gaussians)
        if self._drawn != coarse:
            self.layer.draw(coarse.width, coarse.height, coarse.origin, coarse.scale)
            self._drawn = coarse
            self.gaussian_draws += 1
        return Side(self.layer.target.texture, Part(coarse.origin, coarse.scale))

    @property
    def _frame(self) -> Frame | None:
        """While a fit runs the next one follows at once; of what stands still the picture has to be the very one."""
        source = self._source
        if source is None or source.frame is None:
            return None
        return source.frame if source.is_live or source.frame.gaussians is source.gaussians else None

    def _upload_gaussians(self, gaussians: Gaussians) -> None:
        if gaussians is not self._gaussians:
            self.layer.upload(gaussians)
            self._gaussians, self._drawn = gaussians, None

    def _upload_image(self, pixels: np.ndarray, is_live: bool = False) -> int:
        if self._image is None:
            self._image = ImageTexture(self.prepare_by)
        return self._image.texture(pixels, reduced=not is_live)

    def _upload_frame(self, frame: Frame) -> bool:
        if frame is self._uploaded_frame:
            return True
        try:
            if frame.is_on_host:
                self._host_frame.begin([frame.image])
                self._host_frame.send(frame.image.nbytes)
            else:
                self._frame_texture.upload(frame.image)
        except InteropError as error:
            self._frames_fail = str(error)
            return False
        self._uploaded_frame = frame
        self.frame_draws += 1
        return True

    def _forget(self) -> None:
        """Nothing is on the GPU."""
        self._uploaded_frame: Frame | None = None
        self._gaussians: Gaussians | None = None
        self._drawn: Framing | None = None
