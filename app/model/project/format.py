"""The file itself: project.json first, and the entries that it names. PROJECT.md says what stands in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from daub.app.model.project.archive import ArchiveReader, ArchiveWriter
from daub.app.model.project.arrays import pixels_of, png_of
from daub.app.model.project.copies import Copies
from daub.app.model.project.fields import Fields
from daub.app.model.project.section import Reading, Restored, Section, Write, Writing
from daub.app.model.project.source_files import Found, Lacking
from daub.app.model.work.failure import by_name
from daub.codec.errors import DaubError
from daub.codec.files import open_file, write_atomic

SUFFIX = ".daubproj"
VERSION = 1
_INDEX = "project.json"
_THUMBNAIL = "thumbnail.png"
_LARGEST_INDEX = 64 << 20  # bytes
_LARGEST_THUMBNAIL = 4 << 20  # bytes
_LARGEST = 8 << 30  # bytes of a project
_MOST_TOLD = 12  # lines of what is lost


@dataclass(frozen=True)
class About:
    """What a project says of itself before anything else.

    Args:
        name: of what was open.
        saved: when, seconds since 1970.
        project: of work that is kept for recovery: the project that it is of, "" where it has never been saved.
        results, edits: how many there are.
        recovery: it is kept for recovery, rather than saved by a person.
    """

    name: str = ""
    saved: float = 0.0
    project: str = ""
    results: int = 0
    recovery: bool = False
    edits: int = 0


@dataclass(frozen=True)
class Written:
    """What was written.

    Args:
        bytes: of the project.
        embedded, linked, changed: names of sources, as of `Writing`.
    """

    bytes: int
    embedded: tuple[str, ...]
    linked: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Loaded:
    """A project that has been read, to be restored.

    Args:
        restored: what brings its sections back.
        lacking: sources that cannot be had as they were.
        lost: what else of it cannot be had, a line each.
    """

    path: Path
    about: About
    reading: Reading
    restored: tuple[Restored, ...]
    lacking: tuple[Lacking, ...]
    lost: tuple[str, ...] = field(default=())


def write_project(
    path: Path, about: About, gathered: Mapping[str, Write], thumbnail: np.ndarray | None, embeds: int
) -> Written:
    """Writes a project, whole or not at all.

    Args:
        gathered: what writes each section, by its name.
        thumbnail: (h, w, 3) uint8, None where there is none yet.
        embeds: as of `Writing`.

    Raises:
        DaubError: it cannot be written.
    """
    archive = ArchiveWriter()
    writing = Writing(archive, path.absolute().parent, embeds)
    sections = {name: write(writing) for name, write in gathered.items()}
    index = {"version": VERSION, "program": "Daub", **_about_in_json(about), "sections": sections}
    if thumbnail is not None:
        archive.add(_THUMBNAIL, png_of(thumbnail), first=True)
    archive.add(_INDEX, json.dumps(index, allow_nan=False, indent=1).encode(), deflated=True, first=True)
    data = archive.finish()
    with by_name(path):
        write_atomic(path, data)
    return Written(len(data), tuple(writing.embedded), tuple(writing.linked), tuple(writing.changed))


def read_project(
    path: Path, sections: Sequence[Section], copies: Copies, located: Mapping[str, Path] | None = None
) -> Loaded:
    """Reads a project as far as it can be read; beside the window.

    Args:
        copies: takes files that only the project holds.
        located: where sources are now, by their keys.

    Raises:
        DaubError: nothing of it can be had, or a newer Daub has written it.
    """
    with by_name(path), open_file(path, _LARGEST, wanted=f"a {SUFFIX} file") as file:
        reading, index = _opened(file, path, copies, located or {})
        given = index.object("sections")
        restored = []
        for section in sections:
            try:
                if section.name in given:
                    restored.append(section.read(given.object(section.name), reading))
            except DaubError as error:
                reading.lost.append(str(error))
        known = {section.name for section in sections}
        if others := sorted(str(name)[:40] for name in index.raw("sections") if name not in known):
            reading.lost.append(f"what this Daub does not know: {', '.join(others[:5])}")
    lost = [*reading.archive.lost, *reading.lost]
    if not reading.archive.is_whole:
        lost.insert(0, "whatever stood at its end: the file was cut short or changed")
    lacking = tuple(
        Lacking(key, reading.pictures[key].origin.name, reading.pictures[key].origin.path, state)
        for key, state in reading.found.items()
        if state in (Found.MISSING, Found.CHANGED)
    )
    about = _about_of_json(index)
    return Loaded(path, about, reading, tuple(restored), lacking, tuple(_shortened(lost)))


def read_about(path: Path) -> tuple[About, np.ndarray | None]:
    """What a project says of itself, and its thumbnail (h, w, 3) uint8, None where it has none; beside the window.

    Raises:
        DaubError: it cannot be read.
    """
    with by_name(path), open_file(path, _LARGEST, wanted=f"a {SUFFIX} file") as file:
        archive = ArchiveReader(file)
        about = _about_of_json(_index_of(archive, path))
        try:
            data = archive.read(_THUMBNAIL, _LARGEST_THUMBNAIL)
            return about, pixels_of(data, "RGB", None, _THUMBNAIL, 1 << 20)
        except DaubError:
            return about, None


def _opened(file: BinaryIO, path: Path, copies: Copies, located: Mapping[str, Path]) -> tuple[Reading, Fields]:
    archive = ArchiveReader(file)
    return Reading(archive, path.absolute(), copies, located), _index_of(archive, path)


def _index_of(archive: ArchiveReader, path: Path) -> Fields:
    what = f"cannot open {path}"
    if _INDEX not in archive:
        raise DaubError(what, f"it has no {_INDEX}", "choose a project of Daub")
    try:
        content = json.loads(archive.read(_INDEX, _LARGEST_INDEX))
        index = Fields(content, path.name)
        version = index.integer("version", 1, 1 << 30)
    except (ValueError, RecursionError) as error:
        raise DaubError(what, f"its {_INDEX} is damaged", "open an older copy of it") from error
    except DaubError as error:
        raise DaubError(what, f"its {_INDEX} is damaged", "open an older copy of it") from error
    if version > VERSION:
        why = f"a newer Daub has written it, in version {version} of the format, and this one knows {VERSION}"
        raise DaubError(what, why, "install a newer Daub")
    if not isinstance(index.raw("sections"), dict):
        raise DaubError(what, f"its {_INDEX} is damaged", "open an older copy of it")
    return index


def _about_in_json(about: About) -> dict[str, Any]:
    saved = datetime.fromtimestamp(about.saved, UTC).isoformat(timespec="seconds")
    return {
        "saved": saved, "name": about.name, "results": about.results, "edits": about.edits, "recovery": about.recovery,
        "project": about.project,
    }  # fmt: skip


def _about_of_json(index: Fields) -> About:
    """Nothing depends on it: what is wrong in it is as usual."""
    try:
        saved = datetime.fromisoformat(index.text("saved", "1970-01-01T00:00:00+00:00")).timestamp()
        return About(
            index.text("name", ""), saved, index.text("project", ""), index.integer("results", 0, 1 << 30, 0),
            index.flag("recovery", False), index.integer("edits", 0, 1 << 30, 0),
        )  # fmt: skip
    except (ValueError, OverflowError, OSError, DaubError):
        return About()


def _shortened(lines: Sequence[str]) -> list[str]:
    left = len(lines) - _MOST_TOLD
    return [*lines[:_MOST_TOLD], *([f"and {left:,} things more"] if left > 0 else [])]
