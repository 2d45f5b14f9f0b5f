"""The windows of one run of the program, each with a workbench of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSettings

from daub.app.window.main_window import Window

_STEP = 28  # logical pixels from one window to the next


class Windows:
    """Opens windows, and knows them all until the program ends.

    Args:
        settings: makes what keeps recent files and the layout; all windows share it.
    """

    def __init__(self, settings: Callable[[], QSettings] = QSettings):
        self._settings = settings
        self._windows: list[Window] = []

    def __iter__(self):
        return iter(self._windows)

    def open(self, file: str = "") -> Window:
        """Shows another window, a little beside the one before. Args: file: is opened in it, "" for none."""
        window = Window(self._settings(), self.open)
        last = next((each for each in reversed(self._windows) if each.isVisible()), None)
        if last is not None:
            window.resize(last.size())
            window.move(_beside(last, window))
        self._forget_done()
        self._windows.append(window)
        if file:
            window.open_path(Path(file))
        window.start()
        return window

    def _forget_done(self) -> None:
        """What is closed and done is given back: all that is left takes part in every change of style."""
        for each in [each for each in self._windows if each.is_done]:
            self._windows.remove(each)
            each.deleteLater()


def _beside(last: Window, window: Window) -> QPoint:
    """Down and to the right of the last one, where the screen has room for that."""
    place, room = last.pos() + QPoint(_STEP, _STEP), last.screen().availableGeometry()
    if place.x() + window.width() > room.right() or place.y() + window.height() > room.bottom():
        return room.topLeft() + QPoint(_STEP, _STEP) if last.pos() != room.topLeft() + QPoint(_STEP, _STEP) else (
            room.topLeft()
        )  # fmt: skip
    return place
