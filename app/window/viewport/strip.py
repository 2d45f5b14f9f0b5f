"""The strip at the foot of the viewport: a bar of tabs, and under it what the chosen one shows."""

from __future__ import annotations

from typing import Protocol

from imgui_bundle import ImVec2, imgui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from daub.app.model.view.chrome import Chrome
from daub.app.window.look.theme import Theme
from daub.app.window.panels.elided_label import ElidedLabel
from daub.app.window.viewport.hint import BAR
from daub.app.window.viewport.tint import tint

LOWEST = 80  # logical pixels, of what a tab shows
_PICTURE = 160  # logical pixels that a strip leaves to the picture
_ROOMY = 720  # logical pixels of a bar in which the tabs have their whole names, with a line beside them
_PADDING = 10, 6  # logical pixels around what a tab draws


class Tab(Protocol):
    """Something the strip can show, drawn with Dear ImGui; `QtTab` is for what is a widget.

    Attributes:
        name: on its tab, and what `Chrome.tab` calls it.
        short: on its tab where there is little room.
    """

    name: str
    short: str

    def has_content(self) -> bool:
        """It has something to show; without it there is no tab."""

    def summary(self) -> tuple[str, ...]:
        """In the bar while the strip is folded: a line, and shorter ones for where it does not fit; () for nothing."""

    def draw(self, width: float, height: float, theme: Theme) -> None:
        """Into the current window of Dear ImGui, from its cursor on. Args: width, height: logical pixels it has."""


class QtTab(Protocol):
    """As `Tab`, with a widget that the strip places.

    Attributes:
        widget: what it shows.
    """

    name: str
    short: str
    widget: QWidget

    def has_content(self) -> bool:
        """As that of `Tab`."""

    def summary(self) -> tuple[str, ...]:
        """As that of `Tab`."""


