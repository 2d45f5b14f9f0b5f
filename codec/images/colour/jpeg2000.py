"""The colour specification boxes of JPEG 2000: ISO/IEC 15444-1, annex I.5.3.3; 15444-2, annex M.11.7.3."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import BinaryIO

from daub.codec.images.colour import boxes, transfers
from daub.codec.images.colour.declared import Declared
from daub.codec.images.colour.signals import ROMM_RGB, SRGB, Encoding, Profile, in_narrow_range, of_cicp

_ENUMERATED, _RESTRICTED_PROFILE, _ANY_PROFILE, _CODE_POINTS = 1, 2, 3, 5
# EnumCS, 15444-1, table I.10 and 15444-2, table M.25. CMYK is known by its channels; sYCC is decoded to sRGB.
_SRGB_LIKE = {0: "bi-level", 15: "bi-level", 16: "sRGB", 17: "grey", 18: "sYCC", 12: "CMYK"}
_ROMM_RGB, _E_SRGB = 21, 20
_DEEPEST = 38  # bits that a sample can have; more stands for channels that differ
_OTHERS = {1: "YCbCr of BT.709", 3: "YCbCr of BT.601", 4: "YCbCr of BT.601", 9: "PhotoYCC", 11: "CMY", 13: "YCCK"}
_OTHERS |= {14: "CIELab", 19: "CIEJab", 22: "YPbPr", 23: "YPbPr", 24: "e-sYCC"}


def declared(file: BinaryIO) -> Declared:
    """What the boxes say; the first that is usable counts, as 15444-1 asks for where there are several."""
    found = Declared()
    header = boxes.content(file, b"jp2h") or b""
    bits = (boxes.first(header, b"ihdr")[10:11] or b"\7")[0] % 128 + 1
    for kind, body in boxes.inside(header):
        if kind != b"colr" or len(body) < 3:
            continue
        method, content = body[0], body[3:]
        if method in (_RESTRICTED_PROFILE, _ANY_PROFILE):
            found.above.append(Profile(content))
        elif method in (_ENUMERATED, _CODE_POINTS):
            read = _enumerated if method == _ENUMERATED else _code_points
            found.above += found.trying("colour specification", lambda read=read, it=content: read(it, bits))
        else:
            found.notices.append(f"its colour specification is passed over (it is of the unknown method {method})")
    return found


def _enumerated(content: bytes, bits: int) -> Encoding:
    number = int.from_bytes(content[:4], "big")
    if number in _SRGB_LIKE:
        return SRGB
    if number == _ROMM_RGB:
        return ROMM_RGB
    if number == _E_SRGB and 10 <= bits <= _DEEPEST:
        return _extended_srgb(bits)
    raise ValueError(f"it is {_OTHERS.get(number, f'of the unknown number {number}')}, which is not converted")


def _extended_srgb(bits: int) -> Encoding:
    """e-sRGB (PIMA 7667): code = 255 * 2^(bits - 9) * value + 3 * 2^(bits - 3), so that there is room below black."""
    full = 2**bits - 1
    black = 3 * 2 ** (bits - 3)
    transfer = transfers.between(transfers.SRGB, black / full, (black + 255 * 2 ** (bits - 9)) / full)
    return replace(SRGB, transfer=transfer, title="e-sRGB")


def _code_points(content: bytes, bits: int) -> Encoding | None:
    """15444-2, M.11.7.3.3: primaries, transfer and matrix of H.273; the decoder delivers RGB."""
    if len(content) < 7:
        raise ValueError("it is cut short")
    primaries, transfer, _matrix = struct.unpack_from(">HHH", content)
    encoding = of_cicp(primaries, transfer)
    full_range = content[6] & 0x80
    if encoding is None or full_range:
        return encoding
    return in_narrow_range(encoding, bits)
