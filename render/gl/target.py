"""The float framebuffer in which Gaussians add up, and the proof that it can."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

# In the order of preference: half floats lose 60 dB at high overlap, so they are for machines that blend no others.
_FORMATS = {"RGBA32F": GL.GL_RGBA32F, "RGBA16F": GL.GL_RGBA16F}


class Target:
    """A texture of signed, unclipped sums; row 0 is the top row of the picture.

    Args:
        precision: "RGBA32F" or "RGBA16F".
    """

    def __init__(self, precision: str):
        self.precision = precision
        self.width = self.height = 0
        self.texture = GL.glGenTextures(1)
        self._framebuffer = GL.glGenFramebuffers(1)

    def begin(self, width: int, height: int) -> bool:
        """Binds the target at a size, black. Returns False where the framebuffer cannot be drawn into."""
        if (width, height) != (self.width, self.height):
            GL.glBindTexture(GL.GL_TEXTURE_2D, self.texture)
            GL.glTexImage2D(
                GL.GL_TEXTURE_2D, 0, _FORMATS[self.precision], width, height, 0, GL.GL_RGBA, GL.GL_FLOAT, None
            )
            for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
                GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
            self.width, self.height = width, height
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._framebuffer)
        GL.glFramebufferTexture2D(GL.GL_FRAMEBUFFER, GL.GL_COLOR_ATTACHMENT0, GL.GL_TEXTURE_2D, self.texture, 0)
        if GL.glCheckFramebufferStatus(GL.GL_FRAMEBUFFER) != GL.GL_FRAMEBUFFER_COMPLETE:
            return False
        GL.glViewport(0, 0, width, height)
        GL.glClearColor(0, 0, 0, 0)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT)
        return True

    def pixels(self) -> np.ndarray:
        """(H, W, 3) float32: the sums, read back."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._framebuffer)
        GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 1)
        raw = GL.glReadPixels(0, 0, self.width, self.height, GL.GL_RGB, GL.GL_FLOAT)
        return np.frombuffer(raw, np.float32).reshape(self.height, self.width, 3)

    def delete(self) -> None:
        if self.texture:
            GL.glDeleteFramebuffers(1, [self._framebuffer])
            GL.glDeleteTextures(1, [self.texture])
        self.texture = self._framebuffer = self.width = self.height = 0
