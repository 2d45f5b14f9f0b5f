"""The furniture of the window, made from the table of commands: menus, tool bar and rail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSizePolicy, QToolButton, QWidget

from daub.app.model.commands.commands import COMMANDS, MENUS, OF_PICTURES, OF_SCENES, RAIL, TOOL_BAR
from daub.app.model.view.room import HEIGHT_FOR_STRIP
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import RAIL_ICON, TIGHT_ICON, TOOL_ICON
from daub.app.window.mnemonics import with_mnemonics
from daub.app.window.panels.bar import Bar

_WORDED = ("open_file", "view_source", "view_split", "view_decoded", "view_difference")  # in the tool bar


def build_menus(window: QMainWindow, actions: Actions) -> QMenu:
    """Fills the menu bar, as it is without a scene; returns the menu of recent files, which is empty."""
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
    show_menus(window, of_scene=False)
    return recent


def show_menus(window: QMainWindow, of_scene: bool) -> None:
    """Shows the menus that can do something with a scene, or with a picture."""
    hidden = OF_PICTURES if of_scene else OF_SCENES
    for name, action in zip(MENUS, window.menuBar().actions(), strict=True):
        action.setVisible(name not in hidden)


def build_tool_bar(actions: Actions, choosers: Sequence[Mapping[str, QWidget]]) -> tuple[Bar, list[list[QAction]]]:
    """The row of buttons under the menus: what is opened, what is compared, and what is seen of it.

    Args:
        choosers: of the sides "a" and "b", which stand to the left and to the right of the swap: of a picture, and of
            a scene.

    Returns:
        The bar, and the actions that show each pair of choosers, of which the first is seen.
    """
    bar, shown = _bar("Tools", "tools", TOOL_BAR, actions, TOOL_ICON), []
    swap = actions["swap_sides"]
    for pair in choosers:
        behind = bar.actions()[bar.actions().index(swap) + 1]
        shown.append([bar.insertWidget(before, pair[side]) for before, side in ((swap, "a"), (behind, "b"))])
    for pair in shown[1:]:
        show_choosers(pair, False)
    return bar, shown


def show_choosers(actions: Sequence[QAction], on: bool) -> None:
    """Shows a pair of choosers, or hides it. Args: actions: as of `build_tool_bar`."""
    for action in actions:
        action.setVisible(on)


def build_rail(actions: Actions) -> Bar:
    """The column of buttons at the left edge: what the mouse does to the picture, and what lies over it."""
    rail = _bar("Rail", "rail", RAIL, actions, RAIL_ICON)
    rail.setOrientation(Qt.Orientation.Vertical)
    rail.setMinimumSize(0, 0)  # that of the row it was before: the window could not be made as narrow as it may be
    return rail


def fit_rail(rail: Bar, height: int) -> None:
    """Its buttons closer together in a low window, so that none of them has to go. Args: height: of the window."""
    tight = height < HEIGHT_FOR_STRIP
    if rail.property("tight") != tight:
        rail.setProperty("tight", tight)
        size = TIGHT_ICON if tight else RAIL_ICON
        rail.setIconSize(QSize(size, size))
        for widget in (rail, *rail.findChildren(QToolButton)):
            widget.style().unpolish(widget)  # so that the style sheet is asked anew
            widget.style().polish(widget)
        QApplication.sendEvent(rail, QEvent(QEvent.Type.StyleChange))  # the layout asks anew for the spacing


def _bar(title: str, name: str, commands: tuple[str, ...], actions: Actions, size: int) -> Bar:
    """Args: size: of its icons, logical pixels."""
    bar = Bar(title, name, size)
    for command in commands:
        if command == "|":
            bar.addSeparator()
        elif command == ">":
            spacer = QWidget()
            spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            bar.addWidget(spacer)
        elif command in _WORDED:
            bar.add_worded(actions[command])
        else:
            bar.addAction(actions[command])
    return bar
