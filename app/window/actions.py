"""The one table of actions: it feeds the menus, shortcuts, tool bar, tooltips and the cheat sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Entry:
    """One action.

    Args:
        name: the method of the window that it calls, and its identity.
        text: in the menu.
        keys: shortcuts in Qt's portable text; the first is shown.
        icon: in resources/icons.
        group: of these, exactly one is checked.
        checkable: it is switched on and off.
        rule: a separator goes before it.
    """

    menu: str
    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = ""
    checkable: bool = False
    rule: bool = False


ENTRIES = (
    Entry("File", "open_file", "Open…", ("Ctrl+O",), "open"),
    Entry("File", "open_sample", "Open sample photo", ("Ctrl+Shift+O",)),
    Entry("File", "export_daub", "Export .daub…", ("Ctrl+S",), "export", rule=True),
    Entry("File", "export_png", "Export PNG…", ("Ctrl+E",)),
    Entry("File", "quit", "Quit", ("Ctrl+Q",), rule=True),
    Entry("Edit", "undo", "Undo", ("Ctrl+Z",)),
    Entry("Edit", "redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Entry("Edit", "copy_decoded", "Copy decoded picture", ("Ctrl+C",), rule=True),
    Entry("Edit", "paste", "Paste picture", ("Ctrl+V",)),
    Entry("Fit", "play", "Play or pause", ("Ctrl+Return", "Ctrl+Enter"), "play"),
    Entry("Fit", "step", "One step", (".",), "step"),
    Entry("Fit", "stop", "Stop here and make the file", ("Ctrl+.",), "stop"),
    Entry("Fit", "cancel", "Cancel", ("Esc",), rule=True),
    Entry("Fit", "restart", "Start again", ("Ctrl+R",), "restart"),
    Entry("Fit", "device_auto", "On the GPU if there is one", (), "", "device", True, True),
    Entry("Fit", "device_cuda", "On the GPU (CUDA)", (), "", "device", True),
    Entry("Fit", "device_cpu", "On the CPU", (), "", "device", True),
    Entry("View", "view_source", "Source", ("S",), "source", "view", True),
    Entry("View", "view_split", "Split", ("X",), "split", "view", True),
    Entry("View", "view_decoded", "Decoded", ("D",), "decoded", "view", True),
    Entry("View", "view_difference", "Difference", ("E",), "difference", "view", True),
    Entry("View", "split_left", "Split line to the left", ("1",), rule=True),
    Entry("View", "split_middle", "Split line to the middle", ("2",)),
    Entry("View", "split_right", "Split line to the right", ("3",)),
    Entry("View", "gain_up", "Amplify the difference more", ("]",), rule=True),
    Entry("View", "gain_down", "Amplify the difference less", ("[",)),
    Entry("View", "show_centres", "Centres", ("C",), "centres", checkable=True, rule=True),
    Entry("View", "show_ellipses", "Ellipses at one sigma", ("O",), "ellipses", checkable=True),
    Entry("View", "show_pixels", "Decoded at pixels, not resolution-free", ("G",), "pixels", checkable=True),
    Entry("View", "zoom_fit", "Fit in window", ("F",), "fit", rule=True),
    Entry("View", "zoom_actual", "Actual size", ("Ctrl+0",), "actual"),
    Entry("View", "zoom_in", "Zoom in", ("Ctrl++", "Ctrl+=", "+", "=")),
    Entry("View", "zoom_out", "Zoom out", ("Ctrl+-", "-")),
    Entry("Window", "show_timeline", "Timeline", ("T",), "timeline", checkable=True),
    Entry("Window", "show_panel", "Settings and result", ("F9",), "panel", checkable=True),
    Entry("Window", "full_screen", "Full screen", ("F11",), checkable=True),
    Entry("Window", "appearance_system", "Appearance of the system", (), "", "appearance", True, True),
    Entry("Window", "appearance_light", "Light", (), "", "appearance", True),
    Entry("Window", "appearance_dark", "Dark", (), "", "appearance", True),
    Entry("Help", "cheat_sheet", "Keys and gestures", ("?", "F1")),
    Entry("Help", "about", "About Daub"),
)

# What the viewport does itself: no menu entry can be held down or dragged.
GESTURES = (
    ("Hold P", "Peek at the source"),
    ("Space", "Play or pause"),
    ("Drag, or Space and drag", "Move the picture"),
    ("Wheel, or pinch", "Zoom at the cursor"),
    ("Arrow keys", "Move the picture"),
    ("Drag the split line", "Compare source and decoded"),
    ("Double-click in the split view", "Split line left, middle, right"),
)

TOOL_BAR = (
    "open_file", "|", "view_source", "view_split", "view_decoded", "view_difference", "|", "show_centres",
    "show_ellipses", "show_pixels", "|", "zoom_fit", "zoom_actual", ">", "show_timeline", "show_panel",
)  # fmt: skip


def build_actions(window: QWidget, handlers: Mapping[str, Callable]) -> dict[str, QAction]:
    """The actions by name, with shortcuts that hold in the whole window.

    Args:
        handlers: by name; those of checkable actions get the new state.
    """
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for entry in ENTRIES:
        action = QAction(entry.text, window)
        action.setObjectName(entry.name)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        action.setCheckable(entry.checkable)
        action.setToolTip(hint(entry))
        action.setIconVisibleInMenu(False)  # there its place is for the check mark
        if entry.group:
            if entry.group not in groups:
                groups[entry.group] = QActionGroup(window)
            groups[entry.group].addAction(action)
        if entry.checkable:
            action.toggled.connect(handlers[entry.name])
        else:
            action.triggered.connect(lambda _=False, call=handlers[entry.name]: call())
        window.addAction(action)
        actions[entry.name] = action
    return actions


def hint(entry: Entry) -> str:
    """Its tooltip."""
    return f"{entry.text.rstrip('…')} - {shortcut_text(entry)}" if entry.keys else entry.text


def shortcut_text(entry: Entry) -> str:
    return QKeySequence(entry.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if entry.keys else ""
