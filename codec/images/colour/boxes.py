"""Boxes, of which JPEG 2000, JPEG XL, AVIF and HEIF files are made: ISO/IEC 14496-12, section 4.2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

_MOST = 100_000  # boxes that are looked at beside each other
_LARGEST = 1 << 24  # bytes of a box that is read, such as one that holds a profile


def top_level(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box of a file, and where its content begins and ends; stops where there is no sense."""
    size_of_file = file.seek(0, 2)
    at = 0
    for _ in range(_MOST):
        if at + 8 > size_of_file:
            return
        file.seek(at)
        head = file.read(16)
        size, body = int.from_bytes(head[:4], "big"), at + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), at + 16
        end = at + size if size else size_of_file  # a size of 0 reaches to the end of the file
        if end < body:
            return
        yield head[4:8], body, min(end, size_of_file)
        at = end


def content(file: BinaryIO, wanted: bytes) -> bytes | None:
    """The content of the first box of a kind at the top level of a file; None where there is none."""
    for kind, body, end in top_level(file):
        if kind == wanted:
            file.seek(body)
            return file.read(min(end - body, _LARGEST))
    return None


def inside(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box that the content of another consists of."""
    at = 0
    for _ in range(_MOST):
        if at + 8 > len(data):
            return
        size, body = int.from_bytes(data[at : at + 4], "big"), at + 8
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        end = at + size if size else len(data)
        if end < body:
            return
        yield data[at + 4 : at + 8], data[body:end]
        at = end


def first(data: bytes, wanted: bytes) -> bytes:
    """The content of the first box of a kind inside another; empty where there is none."""
    return next((body for kind, body in inside(data) if kind == wanted), b"")
