"""Selects and moves Gaussians where the pointer is dragged."""

from __future__ import annotations

from typing import ClassVar

from daub.app.model.editing.frame import Grip
from daub.app.model.editing.gestures import Kind
from daub.app.model.editing.tool import EditTool
from daub.app.model.view.view import View
from daub.app.window.viewport.edit_marks import places_of
from daub.app.window.viewport.tools import ARROWS, FAR_ARROWS, GRIP, LOOSE, Button, Cursor, Key, Pointer, Tool
from daub.codec.editing.selection import Mode

_REACH = 8  # logical pixels around a handle that take hold of it
_FAR = 10  # pixels of a nudge with Shift
_WAYS = ((-1, 0), (1, 0), (0, -1), (0, 1))
_NUDGES = {
    **dict(zip(ARROWS, _WAYS, strict=True)),
    **{key: (_FAR * x, _FAR * y) for key, (x, y) in zip(FAR_ARROWS, _WAYS, strict=True)},
}
_CURSORS = {
    (1, 0): Cursor.SPLITTING, (0, 1): Cursor.DOWN, (1, 1): Cursor.FALLING, (-1, 1): Cursor.RISING,
}  # fmt: skip


class EditingTool(Tool):
    """Takes the left button while a tool of editing is at hand: not with the space bar, which moves the picture, and
    not on the split line.

    Shift adds to what is selected, Control takes from it, and Alt, or both, leaves what is in both; while something is
    moved Shift makes it snap.
    """

    _KEYS: ClassVar = {
        Key.ESCAPE: EditTool.escape,
        Key.ENTER: EditTool.close,
        Key.BACKSPACE: EditTool.take_back,
    }

    def __init__(self, view: View, tool: EditTool):
        self._view, self._tool = view, tool
        self._pressed: Pointer | None = None
        self._begun = False  # the press has become a drag

    def press(self, at):
        if at.button is not Button.LEFT or not self._is_at_hand(at):
            return False
        self._pressed, self._begun = at, False
        if self._tool.kind.has_brush or self._tool.kind.has_corners:  # a dab is a stroke, and a click a corner
            self._begin()
        return True

    def move(self, at):
        if self._tool.kind.is_clicked:
            return
        if not self._begun:
            if abs(at.x - self._pressed.x) + abs(at.y - self._pressed.y) < LOOSE * self._view.scale:
                return
            self._begin()
        self._tool.extend(*self._view.camera.to_image(at.x, at.y), snaps=Key.SHIFT in at.keys)

    def release(self, at):
        if self._begun:
            self._tool.end()
        else:
            at = self._pressed
            self._tool.click(*self._view.camera.to_image(at.x, at.y), mode_of(at), at.side)
        self._pressed, self._begun = None, False

    def hover(self, at):
        self._tool.hover(*self._view.camera.to_image(at.x, at.y))

    def double_click(self, at):
        if self._is_at_hand(at) and self._tool.kind.has_corners:
            self._tool.close()
        return self._is_at_hand(at)  # otherwise two clicks

    def key(self, key, down):
        if key in self._KEYS and self._tool.is_on:
            return self._KEYS[key](self._tool) is not False if down else True
        if key not in _NUDGES or not self._tool.is_on:
            return False
        return self._tool.nudge(*_NUDGES[key]) if down else False

    def cursor(self, at, holds):
        if not holds and not self._is_at_hand(at):
            return None
        if self._tool.kind is not Kind.MOVE:
            return Cursor.PAINTING
        grip = self._grip_at(self._pressed if holds and self._pressed is not None else at)
        if grip in (Grip.MOVE, Grip.TURN):
            return Cursor.MOVING if grip is Grip.MOVE else Cursor.PICKING
        across, below = grip.value
        return _CURSORS.get((across, below)) or _CURSORS[-across, -below]

    def _begin(self) -> None:
        self._begun = True
        place = self._view.camera.to_image(self._pressed.x, self._pressed.y)
        reach = _REACH * self._view.scale / self._view.camera.zoom
        self._tool.begin(*place, mode_of(self._pressed), self._grip_at(self._pressed), reach)

    def _is_at_hand(self, at: Pointer) -> bool:
        return self._tool.is_on and Key.SPACE not in at.keys and not self._view.is_at_split(at.x, GRIP)

    def _grip_at(self, at: Pointer) -> Grip:
        """What of the frame is there."""
        frame = self._tool.frame
        if frame is None:
            return Grip.MOVE
        reach = _REACH * self._view.scale
        places = places_of(frame, self._view.camera, self._view.scale)
        # Handles of a small frame lie over one another: the corners go first.
        order = sorted(places, key=lambda grip: -abs(grip.value[0]) - abs(grip.value[1]))
        near = (grip for grip in order if max(abs(places[grip][0] - at.x), abs(places[grip][1] - at.y)) <= reach)
        return next(near, Grip.MOVE)


def mode_of(at: Pointer) -> Mode:
    """How what is found goes together with what is selected."""
    adds, takes = Key.SHIFT in at.keys, Key.CONTROL in at.keys
    if Key.ALT in at.keys or (adds and takes):
        return Mode.INTERSECT
    return Mode.ADD if adds else Mode.SUBTRACT if takes else Mode.REPLACE
