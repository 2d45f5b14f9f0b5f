"""The one table of commands: it feeds menus, keys, tool bar, tooltips and the sheet of keys.

A command is a function on the workbench, with a predicate that says when it can be called, and for what is switched on
and off another that says whether it is on. Nothing here knows a window.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from daub.app.model import writer
from daub.app.model.chrome import Appearance
from daub.app.model.command import Command
from daub.app.model.importance_commands import COMMANDS as IMPORTANCE
from daub.app.model.origin import FileOrigin
from daub.app.model.target import proposed_name
from daub.app.model.view import ZOOM_STEP, Mode
from daub.app.model.workbench import Workbench
from daub.codec.files import SUFFIX
from daub.resources import ROOT

SAMPLE = ROOT / "sample.png"
MENUS = ("File", "Edit", "Fit", "Importance", "View", "Window", "Help")


# File.


def open_file(bench: Workbench) -> None:
    """Asks for a picture or a .daub, and opens it."""
    if path := bench.host.file_to_open():
        open_path(bench, path)


def open_path(bench: Workbench, path: Path) -> None:
    """Opens that."""
    bench.workspace.open(FileOrigin(path.absolute()))


def export_daub(bench: Workbench) -> None:
    """Asks where to, and writes the file of what is on the screen."""
    title = writer.title(bench.workspace.state)
    if path := _target(bench, title, (SUFFIX,), f"Daub files (*{SUFFIX})"):
        bench.exports.daub(path)


def export_png(bench: Workbench) -> None:
    """Asks how large and where to, and writes the picture of the Gaussians."""
    picture = bench.workspace.picture
    scale = bench.host.scale(picture.width, picture.height)
    if scale is None:
        return
    from daub.codec.images import SUFFIXES

    if path := _target(bench, "Export PNG", SUFFIXES, "PNG (*.png)"):
        bench.exports.png(path, scale)


def save_method(bench: Workbench) -> None:
    """Asks where to, and writes the method as a profile."""
    name = f"{Path(str(bench.workspace.settings.profile)).stem}-mine.toml"
    if path := bench.host.file_to_save("Save profile", name, (".toml",), "Profiles (*.toml)", None):
        bench.exports.method(path)


def _target(bench: Workbench, title: str, suffixes: tuple[str, ...], filters: str) -> Path | None:
    picture = bench.workspace.picture
    folder = None if picture.path in (None, SAMPLE) else picture.path.parent
    return bench.host.file_to_save(title, proposed_name(picture, suffixes[0]), suffixes, filters, folder)


# Edit.


def paste(bench: Workbench) -> None:
    """Opens what lies on the clipboard."""
    origin = bench.host.clipboard()
    if origin is None:
        bench.workspace.noticed.emit("There is no picture on the clipboard")
    else:
        bench.workspace.open(origin)


def copy_decoded(bench: Workbench) -> None:
    """Puts the picture of the Gaussians on the clipboard."""

    def deliver(pixels8) -> None:
        bench.host.copy(pixels8)
        bench.workspace.noticed.emit("Copied the decoded picture")

    bench.exports.decoded(deliver)


# Fit.


def cancel(bench: Workbench) -> None:
    """Gives up the picture that is being opened, otherwise the fit."""
    if bench.workspace.is_opening:
        bench.workspace.cancel_opening()
    else:
        bench.workspace.cancel()


# Switches.


def choose_device(device: str, bench: Workbench) -> None:
    """Args: device: one of `device.DEVICES`."""
    bench.workspace.use_device(device)


def choose_mode(mode: Mode, bench: Workbench) -> None:
    """What is seen of the two sides."""
    bench.view.choose(mode)


def choose_appearance(appearance: Appearance, bench: Workbench) -> None:
    """Dark, light, or as the system."""
    bench.chrome.set(appearance=appearance)


def toggle_overlay(name: str, bench: Workbench) -> None:
    """Args: name: a field of `Look` that is on or off."""
    bench.view.toggle(name)


def toggle_chrome(name: str, bench: Workbench) -> None:
    """Args: name: an attribute of `Chrome` that is on or off."""
    bench.chrome.set(**{name: not getattr(bench.chrome, name)})


# Predicates.


def can_fit(bench: Workbench) -> bool:
    """A picture is open that has pixels."""
    return bench.workspace.can_fit


def is_fitting(bench: Workbench) -> bool:
    """A fit is under way."""
    return bench.workspace.is_fitting


def is_busy(bench: Workbench) -> bool:
    """There is something to give up."""
    return bench.workspace.is_opening or bench.workspace.is_fitting


def can_export(bench: Workbench) -> bool:
    """There are Gaussians."""
    return bench.exports.possible


def compares(bench: Workbench) -> bool:
    """There are two sides."""
    return bench.view.compares


def has_picture(bench: Workbench) -> bool:
    """Something is open."""
    return bench.view.has_picture


def _who_writes(bench: Workbench) -> str:
    return writer.note(bench.workspace.state)


def _device(name: str, text: str, rule: bool = False) -> Command:
    return Command(
        "Fit", f"device_{name}", text, partial(choose_device, name), rule=rule, group="device",
        checked=lambda bench: bench.workspace.device == name,
    )  # fmt: skip


def _mode(mode: Mode, name: str, text: str, key: str, rule: bool = False) -> Command:
    return Command(
        "View", f"view_{name}", text, partial(choose_mode, mode), (key,), name, rule, group="view",
        enabled=has_picture if mode is Mode.B else compares, checked=lambda bench: bench.view.look.mode is mode,
    )  # fmt: skip


def _overlay(field: str, name: str, text: str, key: str, rule: bool = False) -> Command:
    return Command(
        "View", f"show_{name}", text, partial(toggle_overlay, field), (key,), name, rule,
        checked=lambda bench: getattr(bench.view.look, field),
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
    Command("File", "open_file", "Open…", open_file, ("Ctrl+O",), "open"),
    Command("File", "open_sample", "Open sample photo", lambda bench: open_path(bench, SAMPLE), ("Ctrl+Shift+O",)),
    Command(
        "File", "export_daub", "Export .daub…", export_daub, ("Ctrl+S",), "export", True,
        enabled=can_export, note=_who_writes,
    ),
    Command("File", "export_png", "Export PNG…", export_png, ("Ctrl+E",), enabled=can_export),
    Command("File", "quit", "Quit", lambda bench: bench.host.quit(), ("Ctrl+Q",), rule=True),
    Command(
        "Edit", "undo", "Undo", lambda bench: bench.workspace.undo(), ("Ctrl+Z",),
        enabled=lambda bench: bench.workspace.history.next_undo is not None,
        words=lambda bench: f"Undo {bench.workspace.history.undo_label}".rstrip(),
    ),
    Command(
        "Edit", "redo", "Redo", lambda bench: bench.workspace.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"),
        enabled=lambda bench: bench.workspace.history.next_redo is not None,
        words=lambda bench: f"Redo {bench.workspace.history.redo_label}".rstrip(),
    ),
    Command(
        "Edit", "copy_decoded", "Copy decoded picture", copy_decoded, ("Ctrl+C",), rule=True, enabled=can_export
    ),
    Command("Edit", "paste", "Paste picture", paste, ("Ctrl+V",)),
    Command(
        "Fit", "play", "Play or pause", lambda bench: bench.workspace.play_or_pause(), ("Ctrl+Return", "Ctrl+Enter"),
        "play", enabled=can_fit,
        shown_icon=lambda bench: "pause" if bench.workspace.state.phase.running else "play",
    ),
    Command("Fit", "step", "One step", lambda bench: bench.workspace.step(), (".",), "step", enabled=can_fit),
    Command(
        "Fit", "stop", "Stop here and make the file", lambda bench: bench.workspace.stop(), ("Ctrl+.",), "stop",
        enabled=is_fitting, note=_who_writes,
    ),
    Command(
        "Fit", "cancel", "Cancel", cancel, ("Esc",), rule=True, enabled=is_busy,
        words=lambda bench: "Cancel opening" if bench.workspace.is_opening else "Cancel",
    ),
    Command(
        "Fit", "restart", "Start again", lambda bench: bench.workspace.restart(), ("Ctrl+R",), "restart",
        enabled=can_fit,
    ),
    _device("auto", "On the GPU if there is one", rule=True),
    _device("cuda", "On the GPU (CUDA)"),
    _device("cpu", "On the CPU"),
    *IMPORTANCE,
    _mode(Mode.A, "source", "Source", "S", rule=True),
    _mode(Mode.SPLIT, "split", "Split", "X"),
    _mode(Mode.B, "decoded", "Decoded", "D"),
    _mode(Mode.DIFFERENCE, "difference", "Difference", "E"),
    Command(
        "View", "split_left", "Split line to the left", lambda bench: bench.view.jump_split(0.0), ("1",), rule=True,
        enabled=compares,
    ),
    Command(
        "View", "split_middle", "Split line to the middle", lambda bench: bench.view.jump_split(0.5), ("2",),
        enabled=compares,
    ),
    Command(
        "View", "split_right", "Split line to the right", lambda bench: bench.view.jump_split(1.0), ("3",),
        enabled=compares,
    ),
    Command("View", "gain_up", "Amplify the difference more", lambda bench: bench.view.amplify(1), ("]",), rule=True),
    Command("View", "gain_down", "Amplify the difference less", lambda bench: bench.view.amplify(-1), ("[",)),
    _overlay("centres", "centres", "Centres", "C", rule=True),
    _overlay("ellipses", "ellipses", "Ellipses at one sigma", "O"),
    _overlay("at_pixels", "pixels", "Gaussians at the pixels of the picture", "G"),
    Command("View", "zoom_fit", "Fit in window", lambda bench: bench.view.fit(), ("F",), "fit", True),
    Command("View", "zoom_actual", "Actual size", lambda bench: bench.view.zoom_to(1.0), ("Ctrl+0",), "actual"),
    Command(
        "View", "zoom_in", "Zoom in", lambda bench: bench.view.zoom_by(ZOOM_STEP), ("Ctrl++", "Ctrl+=", "+", "=")
    ),
    Command("View", "zoom_out", "Zoom out", lambda bench: bench.view.zoom_by(1 / ZOOM_STEP), ("Ctrl+-", "-")),
    _chrome("timeline", "show_timeline", "Timeline", "T", "timeline"),
    _chrome("panel", "show_panel", "Settings and result", "F9", "panel"),
    _chrome("full_screen", "full_screen", "Full screen", "F11"),
    _appearance(Appearance.SYSTEM, "Appearance of the system", rule=True),
    _appearance(Appearance.LIGHT, "Light"),
    _appearance(Appearance.DARK, "Dark"),
    Command("Help", "cheat_sheet", "Keys and gestures", lambda bench: bench.host.open_cheat_sheet(), ("?", "F1")),
    Command("Help", "about", "About Daub", lambda bench: bench.host.open_about()),
)  # fmt: skip

BY_NAME = {command.name: command for command in COMMANDS}

# What the viewport does itself: no menu entry can be held down or dragged.
GESTURES = (
    ("Hold P", "Peek at the source"),
    ("Space", "Play or pause"),
    ("Drag, or Space and drag", "Move the picture"),
    ("Wheel, or pinch", "Zoom at the cursor"),
    ("Arrow keys", "Move the picture"),
    ("Drag with the brush", "Paint what is more or less important"),
    ("Space and drag, or middle button", "Move the picture with the brush at hand"),
    ("Drag the split line", "Compare source and decoded"),
    ("Double-click in the split view", "Split line left, middle, right"),
)

TOOL_BAR = (
    "open_file", "|", "view_source", "view_split", "view_decoded", "view_difference", "|", "show_centres",
    "show_ellipses", "show_pixels", "|", "paint", "|", "zoom_fit", "zoom_actual", ">", "show_timeline", "show_panel",
)  # fmt: skip
