"""A map of numbers over the picture, in the colours of a table."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from daub.render.gl.display import Placement
from daub.render.gl.lookup import LookupTable
from daub.render.gl.program import Program
from daub.render.gl.tint import MapTexture


class HeatLayer:
    """Draws the map that was uploaded last, into the bound framebuffer."""

    def __init__(self):
        self._program = Program("screen.vert", "heat.frag")
        self._texture, self._table = MapTexture(), LookupTable()
        self._array = GL.glGenVertexArrays(1)

    def upload(self, shares: np.ndarray, colours: np.ndarray) -> None:
        """Replaces the map.

        Args:
            shares: (h, w) uint8, its place in the table; covers the whole picture, each side at most
                GL_MAX_TEXTURE_SIZE.
            colours: (256, 3) uint8, the table.
        """
        self._texture.upload(shares)
        self._table.upload(colours)

    def draw(self, placement: Placement, opacity: float) -> None:
        """Draws one frame, with an opacity of 0 to 1."""
        GL.glViewport(*placement.viewport)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        # Alpha is kept at 1, or the compositor would take the picture for a transparent one.
        GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ZERO, GL.GL_ONE)
        self._table.bind(1)
        GL.glActiveTexture(GL.GL_TEXTURE0)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture.texture)
        self._program.use(
            map=0,
            colours=1,
            left=float(placement.left),
            screen_size=placement.screen,
            image_size=placement.image,
            offset=placement.offset,
            zoom=float(placement.zoom),
            opacity=float(opacity),
        )
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)
        GL.glBindVertexArray(0)
        GL.glDisable(GL.GL_BLEND)

    def delete(self) -> None:
        for thing in (self._program, self._texture, self._table):
            thing.delete()
        if self._array:
            GL.glDeleteVertexArrays(1, [self._array])
        self._array = 0
