"""The zip that a project is: written whole, and read with a limit on everything, also where it is damaged.

An entry is found by its name and by nothing else: no name of an entry ever becomes that of a file. What is wrong with
one is told in a line, and the others are read all the same; where the directory at the end is gone, as in a file that
was cut short, the entries are looked for from the beginning.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from daub.codec.errors import DaubError

MOST_ENTRIES = 10_000
LARGEST_ENTRY = 2 << 30  # bytes
MOST_IN_MEMORY = 1 << 30  # bytes of all entries that are read at once, whatever comes of it ...
MOST_COPIED = 8 << 30  # ... and of those that are read piece by piece
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*")
_LONGEST_NAME = 200
_PIECE = 1 << 20  # bytes that are read at once
_LOCAL = struct.Struct("<4s5H3L2H")  # what stands in front of an entry: APPNOTE.TXT, 4.3.7
_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED, _SIZE_FOLLOWS = 0x1, 0x8  # flags of an entry
_BROKEN = "the file is damaged"


class ArchiveWriter:
    """Puts a project together in memory."""

    def __init__(self):
        self._entries: dict[str, tuple[bytes, bool]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def holds(self, name: str, data: bytes) -> bool:
        """There is an entry of that name with that content already."""
        return name in self._entries and self._entries[name][0] == data

    def add(self, name: str, data: bytes, deflated: bool = False, first: bool = False) -> str:
        """One entry; returns its name.

        Args:
            deflated: for what is not compressed already.
            first: before all there are so far.
        """
        if not is_name(name) or name in self._entries:
            raise ValueError(f"{name!r} is no name for another entry")
        entry = {name: (data, deflated)}
        self._entries = entry | self._entries if first else self._entries | entry
        return name

    def finish(self) -> memoryview:
        """The file."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, (data, deflated) in self._entries.items():
                info = zipfile.ZipInfo(name)  # of 1980: equal work, equal bytes
                info.external_attr = 0o644 << 16
                archive.writestr(info, data, zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED)
        return buffer.getbuffer()


@dataclass(frozen=True)
class _Entry:
    """Where an entry lies.

    Args:
        start: of its header in the file.
        packed: bytes that it takes there.
        size: bytes of its content.
        crc: of that; None where nobody knows.
    """

    start: int
    method: int
    packed: int
    size: int
    crc: int


class ArchiveReader:
    """The entries of a project.

    Args:
        file: open for reading; it stays the caller's.

    Attributes:
        lost: what is wrong with it, a line each.
        is_whole: its directory could be read.

    Raises:
        DaubError: it is no zip at all.
    """

    def __init__(self, file: BinaryIO):
        self._file = file
        self.lost: list[str] = []
        self.is_whole = True
        self._entries: dict[str, _Entry] = {}
        self._spare, self._spare_copies = MOST_IN_MEMORY, MOST_COPIED
        file.seek(0)
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            raise DaubError("this is no project", "it does not begin as one", "choose a .daubproj file")
        try:
            self._read_directory()
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, struct.error):
            self.is_whole = False
            self._entries.clear()
            self._look_for_entries()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size_of(self, name: str) -> int:
        """Bytes of an entry that there is, as it says itself."""
        return self._entries[name].size

    def read(self, name: str, most: int) -> bytes:
        """The content of an entry. Args: most: bytes.

        Raises:
            DaubError: there is none, it is larger than that, or damaged.
        """
        most = min(most, self._spare)
        if name in self:
            self._spare -= min(self._spare, self.size_of(name))
        return b"".join(self._pieces(name, most))

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """The same, piece by piece; whether it is damaged is known only at the end."""
        most = min(most, self._spare_copies)
        if name in self:
            self._spare_copies -= min(self._spare_copies, self.size_of(name))
        return self._pieces(name, most)

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        entry = self._entries.get(name)
        if entry is None:
            raise DaubError(f"{name} is missing", _BROKEN, "it is left out")
        if entry.size > min(most, LARGEST_ENTRY):
            raise DaubError(f"{name} cannot be read", f"it would take {entry.size:,} bytes", "it is left out")
        crc, length = 0, 0
        try:
            for piece in self._unpacked(entry):
                crc, length = zlib.crc32(piece, crc), length + len(piece)
                yield piece
        except (zlib.error, struct.error, OSError) as error:
            raise _damaged(name) from error
        if (crc, length) != (entry.crc, entry.size):
            raise _damaged(name)

    def _unpacked(self, entry: _Entry) -> Iterator[bytes]:
        """Never more than the entry says it has."""
        self._file.seek(entry.start)
        _, _, _, _, _, _, _, _, _, name, extra = _LOCAL.unpack(self._file.read(_LOCAL.size))
        self._file.seek(name + extra, io.SEEK_CUR)
        packed, left = entry.packed, entry.size
        unpack = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == zipfile.ZIP_DEFLATED else None
        while packed > 0 and left > 0:
            piece = self._file.read(min(_PIECE, packed))
            if not piece:
                return
            packed -= len(piece)
            if unpack is None:
                left -= len(piece)
                yield piece
                continue
            # It may have taken all of the piece and yet have more to give.
            while left > 0 and (out := unpack.decompress(piece, min(left, _PIECE))):
                piece, left = unpack.unconsumed_tail, left - len(out)
                yield out

    def _read_directory(self) -> None:
        with zipfile.ZipFile(self._file) as directory:
            infos = directory.infolist()
        for info in infos[:MOST_ENTRIES]:
            is_link = stat.S_ISLNK(info.external_attr >> 16)
            entry = _Entry(info.header_offset, info.compress_type, info.compress_size, info.file_size, info.CRC)
            self._take(info.orig_filename, entry, is_link or bool(info.flag_bits & _ENCRYPTED))
        if len(infos) > MOST_ENTRIES:
            self.lost.append(f"all but its first {MOST_ENTRIES:,} entries")

    def _look_for_entries(self) -> None:
        """From the beginning, as far as they go."""
        end, place = self._file.seek(0, io.SEEK_END), 0
        while len(self._entries) < MOST_ENTRIES:
            self._file.seek(place)
            header = self._file.read(_LOCAL.size)
            if len(header) < _LOCAL.size or not header.startswith(_SIGNATURE):
                return
            _, _, flags, method, _, _, crc, packed, size, length, extra = _LOCAL.unpack(header)
            name = self._file.read(length).decode("ascii", "replace")
            after = place + _LOCAL.size + length + extra + packed
            if flags & _SIZE_FOLLOWS or after > end:
                return
            self._take(name, _Entry(place, method, packed, size, crc), bool(flags & _ENCRYPTED))
            place = after

    def _take(self, name: str, entry: _Entry, is_odd: bool) -> None:
        known = entry.method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if not known or is_odd or not is_name(name) or name in self._entries:
            self.lost.append(f"an entry called {name[:_LONGEST_NAME]!r}, which is none of a project")
        else:
            self._entries[name] = entry


def is_name(name: str) -> bool:
    """Whether an entry of a project can be called that: a few folders and a name, of letters, digits, - and _."""
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _damaged(name: str) -> DaubError:
    return DaubError(f"{name} cannot be read", _BROKEN, "it is left out")
