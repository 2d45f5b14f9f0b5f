"""The columns beside the picture: docks without a title bar, and in the right one pages between what is always seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from daub.app.model.view.chrome import Chrome
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import GAP, MARGIN, PANEL_WIDTH
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.profile_panel import ProfilePanel
from daub.app.window.panels.section import rule, section
from daub.app.window.panels.transport import Transport


class Column(QDockWidget):
    """A dock that stays where it is; its headings say enough.

    Args:
        name: its identity, in the layout that is kept.
        width: logical pixels, at least.
    """

    def __init__(self, title: str, name: str, content: QWidget, width: int, area: Qt.DockWidgetArea):
        super().__init__(title)
        self.setObjectName(name)
        self.setTitleBarWidget(QWidget())
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.setAllowedAreas(area)
        content.setMinimumWidth(width)
        self.setWidget(content)


class SidePanel(Column):
    """How the fit goes above, pages in the middle, what it has come to below.

    Args:
        chrome: says which page is chosen.
    """

    def __init__(self, actions: Actions, chrome: Chrome, transport: Transport, result: QWidget):
        self._chrome = chrome
        self._pages: dict[str, tuple[QWidget, Callable[[], bool]]] = {}
        self._bar, self._stack = QTabBar(), QStackedWidget()
        self._bar.setObjectName("pages")
        self._bar.setDrawBase(False)
        self._bar.setExpanding(True)
        self._bar.setAccessibleName("Pages")
        above, column = _column(8)
        column.addWidget(section("FIT", transport, transport.left))
        below, column = _column(8)
        column.addWidget(section("RESULT", result))
        exports = QHBoxLayout()
        for name, role in (("export_daub", "primary"), ("export_png", "plain")):
            exports.addWidget(ActionButton(actions[name], role), 1)
        column.addLayout(exports)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # In a low window the pages scroll; how it goes and what came of it do not.
        self._of_fit = above, rule(), rule(), below
        above, first, last, below = self._of_fit
        for widget, stretch in ((above, 0), (first, 0), (self._bar, 0), (self._stack, 1), (last, 0), (below, 0)):
            column.addWidget(widget, stretch)
        super().__init__("Settings and result", "panel", content, PANEL_WIDTH, Qt.DockWidgetArea.RightDockWidgetArea)
        self._bar.currentChanged.connect(self._choose)
        chrome.changed.connect(self.refresh)

    def show_fit(self, on: bool) -> None:
        """What goes on in a fit and has come of it is seen, or there can be none."""
        for widget in self._of_fit:
            widget.setVisible(on)

    def add_page(self, name: str, widget: QWidget, has_content: Callable[[], bool] = lambda: True) -> None:
        """One page more, to the right of the others; it is hidden while it has nothing to show."""
        inner, column = _column(8)
        column.addWidget(widget)
        if widget.sizePolicy().verticalPolicy() is not QSizePolicy.Policy.Expanding:
            column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages[name] = scroll, has_content
        self._stack.addWidget(scroll)
        self._bar.addTab(name)
        self.refresh()

    def refresh(self) -> None:
        """Asks the pages whether they have something to show, and shows the one that is chosen."""
        self._chrome.offer(pages=[name for name, (_, has_content) in self._pages.items() if has_content()])
        names, offered = list(self._pages), self._chrome.pages
        self._bar.blockSignals(True)
        for index, name in enumerate(names):
            # To set what it is already makes Qt forget that another tab has come: that one gets no room then.
            if self._bar.isTabVisible(index) != (name in offered):
                self._bar.setTabVisible(index, name in offered)
            self._pages[name][0].setEnabled(name in offered)  # no key gets there
        shown = self._chrome.page if self._chrome.page in offered else next(iter(offered), None)
        if shown is not None:
            self._bar.setCurrentIndex(names.index(shown))
            self._stack.setCurrentWidget(self._pages[shown][0])
        self._bar.blockSignals(False)
        self._bar.setVisible(len(offered) > 1)
        self._stack.setVisible(bool(offered))

    def _choose(self, index: int) -> None:
        self._chrome.show_page(list(self._pages)[index])


class EncodePage(QWidget):
    """Goal and method of a fit."""

    def __init__(self, method: ProfilePanel, goals: QWidget):
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(section("GOAL", goals))  # first, for it is what a low window has to show
        column.addWidget(rule())
        column.addWidget(section("METHOD", method, method.parts.fold))


def _column(margin: int) -> tuple[QWidget, QVBoxLayout]:
    """A part of the panel. Args: margin: logical pixels above and below."""
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(MARGIN, margin, MARGIN, margin)
    column.setSpacing(GAP)
    return widget, column
