"""Pictures of scenes by OpenGL: each Gaussian is a quad, blended over those behind it in a target of floats.

It follows `daub.render.splats.rule` but for the stop: what lies behind a pixel that is nearly opaque is still added,
which changes it by a grey level or two at the very most, and by none nearly everywhere; and but for Gaussians so huge
(1e19 pixels squared) that float32, of which all numbers are, does not hold the determinant of their covariance.
"""

from __future__ import annotations

import ctypes
import weakref
from typing import TYPE_CHECKING

import numpy as np
from OpenGL import GL

from daub.render.gl.program import Program
from daub.render.gl.target import Target
from daub.render.splats import harmonics, rule
from daub.render.splats.camera import Camera
from daub.render.splats.gl.gaussians_buffer import BARE, GaussiansBuffer
from daub.render.splats.kernels import view_of
from daub.render.splats.splats import Splats

if TYPE_CHECKING:
    from daub.render.splats.cpu.scene import CpuScene

KEPT = 4  # scenes that stay on the GPU: two sides, and what stands in for each while it moves
_SLACK = 1.01  # factor of the sides of quads: corners are snapped to a fraction of a pixel
_LAYERS = 0.75, 0.5  # opacities of two wide Gaussians, by which a target shows whether it can blend
_RULE = "NEAR", "DILATION", "LEAST_ALPHA", "MOST_ALPHA", "LEAST_COMPENSATION", "LARGEST"


