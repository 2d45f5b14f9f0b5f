"""The furniture of the window, made from the table of commands: menus, tool bar and rail."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from daub.app.model.commands.commands import COMMANDS, MENUS, RAIL, TOOL_BAR
from daub.app.model.view.room import WIDTH_FOR_SOURCES
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import RAIL_ICON, TOOL_ICON
from daub.app.window.mnemonics import with_mnemonics

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


def build_tool_bar(actions: Actions, choosers: Mapping[str, QWidget]) -> QToolBar:
    """The row of buttons under the menus: what is opened, what is compared, and what is seen of it.

    Args:
        choosers: of the sides "a" and "b"; they stand to the left and to the right of the swap.
    """
    bar = _bar("Tools", "tools", TOOL_BAR, actions, TOOL_ICON)
    swap = actions["swap_sides"]
    bar.insertWidget(swap, choosers["a"])
    bar.insertWidget(bar.actions()[bar.actions().index(swap) + 1], choosers["b"])
    return bar


def fit_tool_bar(bar: QToolBar, actions: Actions, width: int) -> None:
    """Icons alone in a narrow window, so that none of them has to go. Args: width: of the window, logical pixels."""
    styles = Qt.ToolButtonStyle
    style = styles.ToolButtonTextBesideIcon if width >= WIDTH_FOR_SOURCES else styles.ToolButtonIconOnly
    for name in _WORDED:
        button = bar.widgetForAction(actions[name])
        if isinstance(button, QToolButton) and button.toolButtonStyle() != style:
            button.setToolButtonStyle(style)


def build_rail(actions: Actions) -> QToolBar:
    """The column of buttons at the left edge: what the mouse does to the picture, and what lies over it."""
    rail = _bar("Rail", "rail", RAIL, actions, RAIL_ICON)
    rail.setOrientation(Qt.Orientation.Vertical)
    rail.setMinimumSize(0, 0)  # that of the row it was before: the window could not be made as narrow as it may be
    return rail


def _bar(title: str, name: str, commands: tuple[str, ...], actions: Actions, size: int) -> QToolBar:
    """Args: size: of its icons, logical pixels."""
    bar = QToolBar(title)
    bar.setObjectName(name)
    bar.setMovable(False)
    bar.setIconSize(QSize(size, size))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    for command in commands:
        if command == "|":
            bar.addSeparator()
        elif command == ">":
            spacer = QWidget()
            spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            bar.addWidget(spacer)
        else:
            bar.addAction(actions[command])
            button = bar.widgetForAction(actions[command])
            if isinstance(button, QToolButton) and command in _WORDED:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return bar
