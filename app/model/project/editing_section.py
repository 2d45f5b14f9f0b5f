"""Edits: the Gaussians of each edited row as they are, hidden and locked ones and groups, and the file they come of."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from daub.app.model.editing.editing import Editing
from daub.app.model.editing.population import Flag, Population
from daub.app.model.editing.session import Origin
from daub.app.model.project.arrays import array_of, npy_of
from daub.app.model.project.edit_changes import MOST, checked, sheet_in_json, sheet_of_json
from daub.app.model.project.fields import Fields, colour_in_json
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.sources.rows import SourceRows
from daub.app.model.sources.source import LIVE, Source
from daub.app.model.sources.sources import Sources
from daub.codec.editing.drawing import Drawing
from daub.codec.errors import DaubError
from daub.render.gaussians import PARAMETERS, Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document

_ROWS = 5000
_FILE = 1 << 28  # bytes of a .daub
_KEPT = np.uint8(Flag.HIDDEN | Flag.LOCKED)


@dataclass(frozen=True, eq=False)
class _Kept:
    """An edit that is written. Args: file: key of the picture that it was made of."""

    row: Source
    file: str | None
    origin: Origin
    population: Population


@dataclass(frozen=True, eq=False)
class _Read:
    """An edit that was read. Args: key, of: keys in the project, of its row and of that which it comes of."""

    key: str
    name: str
    starred: bool
    of: str
    origin: Origin


class EditingSection:
    """See `Section`."""

    name = "editing"
    counts = True

    def __init__(self, editing: Editing, sources: Sources):
        self._editing, self._sources = editing, sources

    def state(self) -> Hashable:
        return tuple((session.key, session.population.work) for session in self._editing.sessions)

    def gather(self) -> Write:
        get, key_of = self._sources.get, self._sources.key_of
        kept = [
            _Kept(get(session.key), key_of(session.origin.picture), session.origin, session.population)
            for session in self._editing.sessions
        ]
        return lambda writing: {"rows": [_write(each, writing) for each in kept]}

    def read(self, fields: Fields, reading: Reading) -> Restored:
        found = []
        for place, each in enumerate(fields.list("rows", _ROWS), 1):
            try:
                found.append(_read(Fields(each, f"edit {place}"), reading))
            except DaubError as error:
                reading.lost.append(str(error))
        return Restored(partial(self._begin, found, reading), partial(self._finish, found, reading))

    def _begin(self, found: list[_Read], reading: Reading) -> None:
        for each in found:
            origin = replace(each.origin, key=each.of if each.of == LIVE else reading.keys.get(each.of, ""))
            session = self._editing.add(origin, reading.edits[each.key], each.name)
            reading.keys[each.key] = session.key
            self._sources.fill(partial(_show, session.key, each))

    def _finish(self, found: list[_Read], reading: Reading) -> None:
        for each in found:
            self._editing.session_of(reading.keys[each.key]).follow()


def _show(key: str, each: _Read, rows: SourceRows) -> None:
    rows.delete((key,), False)
    rows.call(key, each.name)
    rows.star(key, each.starred)


def _write(kept: _Kept, writing: Writing) -> dict[str, Any]:
    row, origin, population = kept.row, kept.origin, kept.population
    number = row.key.partition(":")[2]
    flags = population.flags & _KEPT
    return {
        "key": row.key, "name": row.name, "starred": row.starred, "file": kept.file,
        "background": colour_in_json(origin.picture.background), "of": origin.key,
        "document": _write_document(kept, writing),
        "look": origin.look.hex(), "bytes": origin.bytes,
        **sheet_in_json(population.sheet),
        "gaussians": writing.archive.add(
            f"editing/{number}.npy", npy_of(population.gaussians.parameters.astype("<f4", copy=False))
        ),
        "flags": _write_column(f"editing/{number}-flags.npy", flags, 0, writing),
        "group": _write_column(f"editing/{number}-group.npy", population.group.astype("<i4", copy=False), -1, writing),
    }  # fmt: skip


def _write_column(name: str, values: np.ndarray, usual: int, writing: Writing) -> str | None:
    """Its entry; None where all are as usual."""
    return None if (values == usual).all() else writing.archive.add(name, npy_of(values), deflated=True)


def _write_document(kept: _Kept, writing: Writing) -> str | None:
    """The entry of the file that an edit comes of: that of a result where it is the same."""
    document = kept.origin.document
    if document is None or not document.chunks:
        return None
    data = document.to_bytes()
    number = kept.origin.key.partition(":")[2]
    of_result = f"results/{number}.daub"
    if writing.archive.holds(of_result, data):
        return of_result
    return writing.archive.add(f"editing/{kept.row.key.partition(':')[2]}.daub", data)


def _read(fields: Fields, reading: Reading) -> _Read:
    key = fields.text("key")
    if not key.startswith("edited:") or key in reading.edits:
        raise DaubError(f"{fields.where} cannot be read", f"{key[:40]!r} is no key of its own", "it is left out")
    name = fields.text("name", "") or fields.where
    fields.where = name
    picture = reading.pictures.get(fields.text("file"))
    if picture is None:
        raise DaubError(f"{name} cannot be had", "the picture that it is of is missing", "it is left out")
    population = _read_population(fields, reading)
    document = _read_document(fields, reading)
    before = None if document is None else Drawing(document.gaussians, document.width, document.height)
    try:
        look = bytes.fromhex(fields.text("look", ""))
    except ValueError:
        look = b""  # it counts as changed
    size = fields.integer("bytes", 0, _FILE, None)
    origin = Origin("", picture, document, look, before, size)
    reading.edits[key] = population
    return _Read(key, name, fields.flag("starred", False), fields.text("of", ""), origin)


def _read_population(fields: Fields, reading: Reading) -> Population:
    parameters = array_of(
        reading.archive.read(fields.text("gaussians"), 64 * MOST), (None, PARAMETERS), "<f4", fields.where
    )  # fmt: skip
    count = len(parameters)
    flags = _read_column(fields, reading, "flags", np.zeros(count, np.uint8)) & _KEPT
    group = _read_column(fields, reading, "group", np.full(count, -1, np.int32))
    return checked(Population(Gaussians(parameters), flags, group, *sheet_of_json(fields)), fields.where)


def _read_column(fields: Fields, reading: Reading, name: str, usual: np.ndarray) -> np.ndarray:
    if name not in fields:
        return usual
    content = reading.archive.read(fields.text(name), 8 * MOST)
    return array_of(content, usual.shape, usual.dtype.newbyteorder("<"), f"{name} of {fields.where}")


def _read_document(fields: Fields, reading: Reading) -> Document | None:
    """None where there is none, or it is damaged: then what was never touched is rounded anew, as all else is."""
    if "document" not in fields:
        return None
    from daub.codec import container  # the window starts without Numba

    try:
        return container.read(reading.archive.read(fields.text("document"), _FILE), f"the file of {fields.where}", True)
    except DaubError as error:
        reading.lost.append(str(error))
        return None
