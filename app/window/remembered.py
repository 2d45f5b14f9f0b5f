"""What a window looks like the next time: its place, its columns, the strip, what was chosen there, and the paint."""

from __future__ import annotations

import json

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from daub.app.model.editing.brushing import Brushing
from daub.app.model.editing.paint_brush import Colour
from daub.app.model.view.chrome import Appearance, Chrome
from daub.app.model.view.room import Room

_FIELDS = ("sources", "panel", "page", "strip", "strip_height", "tab", "share")  # of Chrome


class Remembered:
    """See above.

    Args:
        room: knows what has gone away only because the window is small.
        brushing: knows the colours of late.
    """

    def __init__(self, settings: QSettings, window: QMainWindow, chrome: Chrome, room: Room, brushing: Brushing):
        self._settings, self._window, self._chrome, self._room = settings, window, chrome, room
        self._brushing = brushing

    def restore(self) -> None:
        """Makes the window look like the last one, as far as that is known."""
        for name, restore in (("geometry", self._window.restoreGeometry), ("layout", self._window.restoreState)):
            stored = self._settings.value(name)
            if isinstance(stored, QByteArray):
                restore(stored)
        appearance = self._settings.value("appearance")
        wanted = Appearance(appearance) if appearance in list(Appearance) else Appearance.SYSTEM
        self._chrome.set(appearance=wanted, **self._stored())
        self._brushing.recall(self._colours())

    def keep(self) -> None:
        """Remembers what it looks like."""
        chrome = {name: getattr(self._chrome, name) for name in _FIELDS} | self._room.wanted
        self._settings.setValue("geometry", self._window.saveGeometry())
        self._settings.setValue("layout", self._window.saveState())
        self._settings.setValue("chrome", json.dumps(chrome))
        self._settings.setValue("colours", json.dumps(self._brushing.recent))
        self._settings.sync()

    def _colours(self) -> list[Colour]:
        """Those that were painted with, the newest first."""
        stored = self._json("colours")
        colours = [each for each in stored if _is_colour(each)] if isinstance(stored, list) else []
        return [tuple(map(float, each)) for each in colours]

    def _json(self, name: str) -> object:
        """What is stored, None where nothing is: the file may be of another version, or be edited."""
        try:
            return json.loads(str(self._settings.value(name, "null")))
        except ValueError:
            return None

    def _stored(self) -> dict[str, object]:
        """What is stored of the chrome, and of the kind that it should be."""
        stored = self._json("chrome")
        if not isinstance(stored, dict):
            return {}
        return {
            name: stored[name] for name in _FIELDS if type(stored.get(name)) is type(getattr(self._chrome, name))
        }  # fmt: skip


def _is_colour(stored: object) -> bool:
    return isinstance(stored, list) and len(stored) == 3 and all(
        type(level) in (int, float) and 0 <= level <= 1 for level in stored
    )  # fmt: skip
