"""The directories of a TIFF file: reading their tags, and giving a decoder one page that holds nothing but pixels.

TIFF 6.0, section 2; BigTIFF and the 64-bit types as libtiff's specification of 2007 has them. A directory is read only
as far as the file reaches, and values stay arrays over the bytes of the file, so that no count costs memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

MAX_DIRECTORIES = 500  # that are looked at in one file, those below pages included
_MAX_ENTRIES = 512  # of a directory; a page has some twenty

# For each type of a tag, NumPy's, without the order of bytes; a rational is two numbers.
_TYPES = {1: "u1", 2: "u1", 3: "u2", 4: "u4", 5: "u4", 6: "i1", 7: "u1", 8: "i2", 9: "i4", 10: "i4", 11: "f4"}
_TYPES |= {12: "f8", 13: "u4", 16: "u8", 17: "i8", 18: "u8"}
_RATIONALS = (5, 10)
_SHORT, _LONG, _LONG8, _UNDEFINED = 3, 4, 16, 7


class Tag(IntEnum):
    """The tags that say where pixels are and what they mean, by their names in TIFF 6.0 and its supplements."""

    NEW_SUBFILE_TYPE = 254
    SUBFILE_TYPE = 255
    WIDTH = 256
    LENGTH = 257
    BITS_PER_SAMPLE = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    FILL_ORDER = 266
    STRIP_OFFSETS = 273
    ORIENTATION = 274
    SAMPLES_PER_PIXEL = 277
    ROWS_PER_STRIP = 278
    STRIP_BYTE_COUNTS = 279
    PLANAR_CONFIGURATION = 284
    T4_OPTIONS = 292
    T6_OPTIONS = 293
    PREDICTOR = 317
    COLOR_MAP = 320
    TILE_WIDTH = 322
    TILE_LENGTH = 323
    TILE_OFFSETS = 324
    TILE_BYTE_COUNTS = 325
    SUB_IFDS = 330
    INK_SET = 332
    EXTRA_SAMPLES = 338
    SAMPLE_FORMAT = 339
    JPEG_TABLES = 347
    YCBCR_COEFFICIENTS = 529
    YCBCR_SUBSAMPLING = 530
    YCBCR_POSITIONING = 531
    REFERENCE_BLACK_WHITE = 532
    ICC_PROFILE = 34675
    DNG_VERSION = 50706


@dataclass(frozen=True)
class Directory:
    """One page.

    Args:
        tags: for each tag, its values as a one-dimensional array.
        types: for each tag, the number of its type.
        next: where the next page stands in the file; 0 for none.
        offset: where this one stands.
    """

    tags: dict[int, np.ndarray]
    types: dict[int, int]
    next: int
    offset: int

    def number(self, tag: Tag, default: int = 0) -> int:
        """The first value of a tag."""
        values = self.tags.get(tag, ())
        return int(values[0]) if len(values) else default

    def numbers(self, tag: Tag) -> list[int]:
        """All values of a tag that has few of them."""
        return [int(value) for value in self.tags.get(tag, ())[:1000]]

    def content(self, tag: Tag) -> bytes:
        """The bytes of a tag."""
        return self.tags[tag].tobytes() if tag in self.tags else b""


class TiffFile:
    """The directories of a file.

    Args:
        data: the whole file.

    Raises:
        ValueError: it is no TIFF file.
    """

    def __init__(self, data: bytes):
        self.data = data
        self.order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
        if not self.order or len(data) < 8:
            raise ValueError("it has no header")
        self.big = self._integer(2, 2) == 43
        self._first = self._integer(8, 8) if self.big else self._integer(4, 4)

    def pages(self) -> Iterator[Directory]:
        """The pages in their order, at most `MAX_DIRECTORIES`. A chain that returns to itself ends there."""
        at, seen = self._first, set()
        while at and at not in seen and len(seen) < MAX_DIRECTORIES:
            seen.add(at)
            page = self.directory(at)
            yield page
            at = page.next

    def directory(self, at: int) -> Directory:
        """The directory that stands at a place in the file.

        Raises:
            ValueError: there is none, or it ends too early.
        """
        entry, wide, place = (20, 8, 8) if self.big else (12, 4, 2)
        count = self._integer(at, place)
        start, end = at + place, at + place + count * entry
        if not 0 < count <= _MAX_ENTRIES or end > len(self.data):
            raise ValueError("a directory is damaged or lies beyond its end")
        tags, types = {}, {}
        for entry_at in range(start, end, entry):
            tag, kind = self._integer(entry_at, 2), self._integer(entry_at + 2, 2)
            values = self._values(kind, self._integer(entry_at + 4, wide), entry_at + 4 + wide, wide)
            if values is not None:
                tags[tag], types[tag] = values, kind
        next_page = self._integer(end, wide) if end + wide <= len(self.data) else 0
        return Directory(tags, types, next_page, at)

    def alone(self, page: Directory, changes: dict[Tag, np.ndarray]) -> bytes:
        """A file in which a page is the only one, with some of its tags and some changed.

        Args:
            page: the page.
            changes: for each tag its new values; an empty array takes the tag away. Tags that say nothing of how
                pixels are stored are left out, whatever they are.

        Returns:
            The file. Its pixels stand where they stood.
        """
        tags = {tag: values for tag, values in page.tags.items() if tag in _STORAGE} | changes
        tags = {tag: values for tag, values in sorted(tags.items()) if len(values)}
        data = self.data + bytes(-len(self.data) % 8)
        entry, wide, place = (20, 8, 8) if self.big else (12, 4, 2)
        behind = len(data) + place + len(tags) * entry + wide  # where values stand that do not fit into an entry
        directory, rest = self._packed(len(tags), place), b""
        for tag, values in tags.items():
            kind = page.types.get(tag, 0) if tag not in changes else (_LONG8 if self.big else _LONG)
            body = values.astype(self.order + _TYPES[kind]).tobytes()
            count = len(values) // (2 if kind in _RATIONALS else 1)
            directory += self._packed(tag, 2) + self._packed(kind, 2) + self._packed(count, wide)
            if len(body) <= wide:
                directory += body.ljust(wide, b"\0")
            else:
                directory += self._packed(behind + len(rest), wide)
                rest += body + bytes(-len(body) % 8)
        header = data[:8] + self._packed(len(data), 8) if self.big else data[:4] + self._packed(len(data), 4)
        return b"".join([header, data[len(header) :], directory, bytes(wide), rest])

    def _values(self, kind: int, count: int, at: int, wide: int) -> np.ndarray | None:
        """The values of an entry; None where its type is unknown."""
        if kind not in _TYPES:
            return None
        dtype = np.dtype(self.order + _TYPES[kind])
        count *= 2 if kind in _RATIONALS else 1
        if count * dtype.itemsize > wide:
            at = self._integer(at, wide)
        if at + count * dtype.itemsize > len(self.data):
            raise ValueError("the values of a tag lie beyond its end")
        return np.frombuffer(self.data, dtype, count, at)

    def _integer(self, at: int, length: int) -> int:
        return int.from_bytes(self.data[at : at + length], "little" if self.order == "<" else "big")

    def _packed(self, value: int, length: int) -> bytes:
        return int(value).to_bytes(length, "little" if self.order == "<" else "big")


_STORAGE = {
    Tag.WIDTH, Tag.LENGTH, Tag.BITS_PER_SAMPLE, Tag.COMPRESSION, Tag.PHOTOMETRIC, Tag.FILL_ORDER, Tag.STRIP_OFFSETS,
    Tag.SAMPLES_PER_PIXEL, Tag.ROWS_PER_STRIP, Tag.STRIP_BYTE_COUNTS, Tag.PLANAR_CONFIGURATION, Tag.T4_OPTIONS,
    Tag.T6_OPTIONS, Tag.PREDICTOR, Tag.TILE_WIDTH, Tag.TILE_LENGTH, Tag.TILE_OFFSETS, Tag.TILE_BYTE_COUNTS,
    Tag.SAMPLE_FORMAT, Tag.JPEG_TABLES, Tag.YCBCR_COEFFICIENTS, Tag.YCBCR_SUBSAMPLING, Tag.YCBCR_POSITIONING,
    Tag.REFERENCE_BLACK_WHITE,
}  # fmt: skip
