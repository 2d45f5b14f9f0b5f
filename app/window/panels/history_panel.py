"""All that was done, in a list: a click goes back to that moment, or forth."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from daub.app.model.workspace.workspace import Workspace

_BEGINNING = "As it was opened"


class HistoryPanel(QWidget):
    """The newest at the foot; what is undone is dim.

    Args:
        workspace: whose history it is.
    """

    def __init__(self, workspace: Workspace):
        super().__init__()
        self._workspace = workspace
        self._shown: tuple[tuple[str, ...], int] | None = None
        heading = QLabel("HISTORY")
        heading.setProperty("role", "heading")
        self.list = _List()
        heading.setBuddy(self.list)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self._hint = QLabel("What is done to the work is listed here. A click on a line goes back to that moment.")
        self._hint.setProperty("role", "dim")
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading)
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)
        workspace.history.changed.connect(self.follow)
        self.follow()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.follow()

    def follow(self) -> None:
        """Shows the history as it is now."""
        history = self._workspace.history
        shown = history.labels, history.position
        if shown == self._shown or (self._shown is not None and not self.isVisible()):
            return
        self._shown = shown
        self.list.clear()
        for place, label in enumerate((_BEGINNING, *history.labels)):
            item = QListWidgetItem(label[:1].upper() + label[1:])
            if place > history.position:
                item.setForeground(self.palette().placeholderText())
                item.setToolTip("Undone: a click does it again")
            self.list.addItem(item)
        self.list.setCurrentRow(history.position)
        self._hint.setVisible(not history.labels)

    def _go(self, item: QListWidgetItem) -> None:
        self._workspace.go_to(self.list.row(item))


class _List(QListWidget):
    def __init__(self):
        super().__init__()
        self.setObjectName("history")
        self.setAccessibleName("History")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMinimumHeight(220)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
