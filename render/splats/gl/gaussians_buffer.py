"""The Gaussians of a scene on the GPU, for a shader that looks them up by their index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from OpenGL import GL

from daub.render.splats.splats import C0

if TYPE_CHECKING:
    from daub.render.splats.cpu.scene import CpuScene

BARE = 4  # texels, of four numbers each, of a Gaussian without harmonics above degree 0; each of those has one more


class GaussiansBuffer:
    """See above.

    Args:
        scene: its arrays are copied.

    Attributes:
        texture: OpenGL's name of a buffer texture, of RGBA32F.
        harmonics: how many each has above degree 0.

    Raises:
        RuntimeError: it has more Gaussians than a shader can reach here.
    """

    def __init__(self, scene: CpuScene):
        count, self.harmonics = len(scene), scene.sh.shape[1]
        width = BARE + self.harmonics
        most = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_BUFFER_SIZE)) // width
        if count > most:
            raise RuntimeError(f"OpenGL draws {most:,} such Gaussians at most here, and there are {count:,}")
        numbers = np.zeros((count, width, 4), np.float32)
        shape = numbers[:, :BARE].reshape(count, 4 * BARE)
        shape[:, 0:3], shape[:, 3] = scene.means, scene.opacity[:, 0]
        shape[:, 4:13] = scene.factor  # R diag(exp(s)), row by row
        shape[:, 13:16] = np.float32(0.5) + np.float32(C0) * scene.dc
        numbers[:, :BARE] = shape.reshape(count, BARE, 4)
        numbers[:, BARE:, :3] = scene.sh
        self._buffer, self.texture = GL.glGenBuffers(1), GL.glGenTextures(1)
        GL.glBindBuffer(GL.GL_TEXTURE_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_TEXTURE_BUFFER, numbers.nbytes, numbers, GL.GL_STATIC_DRAW)
        GL.glBindTexture(GL.GL_TEXTURE_BUFFER, self.texture)
        GL.glTexBuffer(GL.GL_TEXTURE_BUFFER, GL.GL_RGBA32F, self._buffer)

    def delete(self) -> None:
        if self.texture:
            GL.glDeleteTextures(1, [self.texture])
            GL.glDeleteBuffers(1, [self._buffer])
        self.texture = self._buffer = 0
