"""What a window looks like the next time: its place, its columns, the strip, and what was chosen there."""

from __future__ import annotations

import json

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from daub.app.model.view.chrome import Appearance, Chrome
from daub.app.model.view.room import Room

_FIELDS = ("sources", "panel", "page", "strip", "strip_height", "tab", "share")  # of Chrome


class Remembered:
    """Args: room: knows what has gone away only because the window is small."""

    def __init__(self, settings: QSettings, window: QMainWindow, chrome: Chrome, room: Room):
        self._settings, self._window, self._chrome, self._room = settings, window, chrome, room

    def restore(self) -> None:
        """Makes the window look like the last one, as far as that is known."""
        for name, restore in (("geometry", self._window.restoreGeometry), ("layout", self._window.restoreState)):
            stored = self._settings.value(name)
            if isinstance(stored, QByteArray):
                restore(stored)
        appearance = self._settings.value("appearance")
        wanted = Appearance(appearance) if appearance in list(Appearance) else Appearance.SYSTEM
        self._chrome.set(appearance=wanted, **self._stored())

    def keep(self) -> None:
        """Remembers what it looks like."""
        chrome = {name: getattr(self._chrome, name) for name in _FIELDS} | self._room.wanted
        self._settings.setValue("geometry", self._window.saveGeometry())
        self._settings.setValue("layout", self._window.saveState())
        self._settings.setValue("chrome", json.dumps(chrome))
        self._settings.sync()

    def _stored(self) -> dict[str, object]:
        """What is stored and of the kind that it should be: the file may be of another version, or be edited."""
        try:
            stored = json.loads(str(self._settings.value("chrome", "{}")))
        except ValueError:
            return {}
        if not isinstance(stored, dict):
            return {}
        return {
            name: stored[name] for name in _FIELDS if type(stored.get(name)) is type(getattr(self._chrome, name))
        }  # fmt: skip
