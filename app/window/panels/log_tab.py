"""The tab of the strip with all that has happened, to be read, selected and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from daub.app.model.output.log import Entry, Log
from daub.app.window.actions import Actions


class LogTab:
    """Args: actions: of one of them there is a button."""

    name = short = "Log"

    def __init__(self, log: Log, actions: Actions):
        self._log = log
        self.widget = QWidget()
        self.widget.setObjectName("log")
        self.widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setAccessibleName("Log")
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(8, 2, 8, 6)
        row.addWidget(self.text, 1)
        buttons = QVBoxLayout()
        copy = QToolButton()
        copy.setDefaultAction(actions["copy_log"])
        copy.setText("Copy all")
        copy.setProperty("role", "small")
        buttons.addWidget(copy)
        buttons.addStretch(1)
        row.addLayout(buttons)
        log.told.connect(self._append)

    def has_content(self) -> bool:
        return len(self._log) > 0

    def summary(self) -> tuple[str, ...]:
        return (list(self._log)[-1].line,)

    def _append(self, entry: Entry) -> None:
        self.text.appendPlainText(entry.text)
