"""The frame of a `.daub` file: magic, version, and chunks with their checksums (FORMAT.md, "Container").

    "DAUB" | version | chunk | chunk | ...
                       chunk = tag, 1 byte | length, varint | content | CRC-32

Nothing here knows what a chunk says. The reader trusts nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError
from daub.codec.files import MAGIC

VERSION = 2
START = len(MAGIC) + 1  # position of the first chunk


@dataclass(frozen=True)
class Chunk:
    """A tagged part of a file.

    Args:
        tag: one byte; `a`..`z` for what a reader may skip.
        content: bytes, as they stand in the file.
    """

    tag: bytes
    content: bytes

    @property
    def is_optional(self) -> bool:
        """A reader that does not know the tag may go on without the chunk."""
        return self.tag.islower()

    def to_bytes(self) -> bytes:
        """The chunk as it stands in a file."""
        framed = self.tag + varint(len(self.content)) + self.content
        return framed + zlib.crc32(framed).to_bytes(4, "little")


def file_of(chunks: Iterable[Chunk]) -> bytes:
    """A whole file of the current version."""
    return MAGIC + bytes([VERSION]) + b"".join(chunk.to_bytes() for chunk in chunks)


def check_start(data: bytes, what: str) -> None:
    """Refuses what is no `.daub` file of this version.

    Args:
        what: failed, the beginning of the error.

    Raises:
        DaubError: it begins otherwise.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise DaubError(what, "it does not start as a .daub file does", "check that it is the right file")
    if len(data) < START:
        raise DaubError(what, "it ends after its first bytes", REMEDY)
    version = data[START - 1]
    if version != VERSION:
        remedy = "update Daub" if version > VERSION else "encode it again from the image it was made of"
        raise DaubError(what, f"its format version is {version} and this Daub reads {VERSION}", remedy)


def read_chunk(data: bytes, position: int, what: str) -> tuple[Chunk, int]:
    """The chunk at a position, its checksum found right, and the position behind it.

    Raises:
        DaubError: it is cut short, or damaged.
    """
    start = position
    if position >= len(data):
        raise DaubError(what, "it is cut short", REMEDY)
    length, position = read_varint(data, position + 1, what)
    end = position + length
    if end + 4 > len(data):
        raise DaubError(what, "it is cut short", REMEDY)
    if zlib.crc32(data[start:end]).to_bytes(4, "little") != data[end : end + 4]:
        raise DaubError(what, "its checksum is wrong: the file is damaged", REMEDY)
    return Chunk(data[start : start + 1], data[position:end]), end + 4


def varint(number: int) -> bytes:
    """LEB128: seven bits a byte, lowest first, the top bit set on all but the last."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def varints(*numbers: int) -> bytes:
    """One number behind the other."""
    return b"".join(map(varint, numbers))


def read_varint(data: bytes, position: int, what: str) -> tuple[int, int]:
    """A number below 2^35, and the position behind it.

    Raises:
        DaubError: it is cut short, or too long.
    """
    number = 0
    for shift in range(0, 35, 7):
        if position >= len(data):
            raise DaubError(what, "it is cut short", REMEDY)
        byte = data[position]
        position += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, position
    raise DaubError(what, "a number in it is too long", REMEDY)


def read_varints(data: bytes, count: int, what: str) -> tuple[list[int], bytes]:
    """The first `count` numbers, and what follows them; raises DaubError as `read_varint`."""
    numbers, position = [], 0
    for _ in range(count):
        number, position = read_varint(data, position, what)
        numbers.append(number)
    return numbers, data[position:]
