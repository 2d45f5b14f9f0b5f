"""A push button that stands for an action."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton


class ActionButton(QPushButton):
    """A push button that stands for an action: its text, tooltip and whether it can be used.

    Args:
        role: "primary" or "plain", for the style sheet.
    """

    def __init__(self, action: QAction, role: str):
        super().__init__(action.text())
        self.setProperty("role", role)
        self.clicked.connect(action.trigger)
        action.changed.connect(lambda: self.setToolTip(action.toolTip()))
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
        action.enabledChanged.connect(self.setEnabled)