class Drawer:
    """Draws scenes from anywhere.

    Attributes:
        precision: of the target, "RGBA32F" or, where that cannot be blended, "RGBA16F".

    Raises:
        RuntimeError: this OpenGL can blend no floats, or does not take the shaders.
    """

    def __init__(self):
        self._programs: dict[tuple[int, bool], Program] = {}  # by harmonics, and whether scenes are antialiased
        self._kept: list[tuple[weakref.ref, GaussiansBuffer]] = []  # the one that was drawn last at the end
        self._array, self._order = GL.glGenVertexArrays(1), GL.glGenBuffers(1)
        GL.glBindVertexArray(self._array)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._order)
        GL.glEnableVertexAttribArray(0)
        GL.glVertexAttribIPointer(0, 1, GL.GL_UNSIGNED_INT, 4, ctypes.c_void_p(0))
        GL.glVertexAttribDivisor(0, 1)
        GL.glBindVertexArray(0)
        self._levels, self._framebuffer = GL.glGenRenderbuffers(1), GL.glGenFramebuffers(1)  # of 8 bits, to be read
        self._size = 0, 0
        self._target: Target | None = None  # that is drawn into
        try:
            self._choose_target()
        except Exception:
            self.delete()
            raise
        self.precision = self._target.precision

    def image(self, scene: CpuScene, camera: Camera, order: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8, before black.

        Args:
            order: (V,) int32, of `nearest_first`.

        Raises:
            RuntimeError: it has more Gaussians than this OpenGL can look up, or the picture is too large.
        """
        self._draw(scene, camera, order)
        return self._read(camera.width, camera.height)

    def delete(self) -> None:
        for thing in (*self._programs.values(), *(buffer for _, buffer in self._kept), self._target):
            if thing is not None:
                thing.delete()
        if self._array:
            GL.glDeleteVertexArrays(1, [self._array])
            GL.glDeleteBuffers(1, [self._order])
            GL.glDeleteRenderbuffers(1, [self._levels])
            GL.glDeleteFramebuffers(1, [self._framebuffer])
        self._programs, self._kept, self._array, self._target = {}, [], 0, None

    def _draw(self, scene: CpuScene, camera: Camera, order: np.ndarray) -> None:
        buffer = self._buffer_of(scene)
        largest = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_SIZE))
        if max(camera.width, camera.height) > largest or not self._target.begin(camera.width, camera.height):
            raise RuntimeError(f"OpenGL draws no picture of {camera.width}x{camera.height}")
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_CULL_FACE)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
        GL.glActiveTexture(GL.GL_TEXTURE0)
        GL.glBindTexture(GL.GL_TEXTURE_BUFFER, buffer.texture)
        right, down, forward = camera.rotation
        self._program(buffer.harmonics, scene.antialiased).use(
            gaussians=0, right=right, down=down, forward=forward, eye=camera.centre,
            lens=(camera.fx, camera.fy, camera.cx, camera.cy), bounds=view_of(camera)[18:22],
            size=(camera.width, camera.height),
        )  # fmt: skip
        farthest_first = np.ascontiguousarray(order[::-1], np.uint32)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._order)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, farthest_first.nbytes, farthest_first, GL.GL_STREAM_DRAW)
        if len(order):
            GL.glBindVertexArray(self._array)
            GL.glDrawArraysInstanced(GL.GL_TRIANGLE_STRIP, 0, 4, len(order))
            GL.glBindVertexArray(0)
        GL.glDisable(GL.GL_BLEND)

    def _read(self, width: int, height: int) -> np.ndarray:
        """The target in levels of 8 bits, to which OpenGL rounds what it copies."""
        GL.glBindRenderbuffer(GL.GL_RENDERBUFFER, self._levels)
        if self._size != (width, height):
            GL.glRenderbufferStorage(GL.GL_RENDERBUFFER, GL.GL_RGBA8, width, height)
            self._size = width, height
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, self._framebuffer)
        GL.glFramebufferRenderbuffer(GL.GL_DRAW_FRAMEBUFFER, GL.GL_COLOR_ATTACHMENT0, GL.GL_RENDERBUFFER, self._levels)
        corners = 0, 0, width, height
        GL.glBlitFramebuffer(*corners, *corners, GL.GL_COLOR_BUFFER_BIT, GL.GL_NEAREST)
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._framebuffer)
        pixels = np.empty((height, width, 3), np.uint8)
        GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 1)
        GL.glReadPixels(0, 0, width, height, GL.GL_RGB, GL.GL_UNSIGNED_BYTE, pixels)
        return pixels

    def _buffer_of(self, scene: CpuScene) -> GaussiansBuffer:
        found = next((buffer for kept, buffer in self._kept if kept() is scene), None)
        others = [each for each in self._kept if each[0]() not in (None, scene)]
        staying = others[-(KEPT - 1) :]
        for each in self._kept:
            if each not in staying and each[1] is not found:
                each[1].delete()  # what is gone, and what was drawn longest ago
        self._kept = staying
        found = found or GaussiansBuffer(scene)
        self._kept.append((weakref.ref(scene), found))
        return found

    def _program(self, count: int, antialiased: bool) -> Program:
        key = count, antialiased
        if key not in self._programs:
            self._programs[key] = Program("splat.vert", "splat.frag", **_constants(count, antialiased))
        return self._programs[key]

    def _choose_target(self) -> None:
        """The finest that works: drivers may accept a format and then not blend it, so each is tried."""
        from daub.render.splats.cpu.scene import CpuScene

        layers = CpuScene(Splats.build([[0, 0, 2], [0, 0, 1]], [[9] * 3] * 2, _LAYERS, [[1, 1, 1]] * 2))
        camera = Camera.looking((0, 0, 0), (0, 0, 1), up=(0, -1, 0), width=1, height=1, vertical_fov=60)
        expected = 1 - (1 - _LAYERS[0]) * (1 - _LAYERS[1])
        for precision, tolerance in (("RGBA32F", 1e-3), ("RGBA16F", 3e-3)):
            self._target = target = Target(precision)
            if target.begin(1, 1):  # else it is no framebuffer
                self._draw(layers, camera, np.int32([1, 0]))
                if abs(target.pixels()[0, 0, 1] - expected) < tolerance:
                    return
            target.delete()
        raise RuntimeError("this OpenGL cannot blend float textures")


def _constants(harmonics_count: int, antialiased: bool) -> dict[str, float | bool]:
    """What the shaders share with Python is typed once, there."""
    terms = {"C2": harmonics.C2, "C3": harmonics.C3, "C4": harmonics.C4}
    return {
        **{name: float(getattr(rule, name)) for name in _RULE},
        **{f"{name}_{i}": value for name, values in terms.items() for i, value in enumerate(values)},
        "C1": harmonics.C1,
        "SLACK": _SLACK,
        "BARE": BARE,
        "HARMONICS": harmonics_count,
        "ANTIALIASED": int(antialiased),
    }
