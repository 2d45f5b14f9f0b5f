"""Picks the Gaussian under the pointer."""

from __future__ import annotations

from daub.app.model.gaussians.inspector import Inspector
from daub.app.model.view.view import View
from daub.app.window.viewport.tools import GRIP, Button, Cursor, Key, PanZoom


class PickTool(PanZoom):
    """Takes the left button while the tool is at hand: a click picks, a drag moves the picture as without it.

    Not with the space bar, and not on the split line.
    """

    def __init__(self, view: View, inspector: Inspector):
        super().__init__(view, lambda: None)
        self._inspector = inspector

    def press(self, at):
        if at.button is not Button.LEFT or not self._is_at_hand(at):
            return False
        return super().press(at)

    def release(self, at):
        if self._last is None:  # it was no drag
            self._inspector.pick(*self._view.camera.to_image(self._pressed.x, self._pressed.y))

    def double_click(self, at):
        return self._is_at_hand(at)  # two clicks

    def wheel(self, at, notches):
        return False

    def scroll(self, at, dx, dy):
        return False

    def pinch(self, at, factor):
        return False

    def key(self, key, down):
        return False

    def cursor(self, at, holds):
        if holds:
            return Cursor.GRABBING if self._last is not None else Cursor.PICKING
        return Cursor.PICKING if self._is_at_hand(at) else None

    def _is_at_hand(self, at) -> bool:
        return self._inspector.is_on and Key.SPACE not in at.keys and not self._view.is_at_split(at.x, GRIP)
