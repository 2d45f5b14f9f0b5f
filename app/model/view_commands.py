"""The commands of the menu View: what is seen of the two sides, what lies over them, and how large."""

from __future__ import annotations

from functools import partial

from daub.app.model.command import Command
from daub.app.model.conditions import compares, has_picture
from daub.app.model.view import ZOOM_STEP, Mode
from daub.app.model.workbench import Workbench


def choose_mode(mode: Mode, bench: Workbench) -> None:
    """What is seen of the two sides."""
    bench.view.choose(mode)


def toggle_overlay(name: str, bench: Workbench) -> None:
    """Args: name: a field of `Look` that is on or off."""
    bench.view.toggle(name)


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


COMMANDS = (
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
    _overlay("at_pixels", "pixels", "Gaussians at the pixels of the picture", "G", rule=True),
    Command("View", "zoom_fit", "Fit in window", lambda bench: bench.view.fit(), ("F",), "fit", True),
    Command("View", "zoom_actual", "Actual size", lambda bench: bench.view.zoom_to(1.0), ("Ctrl+0",), "actual"),
    Command(
        "View", "zoom_in", "Zoom in", lambda bench: bench.view.zoom_by(ZOOM_STEP), ("Ctrl++", "Ctrl+=", "+", "=")
    ),
    Command("View", "zoom_out", "Zoom out", lambda bench: bench.view.zoom_by(1 / ZOOM_STEP), ("Ctrl+-", "-")),
)  # fmt: skip
