"""The map of importance as a tint over the picture: on the GPU, and no more of it sent there than was painted."""

from __future__ import annotations

from OpenGL import GL

from daub.app.model.picture.box import NOWHERE, Box
from daub.app.model.picture.canvas import Canvas
from daub.codec.importance import NEUTRAL
from daub.render.gl.display import Placement
from daub.render.gl.tint import MapTexture, Tint


class MapPainter:
    """Needs a current context in `initialize`, `draw` and `cleanup`; the first may run again after the last."""

    def __init__(self):
        self._canvas: Canvas | None = None
        self._uploaded: Canvas | None = None
        self._touched: Box = NOWHERE  # since the last frame
        self._texture: MapTexture | None = None
        self._tint: Tint | None = None
        self._largest = 0  # texels of a texture's side

    def initialize(self) -> None:
        """Makes ready for the context that is current."""
        self._largest = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_SIZE))
        self._tint, self._texture, self._uploaded = Tint(), MapTexture(), None

    def cleanup(self) -> None:
        """Frees what is on the GPU; may be called twice."""
        for thing in (self._tint, self._texture):
            if thing is not None:
                thing.delete()
        self._tint = self._texture = self._uploaded = None

    def show(self, canvas: Canvas | None) -> None:
        """From now on this is the map."""
        self._canvas = canvas

    def touch(self, box: Box) -> None:
        """The map is another there."""
        self._touched = self._touched.joined(box)

    def draw(self, placement: Placement, scale: float) -> None:
        """Draws over the picture. Args: scale: device pixels per logical pixel."""
        canvas = self._canvas
        if canvas is None or not canvas.values.flags.writeable:  # nothing was ever painted
            return
        self._upload(canvas)
        self._tint.draw(self._texture, placement, NEUTRAL, scale)

    def _upload(self, canvas: Canvas) -> None:
        """Every n-th value of a map that is larger than a texture may be."""
        stride = -(-max(canvas.size) // self._largest)
        if canvas is not self._uploaded:
            self._texture.upload(canvas.values[::stride, ::stride])
        elif not self._touched.is_empty:
            left, top = -(-self._touched.left // stride), -(-self._touched.top // stride)  # the first of its texels
            values = canvas.values[
                top * stride : self._touched.bottom : stride, left * stride : self._touched.right : stride
            ]
            if values.size:
                self._texture.update(values, left, top)
        self._uploaded, self._touched = canvas, NOWHERE
