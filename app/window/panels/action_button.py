"""A push button and a check box for an action."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QPushButton

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


class ActionCheck(QCheckBox):
    """Is checked as an action is that can be checked, and changes it."""

    def __init__(self, action: QAction):
        super().__init__(unmarked(action.text()))
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setChecked(self._action.isChecked())
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
