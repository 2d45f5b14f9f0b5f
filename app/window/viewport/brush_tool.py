"""Paints with the brush where the pointer is dragged."""

from __future__ import annotations

from daub.app.model.view.painting import Painting
from daub.app.model.view.view import View
from daub.app.window.viewport.tools import GRIP, Button, Cursor, Key, Pointer, Tool


class BrushTool(Tool):
    """Takes the left button while the brush is at hand: not with the space bar, which moves the picture, and not on the
    split line. A stroke may begin beside the picture."""

    def __init__(self, view: View, painting: Painting):
        self._view, self._painting = view, painting

    def press(self, at):
        if at.button is not Button.LEFT or not self._is_at_hand(at):
            return False
        self._painting.begin(*self._view.camera.to_image(at.x, at.y))
        return True

    def move(self, at):
        self._painting.extend(*self._view.camera.to_image(at.x, at.y))

    def release(self, at):
        self._painting.end()

    def double_click(self, at):
        return self._is_at_hand(at)  # two dabs

    def cursor(self, at, holds):
        return Cursor.PAINTING if holds or self._is_at_hand(at) else None

    def _is_at_hand(self, at: Pointer) -> bool:
        return self._painting.is_on and Key.SPACE not in at.keys and not self._view.is_at_split(at.x, GRIP)
