"""The Gaussians that are selected, marked on the picture, on the GPU."""

from __future__ import annotations

from daub.app.model.editing.editing import Editing
from daub.app.model.editing.marked import Marked, marked_of
from daub.render.gl import overlay as gl_overlay
from daub.render.gl.display import Placement

_OPACITY = 0.9  # of the ellipses
_CENTRE = 5.0  # logical pixels, diameter of a dot ...
_SMALL = 3.0  # ... and where there are too many for ellipses, so that the picture is seen between them


class SelectionPainter:
    """Needs a current context in `initialize`, `draw` and `cleanup`; the first may run again after the last.

    Args:
        editing: what is selected.
    """

    def __init__(self, editing: Editing):
        self._editing = editing
        self._layer: gl_overlay.Overlay | None = None
        self._drawn: Marked | None = None  # what is on the GPU

    def initialize(self) -> None:
        """Makes ready for the context that is current."""
        self._layer, self._drawn = gl_overlay.Overlay(), None

    def cleanup(self) -> None:
        """Frees what is on the GPU; may be called twice."""
        if self._layer is not None:
            self._layer.delete()
        self._layer = self._drawn = None

    def draw(self, placement: Placement, scale: float) -> None:
        """Draws over the picture. Args: scale: device pixels per logical pixel."""
        marked = marked_of(self._editing.marked)
        if marked is None:
            return
        if marked is not self._drawn:
            self._layer.upload(marked.drawn, marked.shares, marked.colours)
            self._drawn = marked
        if marked.is_outlined:
            self._layer.ellipses(placement, _OPACITY)
        self._layer.centres(placement, (_CENTRE if marked.is_outlined else _SMALL) * scale)
