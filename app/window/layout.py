"""The furniture of the window, made from the table of commands: menus, tool bar, side panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
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

from daub.app.model.commands import COMMANDS, MENUS, TOOL_BAR
from daub.app.window.actions import Actions
from daub.app.window.mnemonics import with_mnemonics
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.profile_panel import ProfilePanel
from daub.app.window.panels.transport import Transport

PANEL_WIDTH = 304  # logical pixels
_WORDED = ("open_file", "view_source", "view_split", "view_decoded", "view_difference")  # in the tool bar


def build_menus(window: QMainWindow, actions: Actions) -> QMenu:
    """Fills the menu bar; returns the menu of recent files, which is empty."""
    recent = QMenu("Open &recent", window)
    recent.setToolTipsVisible(True)
    for title, name in zip(with_mnemonics(MENUS), MENUS, strict=True):
        menu = window.menuBar().addMenu(title)
        for command in COMMANDS:
            if command.menu != name:
                continue
            if command.rule:
                menu.addSeparator()
            menu.addAction(actions[command.name])
            if command.name == "open_sample":
                menu.addMenu(recent)
    return recent


def build_tool_bar(actions: Actions) -> QToolBar:
    """The row of buttons under the menus."""
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

    def __init__(self, actions: Actions, transport: Transport, method: ProfilePanel, goals: QWidget, result: QWidget):
        super().__init__("Settings and result")
        self._settings = _section("METHOD", method, method.parts.fold), _section("GOAL", goals)
        self._settings[0].layout().addWidget(_rule())
        settings, column = _column(0)
        for section in self._settings:
            column.addWidget(section)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(settings)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        above, column = _column(8)
        column.addWidget(_section("FIT", transport, transport.left))
        column.addWidget(_rule())
        below, column = _column(8)
        column.addWidget(_rule())
        column.addWidget(_section("RESULT", result))
        exports = QHBoxLayout()
        for name, role in (("export_daub", "primary"), ("export_png", "plain")):
            exports.addWidget(ActionButton(actions[name], role), 1)
        column.addLayout(exports)
        content = QWidget()
        content.setMinimumWidth(PANEL_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(above)
        column.addWidget(scroll, 1)  # in a low window the settings scroll; how it goes and what came of it do not
        column.addWidget(below)
        self.setObjectName("panel")
        self.setTitleBarWidget(QWidget())  # the headings say enough
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea)
        self.setWidget(content)

    def show_settings(self, on: bool) -> None:
        """Method and goal of a fit: beside a file that was opened they would pass for facts about it."""
        for section in self._settings:
            section.setEnabled(on)
            section.setVisible(on)


def _column(margin: int) -> tuple[QWidget, QVBoxLayout]:
    """A part of the panel. Args: margin: logical pixels above and below."""
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(16, margin, 16, margin)
    column.setSpacing(6)
    return widget, column


def _rule() -> QFrame:
    """A thin line."""
    rule = QFrame()
    rule.setProperty("role", "rule")
    rule.setFixedHeight(1)
    return rule


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
