"""Centres and 1-sigma ellipses over the picture: amber where a Gaussian adds light, blue where it takes light away."""

from __future__ import annotations

from OpenGL import GL

from daub.render.gl.display import Placement
from daub.render.gl.program import InstanceBuffer, Program

ADDS = (1.0, 0.76, 0.25)
TAKES = (0.35, 0.68, 1.0)  # amber and blue stay apart for colour-blind eyes
_SEGMENTS, _FINE_SEGMENTS, _FINE_FROM = 32, 128, 3.0  # of an ellipse; the finer ones from this zoom on


class Overlay:
    """Draws instances that the `GaussianLayer` has uploaded."""

    def __init__(self):
        self._ellipse = Program("ellipse.vert", "line.frag")
        self._centre = Program("centre.vert", "dot.frag")

    def ellipses(self, instances: InstanceBuffer, placement: Placement, opacity: float) -> None:
        self._begin(placement)
        segments = _SEGMENTS if placement.zoom < _FINE_FROM else _FINE_SEGMENTS
        self._ellipse.use(segments=segments, **_common(placement, opacity))
        instances.draw(GL.GL_LINE_LOOP, segments)
        GL.glDisable(GL.GL_BLEND)

    def centres(self, instances: InstanceBuffer, placement: Placement, diameter: float) -> None:
        """Args: diameter of the dots, screen pixels."""
        self._begin(placement)
        GL.glEnable(GL.GL_PROGRAM_POINT_SIZE)
        self._centre.use(diameter=float(diameter), **_common(placement, 0.9))
        instances.draw(GL.GL_POINTS, 1)
        GL.glDisable(GL.GL_PROGRAM_POINT_SIZE)
        GL.glDisable(GL.GL_BLEND)

    def delete(self) -> None:
        self._ellipse.delete()
        self._centre.delete()

    def _begin(self, placement: Placement) -> None:
        GL.glViewport(0, 0, *placement.screen)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        # Alpha stays as it is: below 1, the compositor would take the picture for a transparent one.
        GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ZERO, GL.GL_ONE)


def _common(placement: Placement, opacity: float) -> dict:
    return {
        "screen_size": placement.screen,
        "offset": placement.offset,
        "zoom": float(placement.zoom),
        "adds": ADDS,
        "takes": TAKES,
        "opacity": float(opacity),
    }