class Strip(QWidget):
    """The bar, which lies on the viewport, over the place where the viewport lets the chosen tab draw.

    A tab without content is hidden, and the whole strip while no tab has any.

    Args:
        chrome: says which tab is chosen, whether it is unfolded, and how high.
        over: what it lies on.
    """

    def __init__(self, chrome: Chrome, over: QWidget):
        super().__init__(over)
        self._chrome, self._over = chrome, over
        self._tabs: dict[str, Tab | QtTab] = {}
        self._buttons: dict[str, QToolButton] = {}
        self.draws = True  # what the tabs draw with Dear ImGui is seen
        self._grip: float | None = None  # where the bar was taken hold of
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 2, 6, 2)
        self._row.setSpacing(2)
        self.line = ElidedLabel()  # the tabs go first
        self.line.setProperty("role", "dim")
        self.line.setContentsMargins(10, 0, 4, 0)  # apart from the tabs
        self._row.addWidget(self.line, 1)
        self.fold = QToolButton()
        self.fold.setProperty("role", "fold")
        self.fold.setCursor(Qt.CursorShape.ArrowCursor)
        self.fold.clicked.connect(lambda: chrome.set(strip=not chrome.strip))
        self._row.addWidget(self.fold)
        self.hide()

    def add(self, tab: Tab | QtTab) -> None:
        """One tab more, to the right of the others."""
        button = QToolButton()
        button.setText(tab.name)
        button.setAccessibleName(tab.name)
        button.setCheckable(True)
        button.setProperty("role", "tab")
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(lambda: self._chrome.toggle_tab(tab.name))
        self._row.insertWidget(len(self._tabs), button)
        self._tabs[tab.name], self._buttons[tab.name] = tab, button
        if hasattr(tab, "widget"):
            tab.widget.setParent(self._over)
            tab.widget.hide()
        self.refresh()

    @property
    def all_tabs(self) -> tuple[Tab | QtTab, ...]:
        """Also those that have nothing to show."""
        return tuple(self._tabs.values())

    @property
    def shown(self) -> Tab | QtTab | None:
        """The tab that is unfolded."""
        tab = self._tabs.get(self._chrome.tab)
        return tab if self._chrome.strip and tab is not None and self._can_show(tab) else None

    @property
    def taken(self) -> int:
        """Logical pixels of the picture that lie under the strip."""
        if not self._chrome.tabs:
            return 0
        return BAR + (self._content_height if self.shown is not None else 0)

    def refresh(self) -> None:
        """Asks the tabs whether they have something to show, and takes its place."""
        self._chrome.offer(tabs=[name for name, tab in self._tabs.items() if self._can_show(tab)])
        shown = self.shown
        for name, button in self._buttons.items():
            button.setVisible(name in self._chrome.tabs)
            button.setChecked(shown is not None and shown.name == name)
        self.fold.setArrowType(Qt.ArrowType.DownArrow if shown is not None else Qt.ArrowType.UpArrow)
        self.fold.setToolTip("Fold" if shown is not None else "Unfold")
        chosen = self._tabs.get(self._chrome.tab)
        tells = chosen is not None and shown is None and chosen.has_content()
        self.line.show_line(*((tells and chosen.summary()) or [""]))
        self.fold.setVisible(self._chrome.tab in self._chrome.tabs)
        self.setVisible(bool(self._chrome.tabs))
        self.place()

    def _can_show(self, tab: Tab | QtTab) -> bool:
        return tab.has_content() and (self.draws or hasattr(tab, "widget"))

    def place(self) -> None:
        """Lies at the foot of what it lies on."""
        width, bottom, shown = self._over.width(), self._over.height(), self.shown
        for name, button in self._buttons.items():
            button.setText(name if width >= _ROOMY else self._tabs[name].short)
        self.setGeometry(0, bottom - self.taken, width, BAR)
        for tab in self._tabs.values():
            if hasattr(tab, "widget"):
                tab.widget.setVisible(tab is shown)
                if tab is shown:
                    tab.widget.setGeometry(0, bottom - self._content_height, width, self._content_height)
                    tab.widget.raise_()
        self.raise_()

    def draw(self, theme: Theme) -> None:
        """What the chosen tab draws, into the frame of Dear ImGui."""
        shown = self.shown
        if shown is None or not hasattr(shown, "draw"):
            return
        width, height = self._over.width(), self._content_height
        imgui.set_next_window_pos(ImVec2(0, self._over.height() - height))
        imgui.set_next_window_size(ImVec2(width, height))
        imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(*_PADDING))
        imgui.push_style_var(imgui.StyleVar_.window_border_size, 0.0)
        imgui.push_style_var(imgui.StyleVar_.window_rounding, 0.0)
        imgui.push_style_color(imgui.Col_.window_bg, tint(theme.strip))
        imgui.push_style_color(imgui.Col_.text, tint(theme.text))
        flags = imgui.WindowFlags_
        imgui.begin("strip", None, flags.no_decoration | flags.no_move | flags.no_saved_settings | flags.no_nav)
        shown.draw(width - 2 * _PADDING[0], height - 2 * _PADDING[1], theme)
        imgui.end()
        imgui.pop_style_color(2)
        imgui.pop_style_var(3)

    @property
    def _content_height(self) -> int:
        return max(LOWEST, min(self._chrome.strip_height, self._over.height() - BAR - _PICTURE))

    # The bar is dragged to make the strip higher or lower.

    def mousePressEvent(self, event) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position().y()

    def mouseMoveEvent(self, event) -> None:
        if self._grip is None:
            return
        top = self.mapTo(self._over, event.position()).y() - self._grip
        height = round(self._over.height() - top - BAR)
        highest = max(LOWEST, self._over.height() - BAR - _PICTURE)
        self._chrome.set(strip=height > LOWEST // 2, strip_height=min(max(height, LOWEST), highest))

    def mouseReleaseEvent(self, event) -> None:
        self._grip = None

    def mouseDoubleClickEvent(self, event) -> None:
        self._chrome.set(strip=not self._chrome.strip)
