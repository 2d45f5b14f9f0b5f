"""The display pass: the two sides of the picture, whatever they are, become what is seen on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from OpenGL import GL

from daub.render.gl.program import Program

GREYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, 1)  # a table of colours


class View(IntEnum):
    """What is shown; the values are those of display.frag, which knows no split: it is drawn as two parts."""

    A = 0
    B = 1
    SPLIT = 2  # A on the left
    DIFFERENCE = 3


class Kind(IntEnum):
    """Of a difference, before the gain; the values are those of display.frag."""

    SIGNED = 0  # B - A; no difference has the colour in the middle of the table
    ABSOLUTE = 1  # |B - A|
    SQUARED = 2  # (B - A)^2, with the gain squared too
    MEASURED = 3  # given as a texture


@dataclass(frozen=True)
class Placement:
    """Where the image lies in a pane of the screen, all in device pixels, y down."""

    screen: tuple[int, int]  # width, height of the pane, which is as high as the screen
    image: tuple[int, int]  # width, height, image pixels
    offset: tuple[float, float]  # position of the image's upper left corner in the pane
    zoom: float  # screen pixels per image pixel
    left: int = 0  # screen x of the pane

    @property
    def viewport(self) -> tuple[int, int, int, int]:
        """The pane, for glViewport."""
        return self.left, 0, *self.screen


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


@dataclass(frozen=True)
class Shading:
    """How the sides are drawn.

    Args:
        view: what is shown.
        surround: RGB in [0, 1], the colour beside the image.
        split: x of the line between the two in the pane, whole pixels, for `View.SPLIT`.
        kind: of the difference.
        gain: its factor.
        by_channel: differences of red, green and blue are seen as such, rather than their mean by the table of colours.
        linear: colours between the pixels of an image, or of a part with pixels larger than the screen's, are
            interpolated; otherwise pixels are squares.
        grid: opacity of the pixel grid, 0 to 1.
        opacity: of all that is drawn, over what is there already.
    """

    view: View
    surround: tuple[float, float, float]
    split: int = 0
    kind: Kind = Kind.ABSOLUTE
    gain: float = 1.0
    by_channel: bool = False
    linear: bool = False
    grid: float = 0.0
    opacity: float = 1.0


class Display:
    """Draws the picture, in one of its views, into the bound framebuffer."""

    def __init__(self):
        self._programs: dict[tuple, Program] = {}  # by their constants; those that have been used
        self._array = GL.glGenVertexArrays(1)  # core profiles draw nothing without one
        self._table_texture = GL.glGenTextures(1)
        self._table: np.ndarray | None = None  # that is in the texture

    def draw(
        self,
        placement: Placement,
        a: Side | None,
        b: Side | None,
        shading: Shading,
        measured: int | None = None,
        table: np.ndarray = GREYS,
    ) -> None:
        """Draws one frame of one pane.

        Args:
            a, b: the two sides; None where there is nothing, which shows the surround.
            measured: texture of an error of each pixel, for `Kind.MEASURED`; None where there is none.
            table: (N, 3) uint8, sRGB: colours of a difference, the least first.
        """
        GL.glViewport(*placement.viewport)
        if shading.opacity < 1:
            GL.glEnable(GL.GL_BLEND)
            GL.glBlendEquation(GL.GL_FUNC_ADD)
            GL.glBlendColor(0, 0, 0, shading.opacity)
            GL.glBlendFunc(GL.GL_CONSTANT_ALPHA, GL.GL_ONE_MINUS_CONSTANT_ALPHA)
        else:
            GL.glDisable(GL.GL_BLEND)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        of_sides, constants = {}, {}
        for unit, (name, side) in enumerate({"a": a, "b": b}.items()):
            _bind(unit, side.texture if side else 0)
            part = side.part if side else None
            constants |= {f"HAS_{name.upper()}": side is not None, f"IS_PART_{name.upper()}": part is not None}
            of_sides |= {
                name: unit,
                f"origin_{name}": part.origin if part else (0.0, 0.0),
                f"scale_{name}": float(part.scale if part else 1.0),
            }
        constants |= {
            "HAS_MEASURED": measured is not None,
            "BY_CHANNEL": shading.by_channel,
            "LINEAR": shading.linear,
            "SMALLER": placement.zoom < 1,
            "HAS_GRID": shading.grid > 0,
            "KIND": int(shading.kind),
        }
        _bind(2, measured or 0)
        _bind(3, self._table_texture)
        self._use_table(table)
        uniforms = dict(
            **of_sides,
            measured=2,
            table=3,
            left=float(placement.left),
            screen_size=placement.screen,
            image_size=placement.image,
            offset=placement.offset,
            zoom=float(placement.zoom),
            gain=float(shading.gain),
            grid=float(shading.grid),
            surround=shading.surround,
        )
        GL.glBindVertexArray(self._array)
        if shading.view is View.SPLIT:
            left, bottom, width, height = placement.viewport
            split = min(max(shading.split, 0), width)
            GL.glEnable(GL.GL_SCISSOR_TEST)
            for view, first, last in ((View.A, 0, split), (View.B, split, width)):
                if last > first:
                    GL.glScissor(left + first, bottom, last - first, height)
                    self._draw(view, constants, uniforms)
            GL.glDisable(GL.GL_SCISSOR_TEST)
        else:
            self._draw(shading.view, constants, uniforms)
        GL.glDisable(GL.GL_BLEND)
        GL.glBindVertexArray(0)
        GL.glActiveTexture(GL.GL_TEXTURE0)

    def _draw(self, view: View, constants: dict[str, int | bool], uniforms: dict) -> None:
        constants = {"VIEW": int(view), **constants}
        if view is not View.DIFFERENCE:  # what does not matter makes no programs more
            unseen = "B" if view is View.A else "A"
            indifferent = {"KIND": 0, "BY_CHANNEL": False, "HAS_MEASURED": False}
            constants |= {**indifferent, f"HAS_{unseen}": False, f"IS_PART_{unseen}": False}
        key = tuple(constants.values())
        if key not in self._programs:
            self._programs[key] = Program("screen.vert", "display.frag", **constants)
        self._programs[key].use(**uniforms)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)

    def delete(self) -> None:
        for program in self._programs.values():
            program.delete()
        self._programs = {}
        if self._array:
            GL.glDeleteVertexArrays(1, [self._array])
            GL.glDeleteTextures(1, [self._table_texture])
        self._array = self._table_texture = 0

    def _use_table(self, table: np.ndarray) -> None:
        """Its texture is the one that is bound."""
        if table is self._table:
            return
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        data = np.ascontiguousarray(table)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGB8, len(table), 1, 0, GL.GL_RGB, GL.GL_UNSIGNED_BYTE, data)
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        self._table = table


def _bind(unit: int, texture: int) -> None:
    GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
    GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
