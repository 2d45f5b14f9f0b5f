"""A tint over the picture where a grey map says that it is more, or less, important than usual.

Vermilion and blue stay apart for colour-blind eyes, and what is less important has stripes.
"""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from daub.render.gl.display import Placement
from daub.render.gl.program import Program

# RGB in [0, 1].
MORE = (0.95, 0.27, 0.05)  # hue of what is more important
LESS = (0.10, 0.30, 1.0)  # hue of what is less important

_OPACITY = 0.62  # of the most and the least important
_STRIPES = 9.0  # logical pixels from one to the next


class MapTexture:
    """A grey map on the GPU, of which rectangles can be replaced."""

    def __init__(self):
        self.texture = GL.glGenTextures(1)

    def upload(self, values: np.ndarray) -> None:
        """Replaces all of it by values (H, W) uint8, each side at most GL_MAX_TEXTURE_SIZE."""
        height, width = values.shape
        self._bind()
        GL.glTexImage2D(
            GL.GL_TEXTURE_2D, 0, GL.GL_R8, width, height, 0, GL.GL_RED, GL.GL_UNSIGNED_BYTE,
            np.ascontiguousarray(values),
        )  # fmt: skip
        # Without mip-maps, which would all be made anew with every movement of the brush.
        GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR)
        GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MAG_FILTER, GL.GL_NEAREST)
        for parameter in (GL.GL_TEXTURE_WRAP_S, GL.GL_TEXTURE_WRAP_T):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_CLAMP_TO_EDGE)

    def update(self, values: np.ndarray, left: int, top: int) -> None:
        """Replaces a rectangle by values (h, w) uint8, at that texel."""
        height, width = values.shape
        self._bind()
        GL.glTexSubImage2D(
            GL.GL_TEXTURE_2D, 0, left, top, width, height, GL.GL_RED, GL.GL_UNSIGNED_BYTE, np.ascontiguousarray(values)
        )

    def delete(self) -> None:
        if self.texture:
            GL.glDeleteTextures(1, [self.texture])
        self.texture = 0

    def _bind(self) -> None:
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)


class Tint:
    """Draws a map over the picture, into the bound framebuffer."""

    def __init__(self):
        self._program = Program("screen.vert", "tint.frag")
        self._array = GL.glGenVertexArrays(1)

    def draw(self, map_texture: MapTexture, placement: Placement, neutral: int, scale: float) -> None:
        """Draws one frame.

        Args:
            neutral: the value of what is as important as usual, which has no tint.
            scale: device pixels per logical pixel.
        """
        GL.glViewport(*placement.viewport)
        GL.glActiveTexture(GL.GL_TEXTURE0)
        GL.glBindTexture(GL.GL_TEXTURE_2D, map_texture.texture)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        # Alpha is kept at 1, or the compositor would take the picture for a transparent one.
        GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ZERO, GL.GL_ONE)
        self._program.use(
            map=0,
            left=float(placement.left),
            screen_size=placement.screen,
            image_size=placement.image,
            offset=placement.offset,
            zoom=float(placement.zoom),
            neutral=neutral / 255,
            more=MORE,
            less=LESS,
            opacity=_OPACITY,
            stripes=_STRIPES * scale,
        )
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)
        GL.glBindVertexArray(0)
        GL.glDisable(GL.GL_BLEND)

    def delete(self) -> None:
        self._program.delete()
        if self._array:
            GL.glDeleteVertexArrays(1, [self._array])
        self._array = 0
