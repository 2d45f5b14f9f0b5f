"""A table of colours on the GPU."""

from __future__ import annotations

import numpy as np
from OpenGL import GL


class LookupTable:
    """A row of 256 colours, looked up by `texelFetch`."""

    def __init__(self):
        self._texture = GL.glGenTextures(1)
        self._uploaded: np.ndarray | None = None

    def upload(self, colours: np.ndarray) -> None:
        """Replaces the content by colours (256, 3) uint8; the same array again costs nothing."""
        if colours is self._uploaded:
            return
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        data = np.ascontiguousarray(colours, np.uint8)
        GL.glTexImage2D(
            GL.GL_TEXTURE_2D, 0, GL.GL_RGB8, len(data), 1, 0, GL.GL_RGB, GL.GL_UNSIGNED_BYTE, data
        )  # fmt: skip
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        self._uploaded = colours

    def bind(self, unit: int) -> None:
        """For a sampler of that unit."""
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)

    def delete(self) -> None:
        if self._texture:
            GL.glDeleteTextures(1, [self._texture])
        self._texture, self._uploaded = 0, None
