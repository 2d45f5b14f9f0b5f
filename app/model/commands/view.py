"""The commands of the menu View: what lies over the picture, how its pixels are drawn, and how large."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.host import Navigator
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


def _zoom(
    name: str, text: str, act: Callable[[Navigator], None], *keys: str, icon: str = "", rule: bool = False
) -> Command:
    return Command(
        "View", name, text, lambda bench: act(bench.navigator), keys, icon, rule, lambda bench: bench.view.has_picture
    )  # fmt: skip


COMMANDS = (
    _overlay("at_pixels", "pixels", "Gaussians at the pixels of the picture", "G", rule=True),
    _overlay("linear", "linear", "Smooth between the pixels, on both sides", "U", icon=""),
    Command(
        "View", "show_restored", "Restore what files have lost", lambda bench: bench.restoring.switch(),
        enabled=lambda bench: bench.restoring.is_possible, checked=lambda bench: bench.restoring.is_on,
        note=lambda bench: "" if bench.restoring.is_possible else "Not now: neither side has a restoration",
    ),
    _zoom("zoom_fit", "Fit in window", lambda eye: eye.fit(), "F", icon="fit", rule=True),
    Command(
        "View", "zoom_actual", "Actual size", lambda bench: bench.view.zoom_to(1.0), ("Ctrl+0",), "actual",
        enabled=lambda bench: bench.view.has_picture and not bench.stage.is_open,
    ),
    _zoom("zoom_in", "Zoom in", lambda eye: eye.zoom_by(ZOOM_STEP), "Ctrl++", "Ctrl+=", "+", "="),
    _zoom("zoom_out", "Zoom out", lambda eye: eye.zoom_by(1 / ZOOM_STEP), "Ctrl+-", "-"),
)  # fmt: skip
