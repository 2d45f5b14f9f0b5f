"""The commands of the menu View: what lies over the picture, how its pixels are drawn, and how large."""

from __future__ import annotations

from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.view.view import ZOOM_STEP
from daub.app.model.workbench import Workbench


def toggle_overlay(name: str, bench: Workbench) -> None:
    """Args: name: a field of `Look` that is on or off."""
    bench.view.toggle(name)


def _overlay(
    field: str, name: str, text: str, key: str, rule: bool = False, icon: str | None = None
) -> Command:  # fmt: skip
    return Command(
        "View", f"show_{name}", text, partial(toggle_overlay, field), (key,), name if icon is None else icon, rule,
        checked=lambda bench: getattr(bench.view.look, field),
    )  # fmt: skip


COMMANDS = (
    _overlay("at_pixels", "pixels", "Gaussians at the pixels of the picture", "G", rule=True),
    _overlay("linear", "linear", "Smooth between the pixels, on both sides", "U", icon=""),
    Command("View", "zoom_fit", "Fit in window", lambda bench: bench.view.fit(), ("F",), "fit", True),
    Command("View", "zoom_actual", "Actual size", lambda bench: bench.view.zoom_to(1.0), ("Ctrl+0",), "actual"),
    Command(
        "View", "zoom_in", "Zoom in", lambda bench: bench.view.zoom_by(ZOOM_STEP), ("Ctrl++", "Ctrl+=", "+", "=")
    ),
    Command("View", "zoom_out", "Zoom out", lambda bench: bench.view.zoom_by(1 / ZOOM_STEP), ("Ctrl+-", "-")),
)  # fmt: skip
