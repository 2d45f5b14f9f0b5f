"""The commands of the menus Window and Help: the furniture around the picture, and what explains it."""

from __future__ import annotations

import re
from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.figures import contact_strip
from daub.app.model.view.chrome import Appearance
from daub.app.model.workbench import Workbench


def choose_appearance(appearance: Appearance, bench: Workbench) -> None:
    """Dark, light, or as the system."""
    bench.chrome.set(appearance=appearance)


def toggle_chrome(name: str, bench: Workbench) -> None:
    """Args: name: an attribute of `Chrome` that is on or off."""
    bench.chrome.set(**{name: not getattr(bench.chrome, name)})


def tab(name: str, key: str, icon: str = "", rule: bool = False) -> Command:
    """The command that shows a tab of the strip. Args: name: of the tab."""
    slug = re.sub("[- ]", "_", name.lower())
    return Command(
        "Window", f"show_{slug}", name, lambda bench: bench.chrome.toggle_tab(name), (key,),
        icon, rule, enabled=lambda bench: name in bench.chrome.tabs,
        checked=lambda bench: bench.chrome.shows_tab(name),
    )  # fmt: skip


def page(name: str, key: str, rule: bool = False) -> Command:
    """The command that shows a page of the panel. Args: name: of the page."""
    return Command(
        "Window", f"show_{name.lower()}", name, lambda bench: bench.chrome.show_page(name), (key,), rule=rule,
        enabled=lambda bench: name in bench.chrome.pages,
    )  # fmt: skip


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
    Command("Window", "new_window", "New window", lambda bench: bench.host.open_window(), ("Ctrl+N",)),
    Command(
        "Window", "palette", "Find a command…", lambda bench: bench.host.open_palette(), ("Ctrl+Shift+P",), "palette"
    ),
    tab("Timeline", "T", "timeline", rule=True),
    tab("Rate-distortion", "R"),
    tab(contact_strip.NAME, "Y"),
    tab("Histogram", "H"),
    tab("Log", "Ctrl+L"),
    page("Inspect", "Shift+I"),
    page("History", "Shift+H"),
    _chrome("sources", "show_sources", "Sources", "F8"),
    _chrome("panel", "show_panel", "Settings and result", "F9", "panel"),
    _chrome("full_screen", "full_screen", "Full screen", "F11"),
    _appearance(Appearance.SYSTEM, "Appearance of the system", rule=True),
    _appearance(Appearance.LIGHT, "Light"),
    _appearance(Appearance.DARK, "Dark"),
    Command("Help", "cheat_sheet", "Keys and gestures", lambda bench: bench.host.open_cheat_sheet(), ("?", "F1")),
    Command("Help", "about", "About Daub", lambda bench: bench.host.open_about()),
)  # fmt: skip
