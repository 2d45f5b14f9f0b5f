"""Paints, smears or blurs Gaussians where the pointer is dragged."""

from __future__ import annotations

from daub.app.model.editing.brushing import Brushing
from daub.app.model.view.view import View
from daub.app.window.viewport.tools import GRIP, Button, Cursor, Key, Pointer, Tool


class PaintTool(Tool):
    """Takes the left button while the brush is at hand: not with the space bar, which moves the picture, and not on the
    split line. A stroke may begin beside the picture; Esc gives it up."""

    def __init__(self, view: View, brushing: Brushing):
        self._view, self._brushing = view, brushing

    def press(self, at):
        if at.button is not Button.LEFT or not self._is_at_hand(at):
            return False
        self._brushing.begin(*self._view.camera.to_image(at.x, at.y))
        return True

    def move(self, at):
        self._brushing.extend(*self._view.camera.to_image(at.x, at.y))

    def release(self, at):
        self._brushing.end()

    def double_click(self, at):
        return self._is_at_hand(at)  # two dabs

    def key(self, key, down):
        if key is not Key.ESCAPE or not self._brushing.is_on:
            return False
        if down:
            self._brushing.escape()
        return True

    def cursor(self, at, holds):
        return Cursor.PAINTING if holds or self._is_at_hand(at) else None

    def _is_at_hand(self, at: Pointer) -> bool:
        return self._brushing.is_on and Key.SPACE not in at.keys and not self._view.is_at_split(at.x, GRIP)
