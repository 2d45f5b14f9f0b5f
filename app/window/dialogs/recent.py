"""The menu of recently opened files, kept in the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu

_MOST = 10


class RecentFiles:
    """Fills a menu with the files that were opened lately.

    Args:
        settings: keep them.
        reopen: called with the path that was chosen.
    """

    def __init__(self, menu: QMenu, settings: QSettings, reopen: Callable[[Path], None]):
        self._menu, self._settings, self._reopen = menu, settings, reopen
        self._fill()

    def add(self, path: Path) -> None:
        """Puts it first."""
        name = str(path.absolute())
        names = [name, *(other for other in self.names() if other != name)]
        self._settings.setValue("recent", names[:_MOST])
        self._fill()

    def names(self) -> list[str]:
        """Paths, the newest first."""
        stored = self._settings.value("recent", [])
        return [stored] if isinstance(stored, str) else list(stored or [])  # an .ini file unwraps a list of one

    def _fill(self) -> None:
        self._menu.clear()
        for name in self.names():
            action = self._menu.addAction(Path(name).name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(lambda _=False, path=Path(name): self._reopen(path))
        self._menu.setEnabled(not self._menu.isEmpty())
