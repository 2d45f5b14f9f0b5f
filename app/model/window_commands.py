"""The commands of the menus Window and Help: the furniture around the picture, and what explains it."""

from __future__ import annotations

from functools import partial

from daub.app.model.chrome import Appearance
from daub.app.model.command import Command
from daub.app.model.workbench import Workbench


def choose_appearance(appearance: Appearance, bench: Workbench) -> None:
    """Dark, light, or as the system."""
    bench.chrome.set(appearance=appearance)


def toggle_chrome(name: str, bench: Workbench) -> None:
    """Args: name: an attribute of `Chrome` that is on or off."""
    bench.chrome.set(**{name: not getattr(bench.chrome, name)})


def _chrome(field: str, name: str, text: str, key: str, icon: str = "") -> Command:
    return Command(
        "Window", name, text, partial(toggle_chrome, field), (key,), icon,
        checked=lambda bench: getattr(bench.chrome, field),
    )  # fmt: skip


def _appearance(appearance: Appearance, text: str, rule: bool = False) -> Command:
    return Command(
        "Window", f"appearance_{appearance}", text, partial(choose_appearance, appearance), rule=rule,
        group="appearance", checked=lambda bench: bench.chrome.appearance is appearance,
    )  # fmt: skip


COMMANDS = (
    _chrome("timeline", "show_timeline", "Timeline", "T", "timeline"),
    _chrome("panel", "show_panel", "Settings and result", "F9", "panel"),
    _chrome("full_screen", "full_screen", "Full screen", "F11"),
    _appearance(Appearance.SYSTEM, "Appearance of the system", rule=True),
    _appearance(Appearance.LIGHT, "Light"),
    _appearance(Appearance.DARK, "Dark"),
    Command("Help", "cheat_sheet", "Keys and gestures", lambda bench: bench.host.open_cheat_sheet(), ("?", "F1")),
    Command("Help", "about", "About Daub", lambda bench: bench.host.open_about()),
)  # fmt: skip
