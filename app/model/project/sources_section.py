"""All rows of the sources: files, results and what other codecs have made, with their names, stars and figures."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from daub.app.model.picture.image_reader import ImageReader
from daub.app.model.picture.picture import WHITE, PictureKey, decode
from daub.app.model.picture.registration import SAME
from daub.app.model.project.edit_changes import registration_of_json
from daub.app.model.project.fields import Fields, colour_in_json
from daub.app.model.project.result_json import (
    LARGEST,
    KeptResult,
    figures_in_json,
    figures_of_json,
    read_result,
    write_result,
)
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.project.source_files import read_source, write_source
from daub.app.model.sources.rows import File, Rival, SourceRows, key_of
from daub.app.model.sources.source import LIVE, Kind, Source
from daub.app.model.sources.sources import Sources
from daub.app.model.work.other_process import GivenUp
from daub.app.model.workspace.tries import Asked
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX as DAUB

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 5000  # rows
_SIDE = 1 << 20  # pixels


@dataclass(frozen=True, eq=False)
class _Row:
    """One that is to be put into the list."""

    key: str
    name: str
    starred: bool
    holds: File | KeptResult | Rival


@dataclass
class _Found:
    rows: list[_Row] = field(default_factory=list)
    open_file: str = ""
    reference: str = ""
    sides: dict[str, str] = field(default_factory=dict)
    shown: str = ""


class SourcesSection:
    """See `Section`."""

    name = "sources"
    counts = True

    def __init__(self, workspace: Workspace, sources: Sources):
        self._workspace, self._sources = workspace, sources

    def state(self) -> Hashable:
        rows = [row for row in self._sources.rows if row.kind is not Kind.LIVE]
        opened = next((row.key for row in rows if row.kind is Kind.PICTURE), None)
        return opened, tuple((row.key, row.name, row.starred) for row in rows)

    def gather(self) -> Write:
        sources, workspace = self._sources, self._workspace
        rows = [row for row in sources.rows if row.kind is not Kind.LIVE]
        opened = next((row.key for row in rows if row.kind is Kind.PICTURE), None)
        files = [(row, sources.at_hand.file_of(row.key)) for row in rows if row.kind in (Kind.PICTURE, Kind.FILE)]
        results = [
            (row, result, workspace.results.encoded_of(result.state.ticket))
            for row in reversed(rows)  # the oldest first, as their numbers go
            if (result := sources.at_hand.result_of(row.key)) is not None
        ]
        rivals = [(row, sources.at_hand.rival_of(row.key)) for row in rows if row.kind is Kind.RIVAL]
        of = {row.key: sources.key_of(row.picture) for row in rows}
        shown = workspace.newest.ticket if workspace.newest.encoded is not None else None
        pair = sources.pair.chosen

        def write(writing: Writing) -> dict[str, Any]:
            return {
                "files": [_write_file(row, file, writing) for row, file in files],
                "results": [
                    _write_row(row, of[row.key]) | write_result(_number(row), result, encoded(), writing)
                    for row, result, encoded in results
                ],
                "rivals": [_write_rival(row, of[row.key], rival, writing) for row, rival in rivals],
                "open": opened, "reference": sources.reference.key,
                "sides": {side: key for side, key in pair.items() if key is not None},
                "shown": None if shown is None else f"result:{shown}",
            }  # fmt: skip

        return write

    def read(self, fields: Fields, reading: Reading) -> Restored:
        found = _Found(
            open_file=fields.text("open", ""), reference=fields.text("reference", ""), shown=fields.text("shown", "")
        )
        for place, each in enumerate(fields.list("files", _MOST), 1):
            _try(reading, partial(_read_file, each, f"file {place}", found, reading))
        for place, each in enumerate(fields.list("results", _MOST), 1):
            _try(reading, partial(_read_kept, each, f"result {place}", found, reading))
        _read_rivals(fields.list("rivals", _MOST), found, reading)
        if "sides" in fields:
            sides = fields.object("sides")
            found.sides = {side: sides.text(side) for side in ("a", "b") if side in sides}
        reading.open_file, reading.shown = found.open_file, found.shown
        return Restored(partial(self._begin, found, reading), partial(self._finish, found, reading))

    def _begin(self, found: _Found, reading: Reading) -> None:
        self._sources.fill(lambda rows: [self._put(row, rows, reading) for row in found.rows])

    def _put(self, row: _Row, rows: SourceRows, reading: Reading) -> None:
        holds, results = row.holds, self._workspace.results
        if isinstance(holds, File):
            key = rows.keep_file(holds, row.name)
        elif isinstance(holds, Rival):
            key = rows.take_rival(row.name, holds)
        else:
            ticket = self._workspace.tries.add(Asked(holds.picture, holds.settings, holds.profile, holds.origin))
            result = holds.result(ticket)
            results.restore(result, holds.reader(ticket))
            key, reading.data[ticket] = key_of(result), holds.data
        reading.keys[row.key] = key
        rows.call(key, row.name)
        rows.star(key, row.starred)

    def _finish(self, found: _Found, reading: Reading) -> None:
        sources, workspace = self._sources, self._workspace
        reference = reading.keys.get(found.reference)
        if reference is not None and not workspace.can_fit:
            sources.reference.refer_to(reference)
        shown = sources.at_hand.result_of(reading.keys.get(found.shown))
        if shown is not None and workspace.picture is not None and shown.picture == workspace.picture.key:
            workspace.fitting.show_result(shown)
        for side, kept in found.sides.items():
            key = LIVE if kept == LIVE else reading.keys.get(kept)
            if key is not None and sources.pair.can_compare(key):
                sources.pair.put(key, side)


def _number(row: Source) -> str:
    return row.key.partition(":")[2]


def _write_row(row: Source, file: str | None) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "starred": row.starred, "file": file}


def _write_file(row: Source, file: File, writing: Writing) -> dict[str, Any]:
    picture = file.picture
    return {
        "key": row.key, "name": row.name, "starred": row.starred,
        "background": colour_in_json(picture.background),
        "width": file.width, "height": file.height, "bytes": file.bytes, "is_daub": file.is_daub,
        "notices": list(file.notices),
        "source": write_source(row.key, picture.origin, picture.stamp, writing),
    }  # fmt: skip


def _write_rival(row: Source, file: str | None, rival: Rival, writing: Writing) -> dict[str, Any]:
    suffix = rival.suffix if rival.suffix.isascii() and rival.suffix[1:].isalnum() else ""
    entry = writing.archive.add(f"rivals/{_number(row)}{suffix}", rival.data)
    return _write_row(row, file) | {
        "entry": entry, "background": colour_in_json(rival.picture.background), "remark": rival.remark,
        "suffix": rival.suffix,
        "figures": None if rival.figures is None else figures_in_json(rival.figures),
        **({} if rival.registration == SAME else {"registration": asdict(rival.registration)}),
    }  # fmt: skip


def _try(reading: Reading, read: Callable[[], None]) -> None:
    try:
        read()
    except DaubError as error:
        reading.lost.append(str(error))


def _read_row(fields: Fields, kind: str, found: _Found) -> tuple[str, str, bool]:
    key = fields.text("key")
    if not key.startswith(f"{kind}:") or any(row.key == key for row in found.rows):
        raise DaubError(f"{fields.where} cannot be read", f"{key[:40]!r} is no key of its own", "it is left out")
    return key, fields.text("name") or fields.where, fields.flag("starred", False)


def _read_file(given: object, where: str, found: _Found, reading: Reading) -> None:
    fields = Fields(given, where)
    row = _read_row(fields, "file", found)
    fields.where = row[1]
    origin, stamp, state = read_source(row[0], fields.object("source", f"the source of {row[1]}"), reading)
    picture = PictureKey(origin, stamp, fields.colour("background"))
    file = File(
        picture, fields.integer("width", 1, _SIDE), fields.integer("height", 1, _SIDE),
        fields.integer("bytes", 0, 1 << 50, None), fields.flag("is_daub"), fields.texts("notices", 100),
    )  # fmt: skip
    reading.pictures[row[0]], reading.found[row[0]] = picture, state
    found.rows.append(_Row(*row, file))


def _picture(fields: Fields, reading: Reading) -> PictureKey:
    picture = reading.pictures.get(fields.text("file"))
    if picture is None:
        raise DaubError(f"{fields.where} cannot be had", "what it was made of is missing", "it is left out")
    return picture


def _read_kept(given: object, where: str, found: _Found, reading: Reading) -> None:
    fields = Fields(given, where)
    row = _read_row(fields, "result", found)
    fields.where = row[1]
    found.rows.append(_Row(*row, read_result(fields, _picture(fields, reading), reading)))


def _read_rivals(given: list, found: _Found, reading: Reading) -> None:
    """What other codecs have made is decoded again, in a process of its own, as every foreign file is."""
    if not given:
        return
    reader = ImageReader()
    try:
        for place, each in enumerate(given, 1):
            _try(reading, partial(_read_rival, each, f"file {place} of another codec", found, reading, reader))
    finally:
        reader.close()


def _read_rival(given: object, where: str, found: _Found, reading: Reading, reader: ImageReader) -> None:
    fields = Fields(given, where)
    row = _read_row(fields, "rival", found)
    fields.where = row[1]
    picture, suffix = _picture(fields, reading), fields.text("suffix", "")
    data = reading.archive.read(fields.text("entry"), LARGEST)
    figures = figures_of_json(fields.object("figures")) if "figures" in fields else None
    try:
        pixels8 = _decoded(data, suffix, reading, reader)
    except (DaubError, GivenUp) as error:
        raise DaubError(f"{row[1]} cannot be shown", "its file is damaged", "it is left out") from error
    registration = registration_of_json(fields)
    rival = Rival(picture, data, pixels8, fields.text("remark", ""), figures, suffix, registration)
    found.rows.append(_Row(*row, rival))


def _decoded(data: bytes, suffix: str, reading: Reading, reader: ImageReader) -> np.ndarray:
    """(H, W, 3) uint8: the picture of a file of another codec, or of one of Daub without its restoration."""
    if suffix == DAUB:
        from daub.codec import container  # the window starts without Numba

        return decode(container.read(data))
    copy = reading.copies.write([data], suffix)
    try:
        pixels = reader.load(copy, WHITE, managed=False).pixels
    finally:
        copy.unlink(missing_ok=True)
    return (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
