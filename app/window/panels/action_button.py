"""A push button for an action."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from daub.app.window.mnemonics import unmarked


class ActionButton(QPushButton):
    """Has the text and the tooltip of an action, triggers it, and can be used whenever that can.

    Args:
        role: "primary" or "plain", for the style sheet.
        text: on it, where that of the action is too long.
    """

    def __init__(self, action: QAction, role: str, text: str = ""):
        super().__init__(text or unmarked(action.text()))
        self._own = text
        self.setProperty("role", role)
        self.clicked.connect(action.trigger)
        action.changed.connect(lambda: self._follow(action))
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
        action.enabledChanged.connect(self.setEnabled)

    def _follow(self, action: QAction) -> None:
        self.setToolTip(action.toolTip())
        text = self._own or unmarked(action.text())
        if self.text() != text:
            self.setText(text)
