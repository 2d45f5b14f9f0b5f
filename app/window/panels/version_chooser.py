"""The button that says which version of a scene is on a side, with a menu of all of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton

from daub.app.model.scene.versions import SideName, Versions

_WIDTH = 190  # logical pixels, at most


class VersionChooser(QToolButton):
    """Args: side: "a" or "b"."""

    def __init__(self, versions: Versions, side: SideName):
        super().__init__()
        self._versions, self._side = versions, side
        self.setObjectName(f"version_{side}")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setMaximumWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        versions.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        version = self._versions.on(self._side)
        letter, name = self._side.upper(), "nothing" if version is None else version.name
        room = _WIDTH - 40 - self.fontMetrics().horizontalAdvance(f"{letter}: ")
        elided = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.setText(f"{letter}: {elided}".replace("&", "&&"))
        self.setToolTip(f"Side {letter}: {name}\nChoose what is compared")
        self.setAccessibleName(f"Side {letter}: {name}")

    def _fill(self) -> None:
        menu, here = self.menu(), self._versions.on(self._side)
        menu.clear()
        for version in self._versions.rows:
            action = menu.addAction("\t".join([version.name.replace("&", "&&"), version.facts[0]]))
            action.setCheckable(True)
            action.setChecked(version is here)
            action.triggered.connect(partial(self._put, version.key))

    def _put(self, key: str, _: bool = False) -> None:
        self._versions.put(key, self._side)
