"""The display pass: the two sides of the picture, whatever they are, become what is seen on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from OpenGL import GL

from daub.render.gl.program import Program


class View(IntEnum):
    """What is shown; the values are those of display.frag."""

    A = 0
    B = 1
    SPLIT = 2  # A on the left
    DIFFERENCE = 3  # |B - A|, times a gain


@dataclass(frozen=True)
class Placement:
    """Where the image lies on the screen, all in device pixels, y down."""

    screen: tuple[int, int]  # width, height of the screen
    image: tuple[int, int]  # width, height, image pixels
    offset: tuple[float, float]  # screen position of the image's upper left corner
    zoom: float  # screen pixels per image pixel


@dataclass(frozen=True)
class Part:
    """Where the pixels of a texture lie that is not an image of the whole picture, such as a sum of Gaussians."""

    origin: tuple[float, float]  # image position of its upper left corner
    scale: float  # its pixels per image pixel


@dataclass(frozen=True)
class Side:
    """One side of the picture.

    Args:
        texture: OpenGL's name of it.
        part: where its pixels lie, each shown as it is; None for an image of the whole picture, which is filtered.
    """

    texture: int
    part: Part | None = None


class Texture:
    """An image on the GPU, mip-mapped; display.frag keeps its pixels square when enlarged."""

    def __init__(self):
        self.texture = GL.glGenTextures(1)

    def upload(self, pixels: np.ndarray) -> None:
        """Replaces the content.

        Args:
            pixels: (H, W, 3) float16 in [0, 1], each side at most GL_MAX_TEXTURE_SIZE.
        """
        height, width, _ = pixels.shape
        GL.glBindTexture(GL.GL_TEXTURE_2D, self.texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        data = np.ascontiguousarray(pixels, np.float16)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGB16F, width, height, 0, GL.GL_RGB, GL.GL_HALF_FLOAT, data)
        GL.glGenerateMipmap(GL.GL_TEXTURE_2D)
        GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR_MIPMAP_LINEAR)
        GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MAG_FILTER, GL.GL_LINEAR)
        for parameter in (GL.GL_TEXTURE_WRAP_S, GL.GL_TEXTURE_WRAP_T):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_CLAMP_TO_EDGE)

    def delete(self) -> None:
        if self.texture:
            GL.glDeleteTextures(1, [self.texture])
        self.texture = 0


class Display:
    """Draws the picture, in one of its views, into the bound framebuffer."""

    def __init__(self):
        self._program = Program("screen.vert", "display.frag")
        self._array = GL.glGenVertexArrays(1)  # core profiles draw nothing without one

    def draw(
        self,
        placement: Placement,
        a: Side | None,
        b: Side | None,
        view: View,
        split: float,
        gain: float,
        grid: float,
        surround: tuple[float, float, float],
    ) -> None:
        """Draws one frame.

        Args:
            a, b: the two sides; None where there is nothing, which shows the surround.
            split: screen x of the line between the two, for `View.SPLIT`.
            gain: factor of the difference, for `View.DIFFERENCE`.
            grid: opacity of the pixel grid, 0 to 1.
            surround: RGB in [0, 1], the colour beside the image.
        """
        GL.glViewport(0, 0, *placement.screen)
        GL.glDisable(GL.GL_BLEND)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        of_sides = {}
        for unit, (name, side) in enumerate({"a": a, "b": b}.items()):
            GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
            GL.glBindTexture(GL.GL_TEXTURE_2D, side.texture if side else 0)
            part = side.part if side else None
            of_sides |= {
                name: unit,
                f"has_{name}": side is not None,
                f"is_part_{name}": part is not None,
                f"origin_{name}": part.origin if part else (0.0, 0.0),
                f"scale_{name}": float(part.scale if part else 1.0),
            }
        self._program.use(
            **of_sides,
            screen_size=placement.screen,
            image_size=placement.image,
            offset=placement.offset,
            zoom=float(placement.zoom),
            view=int(view),
            split=float(split),
            gain=float(gain),
            grid=float(grid),
            surround=surround,
        )
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)
        GL.glBindVertexArray(0)
        GL.glActiveTexture(GL.GL_TEXTURE0)

    def delete(self) -> None:
        self._program.delete()
        if self._array:
            GL.glDeleteVertexArrays(1, [self._array])
        self._array = 0
