"""The commands of the menu File that write Gaussians for other programs: those that are selected, or all."""

from __future__ import annotations

from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import can_export
from daub.app.model.commands.file import folder_of, when_finished
from daub.app.model.workbench import Workbench
from daub.codec.editing.drawing import Drawing
from daub.codec.files import SUFFIX

SUFFIXES = (SUFFIX, ".npz", ".ply", ".svg")
_FILTERS = ";;".join(
    f"{words} (*{suffix})"
    for words, suffix in zip(
        ("Daub files", "Arrays of NumPy", "Splats for 3D viewers", "SVG pictures"), SUFFIXES, strict=True
    )
)


def export_gaussians(bench: Workbench) -> None:
    """Asks where to and in which format, and writes those that are selected; where none is, all that are seen."""
    picture, some = bench.exports.picture, bench.editing.count > 0
    what = "selected" if some else "Gaussians"
    name = f"{Path(picture.name).stem}-{what.lower()}{SUFFIX}"
    path = bench.host.file_to_save(f"Export {what}", name, SUFFIXES, _FILTERS, folder_of(picture))
    if path is not None:
        when_finished(bench, path, lambda edited: _write(bench, path, edited, some))


def _write(bench: Workbench, path: Path, edited: str | None, some: bool) -> None:
    """Args: edited: key of the row that is written; None: what is on side B; some: what of it is selected."""
    session = None if edited is None else bench.editing.session_of(edited)
    if session is not None and some:
        bench.exports.gaussians(path, session.population.picked(), session.document, bench.editing.open_device)
    elif path.suffix.lower() == SUFFIX:
        bench.exports.daub(path, edited)
    else:
        drawing = Drawing.of(bench.exports.document) if session is None else session.population.written()
        bench.exports.gaussians(path, drawing, None, bench.editing.open_device)


def cancel_export(bench: Workbench) -> None:
    """Nothing that is not written yet will be."""
    bench.exports.slow.cancel()
    bench.unfinished.cancel()


def _words(bench: Workbench) -> str:
    return "Export selected Gaussians…" if bench.editing.count else "Export Gaussians…"


def _note(bench: Workbench) -> str:
    about = "" if bench.editing.count else "\nSelect some to write those alone"
    return f"As {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}{about}"


COMMANDS = (
    Command(
        "File", "export_gaussians", "Export Gaussians…", export_gaussians, ("Ctrl+Alt+E",), words=_words,
        enabled=can_export, note=_note,
    ),
    Command(
        "File", "cancel_export", "Give up the export", cancel_export,
        enabled=lambda bench: bool(bench.exports.slow.words or bench.unfinished.words),
    ),
)  # fmt: skip
