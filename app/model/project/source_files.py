"""How a project names the files that its work is made from: by path and hash of the content, with a copy or without.

A source that lies where it did, with the same content, is used from there; otherwise the copy in the project is. Where
there is none, a person may say where the file is now.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from daub.app.model.picture.origin import CopyOrigin, FileOrigin, MissingOrigin, Origin, PixelOrigin
from daub.app.model.project.arrays import pixels_of, png_of
from daub.app.model.project.fields import Fields
from daub.app.model.project.section import Reading, Writing
from daub.codec.errors import DaubError
from daub.codec.files import open_file

EMBEDS = 64 << 20  # bytes of a source that is put into a project unless somebody says otherwise
LARGEST_SOURCE = 2 << 30  # bytes of one that is read again
_PIECE = 1 << 20
_LONGEST_SIDE = 1 << 17  # pixels


class Found(Enum):
    """What has become of a source."""

    THERE = "there"
    IN_PROJECT = "in the project"
    CHANGED = "changed"  # there is another content where it was
    MISSING = "missing"


@dataclass(frozen=True)
class Lacking:
    """A source that cannot be had as it was.

    Args:
        key: of its row, in the project.
        name: of the file.
        path: where it was.
        found: CHANGED or MISSING.
    """

    key: str
    name: str
    path: Path
    found: Found


def write_source(key: str, origin: Origin, stamp: tuple[int, int], writing: Writing) -> dict[str, Any]:
    """Puts a source into a project, or says where it is.

    Args:
        key: of its row.
        stamp: of the origin when it was read.
    """
    entry = f"sources/{key.partition(':')[2]}"
    if isinstance(origin, PixelOrigin):
        height, width, _ = origin.pixels.shape
        writing.archive.add(f"{entry}.png", png_of(origin.pixels))
        return {
            "name": origin.name, "entry": f"{entry}.png", "pixels": [width, height], "notices": list(origin.notices),
        }  # fmt: skip
    only_here = isinstance(origin, CopyOrigin)
    known: dict[str, Any] = {"name": origin.name}
    if not only_here:
        path = origin.path.absolute()
        known["path"] = str(path)
        with suppress(ValueError):  # another drive
            known["relative"] = Path(os.path.relpath(path, writing.folder)).as_posix()
    if isinstance(origin, MissingOrigin):
        return known | {"bytes": origin.bytes, "sha256": origin.sha256}
    if origin.stamp() != stamp:
        writing.changed.append(origin.name)
        return known
    known |= {"bytes": stamp[1], "sha256": _hash_of(origin.path, stamp)}
    if only_here or stamp[1] <= writing.embeds:
        name = f"{entry}{_suffix_of(origin)}"
        with open_file(origin.path) as file:
            known["entry"] = writing.archive.add(name, file.read())
        writing.embedded.append(origin.name)
    else:
        writing.linked.append(origin.name)
    return known


def read_source(key: str, fields: Fields, reading: Reading) -> tuple[Origin, tuple[int, int], Found]:
    """Where a source is now, its stamp, and what has become of it.

    Args:
        key: of its row in the project.

    Raises:
        DaubError: what stands there of it is nonsense.
    """
    name = PurePath(fields.text("name")).name or "picture"
    if "pixels" in fields:
        return _pixels(fields, name, reading), (0, 0), Found.IN_PROJECT
    located = reading.located.get(key)
    if located is not None:
        origin = FileOrigin(located)
        return origin, origin.stamp(), Found.THERE
    path = Path(fields.text("path", "")) if "path" in fields else None
    candidates = [each for each in (_beside(fields, reading.path), path) if each is not None]
    size, digest = fields.integer("bytes", -1, LARGEST_SOURCE, -1), fields.text("sha256", "")
    for candidate in candidates:
        origin = FileOrigin(candidate)
        stamp = origin.stamp()
        if stamp[1] == size and stamp != (0, 0) and digest and _matches(candidate, stamp, digest):
            return origin, stamp, Found.THERE
    if "entry" in fields:
        try:
            entry = fields.text("entry")
            pieces = reading.archive.pieces(entry, LARGEST_SOURCE)
            origin = CopyOrigin(reading.copies.write(pieces, PurePath(entry).suffix), name)
        except DaubError as error:
            reading.lost.append(str(error))
        except OSError as error:
            reading.lost.append(f"{name}: no copy of it can be written ({error.strerror})")
        else:
            return origin, origin.stamp(), Found.IN_PROJECT
    there = [each for each in candidates if FileOrigin(each).stamp() != (0, 0)]
    missing = MissingOrigin(next(iter(there), path or Path(name)), name, size, digest)
    return missing, missing.stamp(), Found.CHANGED if there else Found.MISSING


def _pixels(fields: Fields, name: str, reading: Reading) -> PixelOrigin:
    size = fields.list("pixels", 2)
    if len(size) != 2 or not all(type(each) is int and 0 < each <= _LONGEST_SIDE for each in size):
        raise DaubError(f"the size of {name} is none", "it must be two numbers of pixels", "it is left out")
    entry = fields.text("entry")
    pixels: np.ndarray = pixels_of(reading.archive.read(entry, LARGEST_SOURCE), "RGBA", tuple(size), entry)
    return PixelOrigin(pixels, name, fields.texts("notices", 100))


def _beside(fields: Fields, project: Path) -> Path | None:
    relative = fields.text("relative", "")
    if not relative or "\0" in relative:
        return None
    return Path(os.path.normpath(project.parent / relative))


def _suffix_of(origin: FileOrigin | CopyOrigin) -> str:
    suffix = PurePath(origin.name).suffix.lower()
    return suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) <= 8 else ""


def _matches(path: Path, stamp: tuple[int, int], digest: str) -> bool:
    try:
        return _hash_of(path, stamp) == digest
    except (DaubError, OSError):
        return False


@lru_cache(maxsize=256)
def _hash_of(path: Path, stamp: tuple[int, int]) -> str:
    """SHA-256 of the content, in hexadecimal digits. Args: stamp: of the file: another one, another content."""
    digest = hashlib.sha256()
    for piece in _read(path):
        digest.update(piece)
    return digest.hexdigest()


def _read(path: Path) -> Iterator[bytes]:
    with open_file(path, LARGEST_SOURCE) as file:
        while piece := file.read(_PIECE):
            yield piece
