"""The button that says what is on a side, with a menu of all that can be put there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton

_WIDTH = 190  # logical pixels, at most
_ARROW = 40  # logical pixels of it that are none of the words'


class Chooser(QToolButton):
    """See above.

    Args:
        name: by which the window knows it.
        letter: of the side.
        fill: is given the menu, emptied, each time before it is shown.
    """

    def __init__(self, name: str, letter: str, fill: Callable[[QMenu], object]):
        super().__init__()
        self._letter, self._fill = letter, fill
        self.setObjectName(name)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setMaximumWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._open)
        self.setMenu(menu)

    def tell(self, name: str | None) -> None:
        """Says what is on the side, elided where it is long. Args: name: None for nothing."""
        known = "nothing" if name is None else name
        room = _WIDTH - _ARROW - self.fontMetrics().horizontalAdvance(f"{self._letter}: ")
        elided = self.fontMetrics().elidedText(known, Qt.TextElideMode.ElideMiddle, room)
        text = f"{self._letter}: {elided}".replace("&", "&&")
        if text != self.text():  # what is told again and again while a fit goes on would lay out the bar each time
            self.setText(text)
        side = f"Side {self._letter}"
        self.setToolTip(side if name is None else f"{side}: {name}\nChoose what is compared")
        self.setAccessibleName(f"{side}: {known}")

    def _open(self) -> None:
        menu = self.menu()
        menu.clear()
        for old in menu.findChildren(QMenu):
            old.deleteLater()
        self._fill(menu)
