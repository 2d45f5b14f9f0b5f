"""Centres, ellipses and filled ellipses over the picture, each Gaussian in its colour from a table."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from daub.render.gaussians import Gaussians
from daub.render.gl.display import Placement
from daub.render.gl.lookup import LookupTable
from daub.render.gl.program import InstanceBuffer, Program

_SEGMENTS = 32  # lines that make an ellipse
_FINE_SEGMENTS = 128  # lines that make an ellipse on a magnified picture
_FINE_FROM = 3.0  # zoom from which a picture counts as magnified, screen pixels per image pixel
_HALOED = 40_000  # Gaussians at most whose ellipses have a halo, which takes as long again
_HALO = 0.45  # share of its opacity
FILL = 0.55  # likewise of a filled ellipse, through which the picture is seen


class Overlay:
    """Draws what was uploaded last; what has a share below 0 is left out."""

    def __init__(self):
        self._ellipse = Program("ellipse.vert", "line.frag")
        self._centre = Program("centre.vert", "dot.frag")
        self._filled = Program("filled.vert", "filled.frag")
        self._table = LookupTable()
        self._instances = InstanceBuffer(with_shares=True)

    def upload(self, gaussians: Gaussians, shares: np.ndarray, colours: np.ndarray) -> None:
        """Replaces what is drawn, in this order.

        Args:
            shares: (N,) float32 in [0, 1], where in the table the colour of each is; below 0 for what is not drawn.
            colours: (256, 3) uint8, the table.
        """
        self._instances.upload(gaussians.parameters, shares)
        self._table.upload(colours)

    def ellipses(self, placement: Placement, opacity: float) -> None:
        """Draws the ellipse of each at one standard deviation, with an opacity of 0 to 1.

        Under it lies a halo, light where its colour is dark, so that it is legible on any picture.
        """
        self._begin(placement)
        segments = _SEGMENTS if placement.zoom < _FINE_FROM else _FINE_SEGMENTS
        haloes = (1.0, 0.0) if self._instances.count <= _HALOED else (0.0,)
        for halo in haloes:
            share = _HALO if halo else 1.0
            self._ellipse.use(segments=segments, halo=halo, **self._common(placement, share * opacity))
            self._instances.draw(GL.GL_LINE_LOOP, segments)
        GL.glDisable(GL.GL_BLEND)

    def filled(self, placement: Placement, opacity: float) -> None:
        """Draws the inside of those ellipses."""
        self._begin(placement)
        self._filled.use(**self._common(placement, FILL * opacity))
        self._instances.draw(GL.GL_TRIANGLE_STRIP, 4)
        GL.glDisable(GL.GL_BLEND)

    def centres(self, placement: Placement, diameter: float) -> None:
        """Draws a dot at each centre, with a diameter in screen pixels."""
        self._begin(placement)
        GL.glEnable(GL.GL_PROGRAM_POINT_SIZE)
        self._centre.use(diameter=float(diameter), **self._common(placement, 0.95))
        self._instances.draw(GL.GL_POINTS, 1)
        GL.glDisable(GL.GL_PROGRAM_POINT_SIZE)
        GL.glDisable(GL.GL_BLEND)

    def delete(self) -> None:
        for thing in (self._ellipse, self._centre, self._filled, self._table, self._instances):
            thing.delete()

    def _begin(self, placement: Placement) -> None:
        GL.glViewport(*placement.viewport)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        # Alpha is kept at 1, or the compositor would take the picture for a transparent one.
        GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ZERO, GL.GL_ONE)
        self._table.bind(0)

    def _common(self, placement: Placement, opacity: float) -> dict:
        return {
            "screen_size": placement.screen,
            "offset": placement.offset,
            "zoom": float(placement.zoom),
            "colours": 0,
            "opacity": float(opacity),
        }
