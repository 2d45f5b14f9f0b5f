"""The overlay of the Gaussians, and a map over the picture, on the GPU."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.overlay_reading import Reading
from daub.app.model.gaussians.picture_maps import PictureMap
from daub.render.gl import overlay as gl_overlay
from daub.render.gl.display import Placement
from daub.render.gl.heat import HeatLayer

_ELLIPSES = 0.9  # opacity of the ellipses
_CENTRE = 6.0  # logical pixels, diameter of a dot
_MAP = 0.85  # opacity of a map: the picture shows through enough to find one's way


class OverlayPainter:
    """Needs a current context in `initialize`, `draw` and `cleanup`; the first may run again after the last.

    Args:
        overlay: what is to be drawn.
    """

    def __init__(self, overlay: Overlay):
        self._model = overlay
        self._layer: gl_overlay.Overlay | None = None
        self._heat: HeatLayer | None = None
        self._largest = 0  # texels of a texture's side
        self._drawn: Reading | None = None  # what is on the GPU
        self._map: PictureMap | None = None

    def initialize(self) -> None:
        """Makes ready for the context that is current."""
        self._largest = int(GL.glGetIntegerv(GL.GL_MAX_TEXTURE_SIZE))
        self._layer, self._heat = gl_overlay.Overlay(), HeatLayer()
        self._drawn = self._map = None

    def cleanup(self) -> None:
        """Frees what is on the GPU; may be called twice."""
        for thing in (self._layer, self._heat):
            if thing is not None:
                thing.delete()
        self._layer = self._heat = self._drawn = self._map = None

    def draw(self, placement: Placement, scale: float) -> None:
        """Draws over the picture. Args: scale: device pixels per logical pixel."""
        if self._model.map is not None:
            self._draw_map(self._model.map, placement)
        reading = self._model.reading
        if reading is None or not self._model.styles:
            return
        if reading is not self._drawn:
            self._layer.upload(reading.drawn, reading.shares, reading.colours)
            self._drawn = reading
        if "filled" in self._model.styles:
            self._layer.filled(placement, 1.0)
        if "ellipses" in self._model.styles:
            self._layer.ellipses(placement, _ELLIPSES)
        if "centres" in self._model.styles:
            self._layer.centres(placement, _CENTRE * scale)

    def _draw_map(self, shown: PictureMap, placement: Placement) -> None:
        """Every n-th value of a map that is larger than a texture may be."""
        if shown is not self._map:
            stride = -(-max(shown.shares.shape) // self._largest)
            self._heat.upload(np.ascontiguousarray(shown.shares[::stride, ::stride]), shown.colours)
            self._map = shown
        self._heat.draw(placement, _MAP)
