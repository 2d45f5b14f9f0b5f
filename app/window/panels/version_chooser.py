"""What says which version of a scene is on a side."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from daub.app.model.scene.versions import SideName, Versions
from daub.app.window.panels.chooser import Chooser


class VersionChooser(Chooser):
    """Args: side: "a" or "b"."""

    def __init__(self, versions: Versions, side: SideName):
        super().__init__(f"version_{side}", side.upper(), self._fill_with_versions)
        self._versions, self._side = versions, side
        versions.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        version = self._versions.on(self._side)
        self.tell(None if version is None else version.name)

    def _fill_with_versions(self, menu: QMenu) -> None:
        here = self._versions.on(self._side)
        for version in self._versions.rows:
            action = menu.addAction("\t".join([version.name.replace("&", "&&"), version.facts[0]]))
            action.setCheckable(True)
            action.setChecked(version is here)
            action.triggered.connect(partial(self._put, version.key))

    def _put(self, key: str, _: bool = False) -> None:
        self._versions.put(key, self._side)
