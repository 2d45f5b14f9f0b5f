"""The colour properties of the primary item of AVIF and HEIF files: ISO/IEC 23008-12, section 6.5; 14496-12, 12.1.5."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from daub.codec.images.colour import av1, boxes
from daub.codec.images.colour.declared import GAIN_MAP, Declared
from daub.codec.images.colour.signals import SRGB, Encoding, Profile, of_cicp

_SEQUENCE_HEADER = 256  # bytes of a coded picture that its sequence header begins and ends in
_APPLE_GAIN_MAP = b"urn:com:apple:photo:2020:aux:hdrgainmap"


def declared(file: BinaryIO) -> Declared:
    """What the properties of the primary item say.

    Code points rank above a profile. Those of sRGB do not where there is a profile: encoders write them beside it for
    the sake of the matrix alone, and would have no reason for a profile that says the same.
    """
    found = Declared()
    meta = (boxes.content(file, b"meta") or b"")[4:]
    stored = list(boxes.inside(boxes.first(boxes.first(meta, b"iprp"), b"ipco")))
    chosen = of_primary_item(file)
    peak = _peak(dict(chosen))
    for kind, body in chosen:
        if kind == b"colr" and body[:4] == b"nclx":
            found.above += found.trying("nclx colour property", lambda body=body: _of_nclx(body, peak))
        elif kind == b"colr" and body[:4] in (b"prof", b"rICC"):
            found.profiles.append(Profile(body[4:]))
    if not found.profiles and not any(kind == b"colr" for kind, _ in chosen):
        found.above += found.trying("AV1 sequence header", lambda: _of_sequence_header(file, meta))
    if found.profiles and found.above == [SRGB]:
        found.above.clear()
    if _has_tone_map(meta) or any(kind == b"auxC" and _APPLE_GAIN_MAP in body for kind, body in stored):
        found.notices.append(GAIN_MAP)
    return found


def of_primary_item(file: BinaryIO) -> list[tuple[bytes, bytes]]:
    """Kind and content of each property of the primary item, in the order in which they apply."""
    meta = (boxes.content(file, b"meta") or b"")[4:]
    properties = boxes.first(meta, b"iprp")
    stored = list(boxes.inside(boxes.first(properties, b"ipco")))
    item = _number(boxes.first(meta, b"pitm"))
    return [stored[i] for i in _associated(properties, item) if i < len(stored)]


def _of_sequence_header(file: BinaryIO, meta: bytes) -> Encoding | None:
    """Without any colour property, what the coded picture says by itself."""
    place = _first_extent(boxes.first(meta, b"iloc"), _number(boxes.first(meta, b"pitm")))
    if place is None:
        return None
    file.seek(place)
    found = av1.code_points(file.read(_SEQUENCE_HEADER))
    return of_cicp(*found) if found else None


def _first_extent(body: bytes, item: int) -> int | None:
    """Where the data of an item begin in the file (iloc box); None where they are somewhere else, or of other items."""
    version = body[0] if body else 0
    reader = BytesIO(body[4:])

    def number(size: int) -> int:
        return int.from_bytes(reader.read(size), "big")

    sizes, more = number(1), number(1)
    offset_bytes, length_bytes, base_bytes = sizes >> 4, sizes & 15, more >> 4
    index_bytes = more & 15 if version else 0
    for _ in range(min(number(4 if version == 2 else 2), len(body))):
        identity = number(4 if version == 2 else 2)
        method = number(2) & 15 if version else 0
        number(2)  # the file that holds it
        base, extents = number(base_bytes), number(2)
        starts = []
        for _ in range(min(extents, len(body))):
            number(index_bytes)
            starts.append(base + number(offset_bytes))
            number(length_bytes)
        if identity == item:
            return starts[0] if starts and method == 0 else None
    return None


def _of_nclx(body: bytes, peak: float | None) -> Encoding | None:
    """The decoder has applied the matrix and the range."""
    if len(body) < 10:
        raise ValueError("it is cut short")
    primaries, transfer = struct.unpack_from(">HH", body, 4)
    encoding = of_cicp(primaries, transfer, peak)
    return SRGB if encoding and encoding.is_srgb() else encoding


def _number(body: bytes) -> int:
    """The number in a full box that holds only it: of 16 bits in version 0, else of 32."""
    return int.from_bytes(body[4 : 6 if body[:1] == b"\0" else 8], "big")


def _associated(properties: bytes, item: int) -> Iterator[int]:
    """The places in the list of properties, from 0 on, that belong to an item (ipma box)."""
    for kind, body in boxes.inside(properties):
        if kind != b"ipma" or len(body) < 8:
            continue
        id_bytes = 2 if body[0] == 0 else 4
        index_bytes = 2 if body[3] & 1 else 1
        mask = (1 << (8 * index_bytes - 1)) - 1  # the topmost bit says that the property is essential
        at = 8
        while at + id_bytes < len(body):
            number, count = int.from_bytes(body[at : at + id_bytes], "big"), body[at + id_bytes]
            at += id_bytes + 1
            for place in range(at, at + count * index_bytes, index_bytes):
                index = int.from_bytes(body[place : place + index_bytes], "big") & mask
                if number == item and index:
                    yield index - 1
            at += count * index_bytes


def _peak(properties: dict[bytes, bytes]) -> float | None:
    """The brightest light that the file states, in cd/m2: of its content, or else of the mastering display."""
    light_level, mastering = properties.get(b"clli", b""), properties.get(b"mdcv", b"")
    if int.from_bytes(light_level[:2], "big"):
        return float(int.from_bytes(light_level[:2], "big"))
    return int.from_bytes(mastering[16:20], "big") / 10000 or None


def _has_tone_map(meta: bytes) -> bool:
    """Whether an item is derived by a gain map (ISO 21496-1), which has the type tmap."""
    items = boxes.first(meta, b"iinf")
    entries = items[6 if items[:1] == b"\0" else 8 :]
    for kind, body in boxes.inside(entries):
        at = 8 if body[:1] == b"\2" else 10  # behind version, flags, number and protection
        if kind == b"infe" and body[at : at + 4] == b"tmap":
            return True
    return False
