"""The commands of the menu Sources: what is compared, and the list of it. Most are about the row that is selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import compares, is_open
from daub.app.model.commands.file import add_all, folder_of
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.scene.versions import Versions
from daub.app.model.sources.pair import Pair, SideName
from daub.app.model.sources.source import Kind, Source
from daub.app.model.sources.sources import Sources
from daub.app.model.workbench import Workbench


def selected(bench: Workbench) -> Source | None:
    """The row that is selected."""
    return bench.sources.get(bench.sources.selected)


def add_files(bench: Workbench) -> None:
    """Asks for files, and adds them to what is compared; what is open stays."""
    add_all(bench, [FileOrigin(path.absolute()) for path in bench.host.files_to_add()])


def put(side: SideName, bench: Workbench) -> None:
    """Puts the row on that side."""
    bench.sources.pair.put(bench.sources.selected, side)


def export(bench: Workbench) -> None:
    """Asks where to, and writes the file of the row."""
    key, picture = bench.sources.selected, bench.workspace.picture
    suffix = bench.sources.at_hand.suffix_of(key)
    suffixes, filters = ((suffix,), f"*{suffix}") if suffix else ((), "*")
    name = f"{Path(picture.name).stem}-{selected(bench).name}{suffix}".replace("/", "-")
    if path := bench.host.file_to_save("Export its file", name, suffixes, filters, folder_of(picture)):
        bench.unfinished.before(f"writing {path.name}", lambda: bench.exports.source(key, path))


def is_comparable(bench: Workbench) -> bool:
    """The row has as many pixels as what is open."""
    return bench.sources.pair.can_compare(bench.sources.selected)


def is_kept(bench: Workbench) -> bool:
    """There is a row, and it is not the fit under way."""
    row = selected(bench)
    return row is not None and row.kind is not Kind.LIVE


def can_go_to(bench: Workbench) -> bool:
    """There is somewhere to go."""
    row = selected(bench)
    return row is not None and row.kind in (Kind.FILE, Kind.RESULT)


def _go_words(bench: Workbench) -> str:
    row = selected(bench)
    if row is None or row.kind not in (Kind.FILE, Kind.RESULT):
        return "Go to"
    return "Open this file" if row.kind is Kind.FILE else "Go back to its settings"


def _compared(bench: Workbench) -> Pair | Versions:
    """What says which two are compared: of a picture, or of a scene."""
    return bench.stage.versions if bench.stage.is_open else bench.sources.pair


def _rows(bench: Workbench) -> Sources | Versions:
    """What has the rows, likewise."""
    return bench.stage.versions if bench.stage.is_open else bench.sources


def _on_row(run: Callable[[Workbench, str], None]) -> Callable[[Workbench], None]:
    return lambda bench: run(bench, bench.sources.selected)


COMMANDS = (
    Command("Sources", "add_files", "Add files to compare…", add_files, ("Ctrl+Shift+A",)),
    Command(
        "Sources", "put_on_a", "Put on side A", partial(put, "a"), ("Ctrl+1",), rule=True, enabled=is_comparable
    ),
    Command("Sources", "put_on_b", "Put on side B", partial(put, "b"), ("Ctrl+2",), enabled=is_comparable),
    Command(
        "Sources", "swap_sides", "Swap A and B", lambda bench: _compared(bench).swap(), ("Shift+X",), "swap",
        enabled=compares,
    ),
    Command(
        "Sources", "source_above", "Row above on side B", lambda bench: _rows(bench).step(-1), ("PgUp",),
        enabled=is_open,
    ),
    Command(
        "Sources", "source_below", "Row below on side B", lambda bench: _rows(bench).step(1), ("PgDown",),
        enabled=is_open,
    ),
    Command(
        "Sources", "go_to_source", "Go to", _on_row(lambda bench, key: bench.sources.go_to(key)), ("Ctrl+G",),
        rule=True, enabled=can_go_to, words=_go_words,
    ),
    Command(
        "Sources", "export_source", "Export its file…", export, enabled=lambda bench: bench.exports.has_file(
            bench.sources.selected
        ),
    ),
    Command(
        "Sources", "rename_source", "Rename", _on_row(lambda bench, key: bench.sources.renaming.emit(key)), ("F2",),
        rule=True, enabled=is_kept,
    ),
    Command(
        "Sources", "star_source", "Star", _on_row(lambda bench, key: bench.sources.star(key)), ("Ctrl+B",),
        enabled=is_kept, checked=lambda bench: (row := selected(bench)) is not None and row.starred,
    ),
    Command(
        "Sources", "delete_source", "Delete from the list", _on_row(lambda bench, key: bench.sources.delete(key)),
        ("Ctrl+Del",), enabled=lambda bench: bench.sources.can_delete(bench.sources.selected),
    ),
)  # fmt: skip
