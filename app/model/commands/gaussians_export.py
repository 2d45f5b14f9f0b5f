"""The commands of the menu File that write Gaussians for other programs: those that are selected, or all."""

from __future__ import annotations

from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import can_export
from daub.app.model.commands.file import folder_of
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
    if path is None:
        return
    if some:
        bench.exports.gaussians(
            path, bench.editing.population.picked(), bench.editing.session.document, bench.editing.open_device
        )
    elif path.suffix.lower() == SUFFIX:
        bench.exports.daub(path)
    else:
        bench.exports.gaussians(path, Drawing.of(bench.exports.document), None, bench.editing.open_device)


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
        "File", "cancel_export", "Give up the export", lambda bench: bench.exports.slow.cancel(),
        enabled=lambda bench: bool(bench.exports.slow.words),
    ),
)  # fmt: skip
