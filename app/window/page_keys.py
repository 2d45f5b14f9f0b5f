"""Page Up and Page Down go to whatever has a use for them: a slider, a field with a number, a list, a page.

The window has a command for each, and its shortcut would come first.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QAbstractSpinBox, QApplication, QComboBox, QWidget

_KEYS = Qt.Key.Key_PageUp, Qt.Key.Key_PageDown
_USERS = QAbstractSlider, QAbstractSpinBox, QAbstractScrollArea, QComboBox
_UNMODIFIED = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


class PageKeys(QObject):
    """Keeps the shortcuts of a window away from those that have the keyboard and need these keys.

    Args:
        window: whose shortcuts.
        except_for: what has them do what the window's commands do.
    """

    def __init__(self, window: QWidget, except_for: QWidget):
        super().__init__(window)
        self._except_for = except_for
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The question whether anybody wants the key goes up from what has the keyboard, until somebody says yes.
        if event.type() != QEvent.Type.ShortcutOverride or event.key() not in _KEYS:
            return False
        focus = QApplication.focusWidget()
        if event.modifiers() not in _UNMODIFIED or not isinstance(focus, _USERS) or focus is self._except_for:
            return False
        event.accept()
        return True
