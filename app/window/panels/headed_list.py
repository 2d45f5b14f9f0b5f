"""A list under its heading, with a button that adds to it."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget


class HeadedList(QWidget):
    """See above.

    Args:
        heading: in capitals.
        content: the list.
        add: adds something to it.
        adds: what that is, for those who hear the window.
        hint: stands above the list where that has nothing yet, None for nowhere.
    """

    def __init__(self, heading: str, content: QWidget, add: QAction, adds: str, hint: QWidget | None = None):
        super().__init__()
        label = QLabel(heading)
        label.setProperty("role", "heading")
        label.setBuddy(content)
        button = QToolButton()
        button.setText("+")
        button.setProperty("role", "fold")
        button.setToolTip(add.toolTip())
        button.setAccessibleName(adds)
        button.clicked.connect(add.trigger)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 8, 2)
        head.addWidget(label, 1)
        head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        if hint is not None:
            column.addWidget(hint)
        column.addWidget(content, 1)
