"""The furniture of the window, made from the table of actions: menus, tool bar, side panel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from daub.app.window.actions import ENTRIES, TOOL_BAR
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.profile_panel import ProfilePanel

PANEL_WIDTH = 304  # logical pixels
_WORDED = ("open_file", "view_source", "view_split", "view_decoded", "view_difference")  # in the tool bar


def build_menus(window: QMainWindow, actions: Mapping[str, QAction]) -> QMenu:
    """Fills the menu bar; returns the menu of recent files, which is empty."""
    menus: dict[str, QMenu] = {}
    recent = QMenu("Open recent", window)
    recent.setToolTipsVisible(True)
    for entry in ENTRIES:
        if entry.menu not in menus:
            menus[entry.menu] = window.menuBar().addMenu(entry.menu)
        menu = menus[entry.menu]
        if entry.rule:
            menu.addSeparator()
        menu.addAction(actions[entry.name])
        if entry.name == "open_sample":
            menu.addMenu(recent)
    return recent


def build_tool_bar(actions: Mapping[str, QAction]) -> QToolBar:
    bar = QToolBar("Tools")
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setIconSize(QSize(18, 18))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    for name in TOOL_BAR:
        if name == "|":
            bar.addSeparator()
        elif name == ">":
            spacer = QWidget()
            spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            bar.addWidget(spacer)
        else:
            bar.addAction(actions[name])
            button = bar.widgetForAction(actions[name])
            if isinstance(button, QToolButton) and name in _WORDED:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return bar


class SidePanel(QDockWidget):
    """The fit above, how it goes and what it shall reach in the middle, what it has reached below."""

    def __init__(
        self, actions: Mapping[str, QAction], transport: QWidget, method: ProfilePanel, goals: QWidget, result: QWidget
    ):
        super().__init__("Settings and result")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        self._settings = _section("METHOD", method, method.parts.fold), _section("GOAL", goals)
        for section in (_section("FIT", transport), *self._settings):
            rule = QFrame()
            rule.setProperty("role", "rule")
            rule.setFixedHeight(1)
            section.layout().addWidget(rule)
            column.addWidget(section)
        column.addWidget(_section("RESULT", result))
        exports = QHBoxLayout()
        for name, role in (("export_daub", "primary"), ("export_png", "plain")):
            exports.addWidget(ActionButton(actions[name], role), 1)
        column.addLayout(exports)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(PANEL_WIDTH)
        self.setObjectName("panel")
        self.setTitleBarWidget(QWidget())  # the headings say enough
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea)
        self.setWidget(scroll)

    def show_settings(self, on: bool) -> None:
        """Method and goal of a fit: beside a file that was opened they would pass for facts about it."""
        for section in self._settings:
            section.setEnabled(on)
            section.setVisible(on)


def _section(heading: str, widget: QWidget, beside: QWidget | None = None) -> QWidget:
    """Args: beside: stands at the right end of the heading."""
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    label = QLabel(heading)
    label.setProperty("role", "heading")
    head = QHBoxLayout()
    head.addWidget(label, 1)
    if beside is not None:
        head.addWidget(beside)
    column.addLayout(head)
    column.addWidget(widget)
    return section
