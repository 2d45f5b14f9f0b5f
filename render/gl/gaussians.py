"""Draws Gaussians as instanced quads added up by blending ONE, ONE: the model of render/gaussians.py at any scale."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from daub.render.errors import Reason
from daub.render.gaussians import Gaussians
from daub.render.gl.program import InstanceBuffer, Program
from daub.render.gl.target import Target


class GaussianLayer:
    """Draws one population of Gaussians into a float target.

    `target` is None where this context cannot blend floats. `reason` says how the sum is made; it has a `why` only
    where that is not the best way.
    """

    def __init__(self):
        self._program = Program("gaussian.vert", "gaussian.frag")
        self.instances = InstanceBuffer()
        self.target, self.reason = self._choose_target()
        self.instances.upload(Gaussians.empty().parameters)

    def upload(self, gaussians: Gaussians) -> None:
        """Replaces the population."""
        self.instances.upload(gaussians.parameters)

    def draw(self, width: int, height: int, origin: tuple[float, float], scale: float) -> None:
        """Fills the target with the sum of all Gaussians.

        Args:
            width, height: size of the target, pixels.
            origin: image position of its upper left corner, where (0, 0) is the corner of pixel (0, 0).
            scale: target pixels per image pixel.
        """
        self._draw(self.target, width, height, origin, scale)

    def delete(self) -> None:
        self._program.delete()
        self.instances.delete()
        if self.target is not None:
            self.target.delete()

    def _draw(self, target: Target, width: int, height: int, origin: tuple[float, float], scale: float) -> bool:
        """As `draw`; False where the target cannot be drawn into."""
        if not target.begin(width, height):
            return False
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_CULL_FACE)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE)
        self._program.use(target_size=(width, height), origin=origin, scale=float(scale))
        self.instances.draw(GL.GL_TRIANGLE_STRIP, 4)
        GL.glDisable(GL.GL_BLEND)
        return True

    def _choose_target(self) -> tuple[Target | None, Reason]:
        """The finest target that works, and how the sum is then made.

        Drivers may accept a format and then not blend it, so each is tried: three Gaussians on one pixel.
        """
        parts = np.array([0.75, 0.5, -0.375])
        probe = Gaussians.build(np.zeros((3, 2)), np.broadcast_to(np.eye(2), (3, 2, 2)), parts[:, None] * [1, 1, 1])
        self.instances.upload(probe.parameters)
        expected = parts.sum() * (1 - np.exp(-4.5))
        for precision, tolerance in (("RGBA32F", 1e-5), ("RGBA16F", 3e-3)):
            target = Target(precision)
            if self._draw(target, 1, 1, (0.0, 0.0), 1.0) and abs(target.pixels()[0, 0, 1] - expected) < tolerance:
                why = "" if precision == "RGBA32F" else "this OpenGL cannot blend 32-bit floats"
                return target, Reason(f"added up in {precision}", why)
            target.delete()
        return None, Reason("decoded on the CPU", "this OpenGL cannot blend float textures")
