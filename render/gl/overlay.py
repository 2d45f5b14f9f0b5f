"""Centres and 1-sigma ellipses over the picture: amber where a Gaussian adds light, blue where it takes light away."""

from __future__ import annotations

from OpenGL import GL

from daub.render.gl.display import Placement
from daub.render.gl.program import InstanceBuffer, Program

# RGB in [0, 1]; amber and blue stay apart for colour-blind eyes.
ADDS = (1.0, 0.76, 0.25)  # colour of a Gaussian that adds light
TAKES = (0.35, 0.68, 1.0)  # colour of one that takes light away

_SEGMENTS = 32  # lines that make an ellipse
_FINE_SEGMENTS = 128  # lines that make an ellipse on a magnified picture
_FINE_FROM = 3.0  # zoom from which a picture counts as magnified, screen pixels per image pixel


class Overlay:
    """Draws instances that the `GaussianLayer` has uploaded."""

    def __init__(self):
        self._ellipse = Program("ellipse.vert", "line.frag")
        self._centre = Program("centre.vert", "dot.frag")

    def ellipses(self, instances: InstanceBuffer, placement: Placement, opacity: float) -> None:
        """Draws the ellipse of each at one standard deviation, with an opacity of 0 to 1."""
        self._begin(placement)
        segments = _SEGMENTS if placement.zoom < _FINE_FROM else _FINE_SEGMENTS
        self._ellipse.use(segments=segments, **_common(placement, opacity))
        instances.draw(GL.GL_LINE_LOOP, segments)
        GL.glDisable(GL.GL_BLEND)

    def centres(self, instances: InstanceBuffer, placement: Placement, diameter: float) -> None:
        """Draws a dot at each centre, with a diameter in screen pixels."""
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
        GL.glViewport(*placement.viewport)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendEquation(GL.GL_FUNC_ADD)
        # Alpha is kept at 1, or the compositor would take the picture for a transparent one.
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
