"""Every key and gesture on one sheet, from the table of actions."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from daub.app.model.commands import COMMANDS, GESTURES


class CheatSheet(QDialog):
    """A window with all keys, from the table of commands."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Keys and gestures")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sections: dict[str, list[tuple[str, str]]] = {}
        for command in COMMANDS:
            if command.keys:
                sections.setdefault(command.menu, []).append((_keys(command.keys), command.text.rstrip("…")))
        sections["In the picture"] = list(GESTURES)
        columns = [["File", "Edit", "Fit", "Window", "Help"], ["View"], ["In the picture", "Importance"]]
        column = QVBoxLayout(self)
        row = QHBoxLayout()
        row.setSpacing(36)
        for names in columns:
            label = QLabel("".join(_section(name, sections.get(name, [])) for name in names))
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setTextFormat(Qt.TextFormat.RichText)
            row.addWidget(label)
        column.addLayout(row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column.addWidget(buttons)


def _keys(keys: tuple[str, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    shown = [QKeySequence(key).toString(native) for key in keys]
    return ", ".join(shown[:2])


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><td style='padding:2px 18px 2px 0; white-space:nowrap'><b>{escape(keys)}</b></td>"
        f"<td style='padding:2px 0; white-space:nowrap'>{escape(text)}</td></tr>"
        for keys, text in rows
    )
    return f"<h4 style='margin:8px 0 4px 0'>{escape(title)}</h4><table cellspacing='0'>{body}</table>"
