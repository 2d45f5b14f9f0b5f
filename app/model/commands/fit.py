"""The commands of the menu Fit: the course of a fit, and the device that it runs on."""

from __future__ import annotations

from functools import partial

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import can_fit, is_busy, is_fitting
from daub.app.model.fit import writer
from daub.app.model.workbench import Workbench


def cancel(bench: Workbench) -> None:
    """Gives up a fit that is an edit, the picture that is being opened, or the fit."""
    if bench.refitting.is_on:
        bench.refitting.cancel()
    elif bench.workspace.opening.is_reading:
        bench.workspace.opening.cancel()
    else:
        bench.workspace.fitting.cancel()


def choose_device(device: str, bench: Workbench) -> None:
    """Args: device: one of `device.DEVICES`."""
    bench.workspace.use_device(device)


def _device(name: str, text: str, rule: bool = False) -> Command:
    return Command(
        "Fit", f"device_{name}", text, partial(choose_device, name), rule=rule, group="device",
        checked=lambda bench: bench.workspace.device == name,
    )  # fmt: skip


COMMANDS = (
    Command(
        "Fit", "play", "Play or pause", lambda bench: bench.workspace.fitting.play_or_pause(),
        ("Ctrl+Return", "Ctrl+Enter"), "play", enabled=can_fit,
        shown_icon=lambda bench: "pause" if bench.workspace.state.phase.running else "play",
    ),
    Command("Fit", "step", "One step", lambda bench: bench.workspace.fitting.step(), (".",), "step", enabled=can_fit),
    Command(
        "Fit", "stop", "Stop here and make the file", lambda bench: bench.workspace.fitting.stop(), ("Ctrl+.",), "stop",
        enabled=is_fitting, note=lambda bench: writer.note(bench.workspace.state),
    ),
    Command(
        "Fit", "cancel", "Cancel", cancel, ("Esc",), rule=True, enabled=is_busy,
        words=lambda bench: "Cancel opening" if bench.workspace.opening.is_reading else "Cancel",
    ),
    Command(
        "Fit", "restart", "Start again", lambda bench: bench.workspace.fitting.restart(), ("Ctrl+R",), "restart",
        enabled=can_fit,
    ),
    _device("auto", "On the GPU if there is one", rule=True),
    _device("cuda", "On the GPU (CUDA)"),
    _device("cpu", "On the CPU"),
)  # fmt: skip
