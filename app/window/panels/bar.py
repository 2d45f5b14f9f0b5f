"""What all rows of tools under the menus have in common, and a slider in one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QToolBar, QToolButton

from daub.app.model.view.room import WIDTH_FOR_SOURCES
from daub.app.window.look.sizes import TOOL_ICON

_WIDTH = 40, 120  # logical pixels of a slider, least and most


class Bar(QToolBar):
    """Stays where it is, and is not put away by hand.

    Args:
        title: for people.
        name: under which the window remembers its place.
        icon: logical pixels of its icons.
    """

    def __init__(self, title: str, name: str, icon: int = TOOL_ICON):
        super().__init__(title)
        self.setObjectName(name)
        self.setMovable(False)
        self.setIconSize(QSize(icon, icon))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._worded: list[QToolButton] = []

    def add_worded(self, action: QAction, words: str = "") -> None:
        """A button of icon and words. Args: words: shorter than those of the menu, where those are too long."""
        if words:
            action.setIconText(words)
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._worded.append(button)

    def fit(self, width: int) -> None:
        """Icons alone in a narrow window, so that no button has to go. Args: width: of the window, logical pixels."""
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonTextBesideIcon if width >= WIDTH_FOR_SOURCES else styles.ToolButtonIconOnly
        for button in self._worded:
            if button.toolButtonStyle() != style:
                button.setToolButtonStyle(style)


class BarSlider:
    """A slider between its name and its value in words.

    Args:
        spoken: its name for those who hear the window.
        longest: words that must have room.
        move: is told where a hand moves it.

    Attributes:
        actions: of its parts, for what is to be seen only at times.
    """

    def __init__(
        self, bar: Bar, name: str, spoken: str, span: tuple[int, int], longest: str, move: Callable[[int], None]
    ):
        self._label, self.slider, self.words = QLabel(f"{name} "), QSlider(Qt.Orientation.Horizontal), QLabel()
        least, most = span
        self.slider.setRange(least, most)
        self.slider.setPageStep(max((most - least) // 10, 1))
        self.slider.setMinimumWidth(_WIDTH[0])
        self.slider.setMaximumWidth(_WIDTH[1])
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setAccessibleName(spoken)
        self.slider.setToolTip(spoken)
        self.slider.valueChanged.connect(move)
        self.words.setMinimumWidth(self.words.fontMetrics().horizontalAdvance(longest) + 6)
        self.words.setProperty("role", "dim")
        self._label.setContentsMargins(6, 0, 2, 0)
        self.words.setContentsMargins(4, 0, 2, 0)
        self.actions = [bar.addWidget(widget) for widget in (self._label, self.slider, self.words)]

    def show(self, value: int, words: str) -> None:
        """The value as it is, but not under a hand; nobody is told."""
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(value)
            self.slider.blockSignals(False)
        self.words.setText(words)

    def explain(self, hint: str) -> None:
        """What it does."""
        self.slider.setToolTip(hint)

    def enable(self, enabled: bool) -> None:
        """It does something now, or nothing."""
        for widget in (self._label, self.slider, self.words):
            widget.setEnabled(enabled)
