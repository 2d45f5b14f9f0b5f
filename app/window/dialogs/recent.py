"""The menu of recently opened files, kept in the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu

_MOST = 10
_LONGEST = 44  # characters of a name


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
        self._keep(names[:_MOST])

    def names(self) -> list[str]:
        """Paths, the newest first."""
        stored = self._settings.value("recent", [])
        return [stored] if isinstance(stored, str) else list(stored or [])  # an .ini file unwraps a list of one

    def _keep(self, names: list[str]) -> None:
        self._settings.setValue("recent", names)
        self._fill()

    def _fill(self) -> None:
        self._menu.clear()
        names = self.names()
        for number, (name, text) in enumerate(zip(names, texts(names), strict=True), 1):
            action = self._menu.addAction(f"&{number % 10}  {text.replace('&', '&&')}")
            action.setToolTip(name)
            action.triggered.connect(lambda _=False, path=Path(name): self._reopen(path))
        self._menu.setEnabled(bool(names))
        if names:
            self._menu.addSeparator()
            self._menu.addAction("Forget &these").triggered.connect(lambda: self._keep([]))


def texts(names: Sequence[str]) -> list[str]:
    """What paths are called in the menu: their last part, shortened, and the folder where two have the same.

    >>> texts(["/a/one.png", "/b/one.png", "/b/two.png"])
    ['one.png, in a', 'one.png, in b', 'two.png']
    """
    paths = [Path(name) for name in names]
    how_often = Counter(path.name for path in paths)
    return [
        _shortened(path.name) + (f", in {_shortened(path.parent.name or '/')}" if how_often[path.name] > 1 else "")
        for path in paths
    ]


def _shortened(text: str) -> str:
    """The beginning and the end: both tell files apart.

    >>> _shortened("x" * 30 + "y" * 30)
    'xxxxxxxxxxxxxxxxxxxxxx…yyyyyyyyyyyyyyyyyyyyy'
    """
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half + 1 :]}"
