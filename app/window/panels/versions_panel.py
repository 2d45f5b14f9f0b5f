"""The versions of a scene, to the left where a picture has its sources, and which two of them are compared."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from daub.app.model.scene.stage import Stage
from daub.app.model.sources.source import psnr_text
from daub.app.window.actions import Actions
from daub.app.window.panels.headed_list import HeadedList

_KEY = Qt.ItemDataRole.UserRole
_PUTS = {Qt.Key.Key_A: "a", Qt.Key.Key_B: "b", Qt.Key.Key_Return: "b", Qt.Key.Key_Enter: "b"}
_REMOVES = Qt.Key.Key_Delete, Qt.Key.Key_Backspace


class VersionList(QListWidget):
    """A click shows a version on B; A, B and Delete do what they do in the list of sources.

    Args:
        stage: whose versions they are.
        remove: is given the key of one that somebody wants out of the list.
    """

    def __init__(self, stage: Stage, remove: Callable[[str], object]):
        super().__init__()
        self._stage, self._versions = stage, stage.versions
        self._remove = remove
        self._current: tuple[str, int] | None = None  # key and row of what is on B
        self.setObjectName("versions")
        self.setAccessibleName("Versions of the scene")
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self._versions.put(item.data(_KEY), "b"))
        stage.changed.connect(self._show)

    def _show(self) -> None:
        rows = self._versions.rows
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        while self.count() < len(rows):
            self.addItem(QListWidgetItem())
        a, b = (self._versions.on(side) for side in ("a", "b"))
        for index, version in enumerate(rows):
            sides = "".join(letter for letter, on in (("A", a), ("B", b)) if on is version)
            psnr = self._stage.psnr_of(version.key)
            facts = [*version.facts, *([] if psnr is None else [psnr_text(psnr)])]
            text = f"{sides + '  ' if sides else ''}{version.name}\n{' · '.join(facts)}"
            item = self.item(index)
            if item.text() != text:
                item.setText(text)
                item.setToolTip(f"{version.name}\n{version.bits_per_gaussian:.1f} bits per Gaussian")
            item.setData(_KEY, version.key)
            # The keyboard may be on another row meanwhile, and stays there until another one is on B.
            if version is b and (b.key, index) != self._current:
                self._current = b.key, index
                self.setCurrentItem(item)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and not event.modifiers() and event.key() in (
            *_PUTS, *_REMOVES
        ):  # fmt: skip
            event.accept()  # or the shortcut of the window would get it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is None or event.modifiers() or event.key() not in (*_PUTS, *_REMOVES):
            super().keyPressEvent(event)
        elif event.key() in _PUTS:
            self._versions.put(item.data(_KEY), _PUTS[event.key()])
        else:
            self._remove(item.data(_KEY))


class VersionsPanel(HeadedList):
    """The list under its heading, with a button that adds files. Args: as those of the list."""

    def __init__(self, stage: Stage, actions: Actions, remove: Callable[[str], object]):
        versions = VersionList(stage, remove)
        super().__init__("VERSIONS", versions, actions["add_files"], "Add files of the scene to compare")
        self.list = versions
