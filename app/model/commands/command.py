"""What a command is: a function on the workbench, with all that menus, keys and buttons need to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daub.app.model.workbench import Workbench


def always(bench: Workbench) -> bool:
    """Of commands that can be called at any time."""
    return True


@dataclass(frozen=True)
class Command:
    """One thing that can be done.

    Args:
        menu: one of MENUS.
        name: its identity.
        text: in the menu.
        run: does it.
        keys: shortcuts in Qt's portable text; the first is shown.
        icon: name of a file in resources/icons.
        rule: a line goes before it in the menu.
        enabled: whether it can be called.
        checked: whether it is on; None for what is not switched.
        group: exactly one of those with this name is on.
        words: its text at this moment, where that changes.
        note: what its tooltip says besides, at this moment.
        shown_icon: its icon at this moment, where that changes.
    """

    menu: str
    name: str
    text: str
    run: Callable[[Workbench], None]
    keys: tuple[str, ...] = ()
    icon: str = ""
    rule: bool = False
    enabled: Callable[[Workbench], bool] = always
    checked: Callable[[Workbench], bool] | None = None
    group: str = ""
    words: Callable[[Workbench], str] | None = None
    note: Callable[[Workbench], str] | None = None
    shown_icon: Callable[[Workbench], str] | None = None
