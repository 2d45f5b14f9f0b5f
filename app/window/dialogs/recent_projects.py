"""The projects that were open lately, with small pictures of them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidgetItem, QVBoxLayout

from daub.app.model.commands.project import open_project
from daub.app.model.project.format import About, read_about
from daub.app.window.dialogs.project_list import ProjectList

if TYPE_CHECKING:
    from daub.app.window.main_window import Window

_SETTING = "recent_projects"
_MOST = 12


def remember(settings: QSettings, path: Path) -> None:
    """Puts it first."""
    name = str(path.absolute())
    settings.setValue(_SETTING, [name, *(other for other in names(settings) if other != name)][:_MOST])


def names(settings: QSettings) -> list[str]:
    """Paths, the newest first."""
    stored = settings.value(_SETTING, [])
    return [stored] if isinstance(stored, str) else list(stored or [])  # an .ini file unwraps a list of one


class RecentProjects(QDialog):
    """A click opens one."""

    def __init__(self, settings: QSettings, window: Window):
        super().__init__(window)
        self.setWindowTitle("Recent projects")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._bench = settings, window.bench
        self._is_open = True
        self.finished.connect(self._close)
        self.list = ProjectList("Recent projects")
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)
        self._none = QLabel("No project has been saved or opened yet.")
        self._none.setProperty("role", "dim")
        column = QVBoxLayout(self)
        column.addWidget(self._none)
        column.addWidget(self.list)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._forget = buttons.addButton("Forget these", QDialogButtonBox.ButtonRole.ResetRole)
        self._forget.clicked.connect(self._forget_all)
        self._forget.setAutoDefault(False)  # the first of them would be what Enter presses
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._fill()
        self.list.setFocus()

    def _fill(self) -> None:
        self.list.clear()
        paths = [Path(name) for name in names(self._settings)]
        self._none.setVisible(not paths)
        self.list.setVisible(bool(paths))
        self._forget.setEnabled(bool(paths))
        for path in paths:
            item = self.list.add(path.stem, str(path.parent))
            item.setToolTip(str(path))
            show = partial(self._show, item, path)
            self._bench.workspace.background.run(
                partial(read_about, path), show, partial(self._say_why, item, path)
            )  # fmt: skip
        if paths:
            self.list.setCurrentRow(0)

    def _show(self, item: QListWidgetItem, path: Path, found: tuple[About, np.ndarray | None]) -> None:
        about, thumbnail = found
        if self._is_open:
            self.list.tell(item, f"{_when(about.saved)} · {path.parent}", thumbnail)

    def _say_why(self, item: QListWidgetItem, path: Path, _: object) -> None:
        if self._is_open:
            self.list.tell(item, f"cannot be read any more · {path.parent}", None)

    def _open(self, item: QListWidgetItem) -> None:
        path = Path(item.toolTip())
        self.accept()
        open_project(self._bench, path)

    def _forget_all(self) -> None:
        self._settings.setValue(_SETTING, [])
        self._fill()

    def _close(self) -> None:
        self._is_open = False


def _when(seconds: float) -> str:
    """A time as people write it here: that of today, or the day."""
    then, now = datetime.fromtimestamp(seconds), datetime.now()
    return f"today, {then:%H:%M}" if then.date() == now.date() else f"{then:%Y-%m-%d}"
