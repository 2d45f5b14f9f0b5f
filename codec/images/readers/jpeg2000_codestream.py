"""What the headers of a JPEG 2000 codestream say, and how much a decoder would spend on it: ISO/IEC 15444-1, annex A.

A decoder keeps a record for every precinct and every code block, and visits every precinct once for each layer. A
hundred bytes may ask for a precinct of two by two pixels, a code block of four by four, and 65535 layers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from daub.codec.images.readers.refusal import Refused

START = b"\xff\x4f\xff\x51"  # the first two markers, SOC and SIZ
_TILE_PART, _DATA, _CODING, _CODING_OF_COMPONENT = 0x90, 0x93, 0x52, 0x53
_PRECINCT, _CODE_BLOCK = 1600, 320  # bytes of the record of each in OpenJPEG, measured
_BYTES_PER_PIXEL, _BYTES = 32, 1 << 24  # that all records together may take, and those of a small picture
_VISITS = 4_000_000  # of precincts, which take a second
_TILE_PARTS = 1_000_000
_MARKERS = 10_000  # of a header


@dataclass(frozen=True)
class Header:
    """What the main header says.

    Args:
        width, height: pixels.
        depths: bits of each component.
        signed: whether each component is.
        tile: width and height of a tile, pixels.
        tiles: how many there are.
        spacing: how far the samples of each component are apart, in pixels to the right and down.
    """

    width: int
    height: int
    depths: tuple[int, ...]
    signed: tuple[bool, ...]
    tile: tuple[int, int]
    tiles: int
    spacing: tuple[tuple[int, int], ...]


def parse(data: bytes) -> Header:
    """The main header of a codestream.

    Raises:
        ValueError: there is none, or it makes no sense.
    """
    if not data.startswith(START) or len(data) < 45:
        raise ValueError("it has no codestream")
    right, bottom, left, top, wide, high, tile_left, tile_top, count = struct.unpack_from(">8IH", data, 8)
    depths = data[42 : 42 + 3 * count : 3]
    if not (wide and high and right > left and bottom > top) or len(depths) < count or not count:
        raise ValueError("the main header makes no sense")
    tiles = -(-(right - tile_left) // wide) * -(-(bottom - tile_top) // high)
    bits, signed = tuple((depth & 0x7F) + 1 for depth in depths), tuple(depth >= 0x80 for depth in depths)
    spacing = tuple(zip(data[43 : 43 + 3 * count : 3], data[44 : 44 + 3 * count : 3], strict=True))
    return Header(right - left, bottom - top, bits, signed, (wide, high), tiles, spacing)


def check_divisions(data: bytes, header: Header) -> None:
    """Refuse a codestream whose picture is divided so finely that records and visits would take far more than pixels.

    Args:
        data: the whole codestream.
        header: its main header.

    Raises:
        Refused: it is.
        ValueError: a header makes no sense.
    """
    layers = 1
    for kind, body in _segments(data):
        if kind == _CODING and len(body) >= 10:
            layers, style, rest = max(layers, int.from_bytes(body[2:4], "big")), body[0], body[5:]
        elif kind == _CODING_OF_COMPONENT and len(body) >= 7:
            start = 1 if len(header.depths) < 257 else 2
            style, rest = body[start], body[start + 1 :]
        else:
            continue
        precincts, blocks = _divisions(header, rest, bool(style & 1))
        taken = precincts * _PRECINCT + blocks * _CODE_BLOCK
        if taken > _BYTES + _BYTES_PER_PIXEL * header.width * header.height or precincts * layers > _VISITS:
            why = "it is a JPEG 2000 image divided into too many parts (tiles, precincts, code blocks or layers)"
            raise Refused(why, "save it as PNG")


def _divisions(header: Header, parameters: bytes, states_precincts: bool) -> tuple[int, int]:
    """Precincts and code blocks of all tiles, were all components coded by these parameters; table A.20."""
    levels, block = parameters[0], (min(parameters[1] & 15, 8) + 2, min(parameters[2] & 15, 8) + 2)
    sizes = parameters[5 : 5 + levels + 1] if states_precincts else b""
    if levels > 32 or (states_precincts and len(sizes) < levels + 1):
        raise ValueError("a coding style makes no sense")
    width, height = (min(side, whole) for side, whole in zip(header.tile, (header.width, header.height), strict=True))
    precincts = blocks = 0
    for level in range(levels + 1):  # from the smallest resolution on
        across, down = (sizes[level] & 15, sizes[level] >> 4) if sizes else (15, 15)
        shrunk = levels - level
        wide, high = -(-width // (1 << shrunk)), -(-height // (1 << shrunk))
        precincts += -(-wide // (1 << across)) * -(-high // (1 << down))
        inside = min(block[0], across), min(block[1], down)  # a code block ends with its precinct
        blocks += -(-wide // (1 << inside[0])) * -(-high // (1 << inside[1]))
    count = header.tiles * len(header.depths)
    return precincts * count, blocks * count


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The second byte and the content of each marker of the main header and those of tile-parts."""
    at, end = 2, 0  # `end` of the tile-part that `at` is in; 0 in the main header
    parts = markers = 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == _DATA:
            if not end:
                return
            at, end = end, 0
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        markers += 1
        if length < 2 or markers > _MARKERS:
            return
        if kind == _TILE_PART:
            parts, markers = parts + 1, 0
            if parts > _TILE_PARTS:
                raise Refused("it is a JPEG 2000 image of too many tile-parts", "save it as PNG")
            size = int.from_bytes(data[at + 6 : at + 10], "big")
            end = at + size if size >= 14 else len(data)
        else:
            yield kind, data[at + 4 : at + 2 + length]
        at += 2 + length
