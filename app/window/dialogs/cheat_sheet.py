"""Every key and gesture on one sheet, from the table of commands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from daub.app.model.commands.commands import COMMANDS, GESTURES, MENUS

_GESTURES = "In the picture"
_COLUMN = 370  # logical pixels, about, of a column that is read with ease
_MOST = 3  # columns
_KEYS = 150  # logical pixels of the keys in it, at most: a gesture takes more words, and then more lines
_GAP = 36  # logical pixels between two columns
_MARGIN = 120  # logical pixels that the sheet leaves of the window around it, at least


class CheatSheet(QDialog):
    """A window with all keys, in as many columns as the screen has room for, so that it scrolls downwards alone.

    In each column all keys are as wide, so that what they do stands in one line.
    """

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Keys and gestures")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = parent.screen().availableSize()
        count = max(1, min(_MOST, (room.width() - _MARGIN) // _COLUMN))
        sheet = QWidget()
        row = QHBoxLayout(sheet)
        row.setSpacing(_GAP)
        for sections in _columns(_sections(), count):
            row.addLayout(_grid(sections), 1)
        scroll = QScrollArea()
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.addWidget(scroll)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column.addWidget(buttons)
        width = min(count * (_COLUMN + _GAP) + 50, room.width() - _MARGIN // 2)
        height = sheet.heightForWidth(width - 50) + 70
        self.resize(width, min(height, room.height() - _MARGIN))


def _sections() -> dict[str, list[tuple[str, str]]]:
    """Keys and what they do, by menu."""
    sections: dict[str, list[tuple[str, str]]] = {menu: [] for menu in MENUS}
    for command in COMMANDS:
        if command.keys:
            sections[command.menu].append((_keys(command.keys), command.text.rstrip("…")))
    sections[_GESTURES] = list(GESTURES)
    return {title: rows for title, rows in sections.items() if rows}


def _columns(sections: dict[str, list[tuple[str, str]]], count: int) -> list[dict[str, list[tuple[str, str]]]]:
    """The sections in their order, over so many columns that are about as long."""
    lines = sum(len(rows) + 2 for rows in sections.values())
    columns, filled = [{}], 0
    for title, rows in sections.items():
        if filled + (len(rows) + 2) / 2 > len(columns) * lines / count and len(columns) < count:
            columns.append({})
        columns[-1][title] = rows
        filled += len(rows) + 2
    return columns


def _grid(sections: dict[str, list[tuple[str, str]]]) -> QVBoxLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    for title, rows in sections.items():
        heading = QLabel(title.upper())
        heading.setProperty("role", "heading")
        heading.setContentsMargins(0, 10 if grid.count() else 0, 0, 2)
        grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
        for keys, text in rows:
            line = grid.rowCount()
            for place, words in enumerate((keys, text)):
                label = QLabel(words)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setProperty("role", "key" if place == 0 else "")
                label.setWordWrap(place == 1 or label.sizeHint().width() > _KEYS)
                if place == 0:
                    label.setMaximumWidth(_KEYS)
                grid.addWidget(label, line, place, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.addLayout(grid)
    column.addStretch(1)
    return column


def _keys(keys: tuple[str, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in keys[:2])
