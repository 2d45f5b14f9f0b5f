"""The optional chunk that carries what a photo says of itself: EXIF and XMP (FORMAT.md, "Container")."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from daub.codec.container.chunks import START, Chunk, check_start, read_chunk, read_varints, varints
from daub.codec.container.file import Document
from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError
from daub.codec.metadata import NOTHING, Metadata

TAG = b"m"
LARGEST = 1 << 20  # bytes of both together, unpacked


def metadata_chunks(metadata: Metadata) -> tuple[Chunk, ...]:
    """The chunk of a photo's metadata; none where there are none, or more than LARGEST bytes.

    >>> [chunk.tag for chunk in metadata_chunks(Metadata(xmp=b"<x:xmpmeta/>"))]
    [b'm']
    """
    if not metadata or len(metadata.exif) + len(metadata.xmp) > LARGEST:
        return ()
    return (Chunk(TAG, zlib.compress(varints(len(metadata.exif)) + metadata.exif + metadata.xmp, 9)),)


def metadata_of(document: Document) -> Metadata:
    """What a document carries.

    Raises:
        DaubError: the chunk is damaged.
    """
    return _read(document.optional_chunks)


def metadata_in_file(data: bytes) -> Metadata:
    """What a file carries, without decoding more of it.

    Raises:
        DaubError: it is no .daub, or the chunk is damaged.
    """
    what = "the metadata cannot be read"
    check_start(data, what)
    position, found = START, []
    while position < len(data):
        chunk, position = read_chunk(data, position, what)
        found.append(chunk)
    return _read(found)


def _read(chunks: Iterable[Chunk]) -> Metadata:
    what = "the metadata cannot be read"
    for chunk in chunks:
        if chunk.tag == TAG:
            inflate = zlib.decompressobj()
            try:
                content = inflate.decompress(chunk.content, LARGEST + 5)
            except zlib.error as error:
                raise DaubError(what, f"they are damaged ({error})", REMEDY) from error
            if not inflate.eof or inflate.unused_data:
                raise DaubError(what, "they are cut short, or larger than the format has it", REMEDY)
            (length,), rest = read_varints(content, 1, what)
            if length > len(rest):
                raise DaubError(what, "they are damaged", REMEDY)
            return Metadata(rest[:length], rest[length:])
    return NOTHING


def carried_chunks(document: Document) -> tuple[Chunk, ...]:
    """The chunk of a document, damaged or not, for another document of the same picture."""
    return tuple(chunk for chunk in document.optional_chunks if chunk.tag == TAG)
