"""The list of the sources, to the left: what can be compared, which two of it are, and what can be done with each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QMenu

from daub.app.model.workbench import Workbench
from daub.app.window.actions import Actions
from daub.app.window.panels.headed_list import HeadedList
from daub.app.window.panels.sources_rows import MIME, SourceDelegate, SourceModel

_MENU = (
    "put_on_a", "put_on_b", "|", "go_to_source", "export_source", "|", "rename_source", "star_source", "delete_source",
)  # fmt: skip
_KEYS = {  # while the list has the keyboard, whatever they do elsewhere
    Qt.Key.Key_A: "put_on_a",
    Qt.Key.Key_B: "put_on_b",
    Qt.Key.Key_Return: "go_to_source",
    Qt.Key.Key_Enter: "go_to_source",
    Qt.Key.Key_Delete: "delete_source",
    Qt.Key.Key_Backspace: "delete_source",
    Qt.Key.Key_Asterisk: "star_source",
}


class SourceList(QListView):
    """The rows: a click shows one on B, keys and a menu do the rest, and rows can be dragged onto the picture."""

    def __init__(self, bench: Workbench, actions: Actions):
        super().__init__()
        self._bench, self._actions = bench, actions
        self._model = SourceModel(bench, self)
        self._following = False
        self.setModel(self._model)
        self.setItemDelegate(SourceDelegate(self))
        self.setObjectName("sources")
        self.setAccessibleName("Sources")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        bench.sources.changed.connect(self._follow)
        bench.sources.pair.changed.connect(self._follow_live)
        bench.sources.renaming.connect(self._rename)
        self.clicked.connect(self._look_at)  # also at the row that is chosen already, which B may have left since
        self.doubleClicked.connect(lambda _: self._run("go_to_source"))
        self._follow()

    # What the model says.

    def _follow(self) -> None:
        self._following = True
        self._model.follow()
        index = self._model.index_of(self._bench.sources.selected)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        self._following = False

    def _follow_live(self) -> None:
        """The figures of a fit under way, or looked back at, change all the time: nobody paints what is not seen."""
        workspace = self._bench.workspace
        if self.isVisible() and (workspace.fitting.is_under_way or workspace.state.kept is not None):
            self._model.follow()

    def _rename(self, key: str) -> None:
        index = self._model.index_of(key)
        if index.isValid():
            self.setFocus()
            self.edit(index)

    # What a person does.

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if not self._following:
            self._look_at(current)

    def _look_at(self, index: QModelIndex) -> None:
        row = self._model.row(index)
        if row is not None:
            self._bench.sources.look_at(row.key)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._command(event) is not None:
            event.accept()  # or the shortcut of the window would get it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = self._command(event)
        if command is None:
            super().keyPressEvent(event)
        else:
            self._run(command)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else self.currentIndex()
        row = self._model.row(index)
        if row is None:
            return
        self._bench.sources.select(row.key)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _MENU:
            if name == "|":
                menu.addSeparator()
            else:
                menu.addAction(self._actions[name])
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        menu.popup(event.globalPos() if by_mouse else below)

    def startDrag(self, actions: Qt.DropAction) -> None:
        row = self._model.row(self.currentIndex())
        if row is not None:
            data = QMimeData()
            data.setData(MIME, row.key.encode())
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)

    def _command(self, event: QKeyEvent) -> str | None:
        plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        editing = self.state() == QAbstractItemView.State.EditingState
        return None if editing or plain else _KEYS.get(event.key())

    def _run(self, command: str) -> None:
        if self._actions[command].isEnabled():
            self._actions[command].trigger()


class SourcesPanel(HeadedList):
    """The list under its heading, with a button that adds files."""

    def __init__(self, bench: Workbench, actions: Actions):
        sources = SourceList(bench, actions)
        hint = QLabel("Every picture, every result and every file beside them will be kept here, to be compared.")
        hint.setProperty("role", "dim")
        hint.setWordWrap(True)
        hint.setContentsMargins(12, 4, 12, 4)
        super().__init__("SOURCES", sources, actions["add_files"], "Add files to compare", hint)
        self.list = sources
        bench.sources.changed.connect(lambda: hint.setVisible(not bench.sources.rows))
