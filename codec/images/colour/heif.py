"""The colour properties of the primary item of AVIF and HEIF files: ISO/IEC 23008-12, section 6.5; 14496-12, 12.1.5."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from daub.codec.images.colour import boxes
from daub.codec.images.colour.declared import GAIN_MAP, Declared
from daub.codec.images.colour.signals import SRGB, Encoding, Profile, of_cicp

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
