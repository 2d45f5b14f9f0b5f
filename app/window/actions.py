"""The commands as actions of Qt, which menus, tool bar and buttons show."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from daub.app.model.commands.command import Command
from daub.app.model.commands.commands import COMMANDS, MENUS
from daub.app.model.workbench import Workbench
from daub.app.window.look.icons import icon
from daub.app.window.look.theme import Theme
from daub.app.window.mnemonics import marked, mnemonics


class Actions:
    """An action for each command; what it is called, and whether it can be used, follows the workbench.

    Args:
        window: in which the shortcuts hold.
        bench: what the commands work on.
    """

    def __init__(self, window: QWidget, bench: Workbench):
        self._bench = bench
        self._theme: Theme | None = None
        self._icons: dict[str, str] = {}  # that the actions have, by name
        self._is_running = False  # a command is: it tells of much, and the actions follow at its end
        self._letters = _letters()
        self._groups: dict[str, QActionGroup] = {}
        self.by_name: dict[str, QAction] = {command.name: self._action(command, window) for command in COMMANDS}
        bench.changed.connect(self.refresh)
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def refresh(self) -> None:
        """Asks every command how it stands."""
        if self._is_running:
            return
        for command in COMMANDS:
            action = self.by_name[command.name]
            text = command.words(self._bench) if command.words else command.text
            text = marked(text, self._letters[command.name])
            if action.text() != text:
                action.setText(text)
            if command.words or command.note:
                action.setToolTip(hint(command, self._bench))
            action.setEnabled(command.enabled(self._bench))
            if command.checked is not None:
                action.setChecked(command.checked(self._bench))
            self._show_icon(command, action)

    def show_theme(self, theme: Theme) -> None:
        """Icons in its colours."""
        self._theme = theme
        self._icons.clear()
        self.refresh()

    def _action(self, command: Command, window: QWidget) -> QAction:
        action = QAction(command.text, window)
        action.setObjectName(command.name)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setCheckable(command.checked is not None)
        action.setToolTip(hint(command, self._bench))
        action.setIconVisibleInMenu(False)  # there its place is for the check mark
        if command.group:
            if command.group not in self._groups:
                self._groups[command.group] = QActionGroup(window)
            self._groups[command.group].addAction(action)
        action.triggered.connect(lambda _=False: self._run(command))
        window.addAction(action)
        return action

    def _run(self, command: Command) -> None:
        outer, self._is_running = self._is_running, True
        try:
            command.run(self._bench)
        finally:
            self._is_running = outer
        self.refresh()  # Qt has switched it, the model may not have

    def _show_icon(self, command: Command, action: QAction) -> None:
        name = command.shown_icon(self._bench) if command.shown_icon else command.icon
        if name and self._theme is not None and self._icons.get(command.name) != name:
            self._icons[command.name] = name
            action.setIcon(icon(name, self._theme.text, self._theme.faint))


def _letters() -> dict[str, int | None]:
    """Where the letter is that takes an entry of a menu, by name; what changes begins as in the table."""
    found = {}
    for menu in MENUS:
        names = [command.name for command in COMMANDS if command.menu == menu]
        places = mnemonics([command.text for command in COMMANDS if command.menu == menu])
        found |= dict(zip(names, places, strict=True))
    return found


def hint(command: Command, bench: Workbench) -> str:
    """Its tooltip: what it does, the key, and what else is to be said."""
    text = command.words(bench) if command.words else command.text.rstrip("…")
    first = f"{text} - {shortcut_text(command)}" if command.keys else text
    note = command.note(bench) if command.note else ""
    return f"{first}\n{note}" if note else first


def shortcut_text(command: Command) -> str:
    """Its first key as this system writes it, "" without one."""
    return _key_text(command.keys[0]) if command.keys else ""


@cache  # every record of a fit has the tooltips told anew
def _key_text(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
