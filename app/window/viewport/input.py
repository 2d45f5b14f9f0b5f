"""Qt's names of keys, buttons and pointers, and those of the tools."""

from __future__ import annotations

from PySide6.QtCore import Qt

from daub.app.window.viewport.tools import ARROWS, FAR_ARROWS, Button, Cursor, Key

KEYS = {
    Qt.Key.Key_Space: Key.SPACE,
    Qt.Key.Key_P: Key.PEEK_A,
    Qt.Key.Key_8: Key.PEEK_A,
    Qt.Key.Key_9: Key.PEEK_B,
    Qt.Key.Key_Escape: Key.ESCAPE,
    Qt.Key.Key_Return: Key.ENTER,
    Qt.Key.Key_Enter: Key.ENTER,
    Qt.Key.Key_Backspace: Key.BACKSPACE,
    Qt.Key.Key_Left: Key.LEFT,
    Qt.Key.Key_Right: Key.RIGHT,
    Qt.Key.Key_Up: Key.UP,
    Qt.Key.Key_Down: Key.DOWN,
    Qt.Key.Key_W: Key.FORWARD,
    Qt.Key.Key_S: Key.BACK,
    Qt.Key.Key_A: Key.LEFTWARD,
    Qt.Key.Key_D: Key.RIGHTWARD,
    Qt.Key.Key_E: Key.RISE,
    Qt.Key.Key_Q: Key.SINK,
}
FAR = dict(zip(ARROWS, FAR_ARROWS, strict=True))  # with Shift
MODIFIERS = {
    Qt.KeyboardModifier.ShiftModifier: Key.SHIFT,
    Qt.KeyboardModifier.ControlModifier: Key.CONTROL,
    Qt.KeyboardModifier.AltModifier: Key.ALT,
}
HELD = (Key.SPACE, Key.PEEK_A, Key.PEEK_B)  # it is not pressed anew as long as it is held
BUTTONS = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
    Qt.MouseButton.RightButton: Button.RIGHT,
}
CURSORS = {
    Cursor.GRABBING: Qt.CursorShape.ClosedHandCursor,
    Cursor.SPLITTING: Qt.CursorShape.SplitHCursor,
    Cursor.PAINTING: Qt.CursorShape.CrossCursor,
    Cursor.PICKING: Qt.CursorShape.PointingHandCursor,
    Cursor.MOVING: Qt.CursorShape.SizeAllCursor,
    Cursor.DOWN: Qt.CursorShape.SizeVerCursor,
    Cursor.FALLING: Qt.CursorShape.SizeFDiagCursor,
    Cursor.RISING: Qt.CursorShape.SizeBDiagCursor,
}
