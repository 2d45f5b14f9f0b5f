"""The commands of the menu Edit: undo, the clipboard, and changes of what is selected."""

from __future__ import annotations

from daub.app.model.commands import canvas, changing
from daub.app.model.commands.changing import copy_selected, paste_gaussians
from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import can_export
from daub.app.model.commands.file import open_all
from daub.app.model.commands.selecting import is_selected
from daub.app.model.workbench import Workbench


def paste(bench: Workbench) -> None:
    """Opens what lies on the clipboard; Gaussians are put into what is on side B."""
    if paste_gaussians(bench):
        return
    origins = bench.host.clipboard()
    if not origins:
        bench.workspace.noticed.emit("There is no picture on the clipboard")
    open_all(bench, origins)


def copy_decoded(bench: Workbench) -> None:
    """Puts the picture of the Gaussians on the clipboard; where some are selected, those."""
    if is_selected(bench):
        copy_selected(bench)
        return

    def deliver(pixels8) -> None:
        bench.host.copy(pixels8)
        bench.workspace.noticed.emit("Copied the decoded picture")

    bench.unfinished.before("copying the picture", lambda: bench.exports.decoded(deliver))


def undo(bench: Workbench) -> None:
    """Takes the last thing back: a fit or a stroke that is still being made, or what was done last."""
    if bench.refitting.is_on:
        bench.refitting.cancel()
    elif not bench.pending.take_back():
        bench.workspace.undo()


def redo(bench: Workbench) -> None:
    """Does the last thing again that was undone, unless something else is being done, which takes its place."""
    bench.unfinished.before("doing it again", bench.workspace.redo)


def _undo_words(bench: Workbench) -> str:
    if bench.unfinished.is_busy:
        return "Undo what is being done"
    return f"Undo {bench.workspace.history.undo_label}".rstrip()


COMMANDS = (
    Command(
        "Edit", "undo", "Undo", undo, ("Ctrl+Z",),
        enabled=lambda bench: bench.unfinished.is_busy or bench.workspace.history.next_undo is not None,
        words=_undo_words,
    ),
    Command(
        "Edit", "redo", "Redo", redo, ("Ctrl+Shift+Z", "Ctrl+Y"),
        enabled=lambda bench: bench.workspace.history.next_redo is not None,
        words=lambda bench: f"Redo {bench.workspace.history.redo_label}".rstrip(),
    ),
    Command(
        "Edit", "copy_decoded", "Copy decoded picture", copy_decoded, ("Ctrl+C",), rule=True, enabled=can_export,
        words=lambda bench: "Copy selected Gaussians" if is_selected(bench) else "Copy decoded picture",
    ),
    Command("Edit", "paste", "Paste picture or Gaussians", paste, ("Ctrl+V",)),
    *changing.COMMANDS,
    *canvas.COMMANDS,
)  # fmt: skip
