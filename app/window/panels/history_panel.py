"""All that was done, in a list: a click goes back to that moment, or forth."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from daub.app.model.workspace.workspace import Workspace

_ROW = 26  # logical pixels, height of one
_BEGINNING = "As it was opened"


class HistoryPanel(QWidget):
    """The newest at the foot; what is undone is dim and in italics.

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
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        workspace.history.changed.connect(self.follow)
        self.follow()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.follow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown is not None:
            self._shown = ((), -1)  # the colours of its rows are others
            self.follow()

    def follow(self) -> None:
        """Shows the history as it is now."""
        history = self._workspace.history
        shown = history.titles, history.position
        if shown == self._shown or (self._shown is not None and not self.isVisible()):
            return
        self._shown = shown
        self.list.clear()
        for place, label in enumerate((_BEGINNING, *history.titles)):
            item = QListWidgetItem(label[:1].upper() + label[1:])
            item.setSizeHint(QSize(0, _ROW))
            if place > history.position:
                item.setForeground(QGuiApplication.palette().placeholderText())
                font = item.font()
                font.setItalic(True)
                item.setFont(font)
                item.setToolTip("Undone: a click does it again")
            self.list.addItem(item)
        self.list.setCurrentRow(history.position)
        self._hint.setVisible(not history.titles)

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
