"""The commands that copy words rather than pictures: figures, the command that makes a file, the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.output import table as figures
from daub.app.model.output.command_line import decode_command, encode_command, map_path, unlike
from daub.app.model.sources.source import Kind, Source
from daub.app.model.work.failure import failure_of_work
from daub.app.model.workbench import Workbench
from daub.app.model.workspace.result import Result
from daub.codec.errors import DaubError


def copy_figures(as_text: Callable[[Sequence[figures.Row]], str], bench: Workbench) -> None:
    """Puts the figures of all that was made of the open picture on the clipboard, as a table."""
    rows = [figures.row_of(row, bench.sources.at_hand.result_of(row.key)) for row in _made(bench)]
    bench.host.copy_text(as_text(rows))
    results = "one file" if len(rows) == 1 else f"all {len(rows)} files"
    bench.workspace.noticed.emit(f"Copied the figures of {results}")


def copy_command(bench: Workbench) -> None:
    """Puts the line for a shell on the clipboard that makes the file on the screen, or decodes what was opened.

    Where none makes that very file it is the one that comes nearest, and that is told.
    """
    result, path = _shown(bench), _opened_file(bench)
    if result is None:
        bench.host.copy_text(decode_command(path))
        bench.workspace.noticed.emit(f"Copied the command that decodes {path.name}")
        return
    try:
        bench.host.copy_text(encode_command(result, bench.workspace.device))
    except DaubError as error:
        bench.workspace.failed.emit(failure_of_work(error))
        return
    why = unlike(result)
    said = f"Copied the command that comes nearest: {why}" if why else "Copied the command that makes this file"
    if result.state.map_digest:
        said += f"; export the map of importance as {map_path(bench.workspace.picture.path).name} for it"
    bench.workspace.noticed.emit(said)


def copy_log(bench: Workbench) -> None:
    """Puts all that has happened on the clipboard."""
    bench.host.copy_text(bench.log.text)
    bench.workspace.noticed.emit("Copied the log")


def has_results(bench: Workbench) -> bool:
    """There is a file of the open picture."""
    return bool(_made(bench))


def shows_result(bench: Workbench) -> bool:
    """The file of a fit is on the screen, or a .daub that lies on the disk."""
    return _shown(bench) is not None or _opened_file(bench) is not None


def _made(bench: Workbench) -> list[Source]:
    """Results, and what other codecs have made, of what is open, the newest results first."""
    picture, kinds = bench.workspace.picture, (Kind.RESULT, Kind.RIVAL)
    return [row for row in bench.sources.rows if picture and row.picture == picture.key and row.kind in kinds]


def _shown(bench: Workbench) -> Result | None:
    state = bench.workspace.state
    return None if state.encoded is None else bench.workspace.results.of(state.ticket)


def _opened_file(bench: Workbench) -> Path | None:
    """Where the .daub lies that is open."""
    picture = bench.workspace.picture
    return None if picture is None or picture.document is None else picture.path


COMMANDS = (
    Command(
        "Edit", "copy_command", "Copy as command", copy_command, ("Ctrl+Shift+C",), rule=True, enabled=shows_result,
        note=lambda _: "The daub line that makes this very file, or comes nearest; of a .daub, the one that decodes it",
    ),
    Command(
        "Edit", "copy_figures_markdown", "Copy figures as Markdown", partial(copy_figures, figures.as_markdown),
        ("Ctrl+Shift+M",), enabled=has_results,
    ),
    Command(
        "Edit", "copy_figures_csv", "Copy figures as CSV", partial(copy_figures, figures.as_csv), enabled=has_results
    ),
    Command("Edit", "copy_log", "Copy the log", copy_log, enabled=lambda bench: len(bench.log) > 0),
)  # fmt: skip
