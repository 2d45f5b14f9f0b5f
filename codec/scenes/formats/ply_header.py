"""The header of a PLY file, and its rows of numbers: bounded by what the file has, before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.codec.scenes.claims import Refused
from daub.codec.scenes.reading import done

_LONGEST = 1 << 16  # bytes of a header; that of degree 4 has 2 KB
_ROWS_AT_ONCE = 1 << 14  # that stay in the cache while their columns are picked
_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2",
    "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4",
    "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDERS = {"binary_little_endian": "<", "binary_big_endian": ">"}


@dataclass(frozen=True)
class Element:
    """Rows of equal properties.

    Args:
        dtype: of a row; None where it has lists, so that rows differ in length.
    """

    name: str
    count: int
    dtype: np.dtype | None


@dataclass(frozen=True)
class Header:
    """What a PLY file says of itself.

    Args:
        start: bytes before the first row.
    """

    elements: tuple[Element, ...]
    comments: tuple[str, ...]
    start: int

    def has(self, name: str) -> bool:
        return any(element.name == name for element in self.elements)


def read_header(data: bytes) -> Header:
    """
    Raises:
        Refused: it is none, or none of a binary file.
    """
    end = data.find(b"end_header", 0, _LONGEST)
    newline = data.find(b"\n", end, end + 16)
    if not data.startswith(b"ply") or end < 0 or newline < 0:
        raise Refused("its header does not end")
    lines = [line.split() for line in data[:end].decode("latin-1").splitlines()]
    order, elements, comments = None, [], []
    for words in lines[1:]:
        match words:
            case ["format", name, _]:
                order = _order(name)
            case ["element", name, count] if count.isascii() and count.isdigit() and len(count) < 19:
                elements.append((name, int(count), []))
            case ["property", "list", _, _, _] if elements:
                elements[-1][2].append(None)
            case ["property", kind, name] if elements and kind in _TYPES:
                elements[-1][2].append((name, _TYPES[kind]))
            case ["comment" | "obj_info", *rest]:
                comments.append(" ".join(rest))
            case []:
                pass
            case _:
                raise Refused(f"its header has a line that is not understood: {' '.join(words)[:60]!r}")
    if order is None:
        raise Refused("its header names no format")
    whole = tuple(Element(name, count, _row(name, order, fields)) for name, count, fields in elements)
    return Header(whole, tuple(comments), newline + 1)


def _order(name: str) -> str:
    if name not in _ORDERS:
        raise Refused(f"its numbers are written as {name[:30]}", "save it as a binary PLY")
    return _ORDERS[name]


def _row(name: str, order: str, fields: list) -> np.dtype | None:
    if None in fields:
        return None
    if len({field for field, _ in fields}) < len(fields):
        raise Refused(f"a property of its element {name[:30]!r} is there twice")
    return np.dtype([(field, order + kind) for field, kind in fields])


def rows_of(data: bytes, header: Header, name: str) -> np.ndarray:
    """(count,) the rows of an element, as they lie in the file.

    Raises:
        Refused: there is no such element, the file ends before it does, or nobody knows where it begins.
    """
    start = header.start
    for element in header.elements:
        if element.dtype is None:
            raise Refused(f"its element {element.name[:30]!r} has lists, which scenes do not", "choose another file")
        if element.name == name:
            break
        start += element.count * element.dtype.itemsize
    else:
        raise Refused(f"it has no element {name!r}, as scenes have", "choose another file")
    there = max(0, len(data) - start) // max(1, element.dtype.itemsize)
    if element.count > there or element.dtype.itemsize == 0:
        raise Refused(f"it says that it has {element.count:,} rows of {name!r}, and {there:,} are there")
    return np.frombuffer(data, element.dtype, element.count, start)


def columns(rows: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """(N, len(names)) float32 of those properties, whatever their types.

    Raises:
        Refused: one is not there.
    """
    for name in names:
        if name not in rows.dtype.names:
            raise Refused(f"its Gaussians have no property {name!r}", "choose a trained scene, not a cloud of points")
    table = np.empty((len(rows), len(names)), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # infinities and worse are told of when all has been read
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            done(begin / len(rows))
            some = slice(begin, begin + _ROWS_AT_ONCE)
            for index, name in enumerate(names):
                table[some, index] = rows[name][some]
    return table
