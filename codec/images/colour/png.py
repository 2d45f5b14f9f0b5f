"""The colour chunks of PNG (third edition, section 11.3.2), of which Pillow tells neither cICP nor what HDR needs."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from daub.codec.images.colour import transfers
from daub.codec.images.colour.declared import GAIN_MAP, Declared
from daub.codec.images.colour.primaries import SRGB as SRGB_PRIMARIES
from daub.codec.images.colour.primaries import of_points
from daub.codec.images.colour.signals import SRGB, Encoding, in_narrow_range, of_cicp, of_gamma

_LENGTHS = {b"IHDR": 13, b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"mDCV": 24, b"cLLI": 8}
_OLD_NAMES = {b"mDCv": b"mDCV", b"cLLi": b"cLLI"}  # of drafts of the third edition
_LONGEST = 1 << 16  # bytes; no chunk of interest is as long


def declared(file: BinaryIO) -> Declared:
    """What the chunks before the pixels say: cICP ranks above a profile; sRGB, then gAMA and cHRM below it."""
    chunks = dict(_chunks(file))
    found = Declared()
    for name, length in _LENGTHS.items():
        if name in chunks and len(chunks[name]) != length:
            found.notices.append(f"its {name.decode()} chunk is damaged, and passed over")
            del chunks[name]
    if b"cICP" in chunks:
        found.above += found.trying("cICP chunk", lambda: _of_cicp(chunks))
    if b"sRGB" in chunks:
        found.below.append(SRGB)
    if b"gAMA" in chunks or b"cHRM" in chunks:
        found.below += found.trying("gAMA or cHRM chunk", lambda: _of_gamma(chunks))
    if b"gmAP" in chunks:
        found.notices.append(GAIN_MAP)
    found.embeds_profile = b"iCCP" in chunks
    return found


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk before the pixels; of long ones the beginning."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", head)
        if name in (b"IDAT", b"IEND"):
            return
        yield _OLD_NAMES.get(name, name), file.read(min(length, _LONGEST))
        file.seek(length - min(length, _LONGEST) + 4, 1)  # 4: the checksum, which the decoder checks


def _of_cicp(chunks: dict[bytes, bytes]) -> Encoding | None:
    primaries, transfer, matrix, full_range = chunks[b"cICP"]
    if matrix != 0:
        raise ValueError(f"its matrix coefficients are {matrix}, where a PNG has to say 0")
    encoding = of_cicp(primaries, transfer, _peak(chunks))
    if encoding is None or full_range:
        return encoding
    return in_narrow_range(encoding, chunks[b"IHDR"][8])


def _peak(chunks: dict[bytes, bytes]) -> float | None:
    """The brightest light that the file states, in cd/m2: cLLI, or else that of the mastering display, mDCV."""
    stated = [struct.unpack_from(">I", chunks[b"cLLI"])[0]] if b"cLLI" in chunks else []
    stated += [struct.unpack_from(">I", chunks[b"mDCV"], 16)[0]] if b"mDCV" in chunks else []
    return next((value / 10000 for value in stated if value), None)


def of_info(info: dict) -> list[Encoding]:
    """What Pillow has kept of the chunks of a PNG file that it opened for somebody else."""
    if "srgb" in info:
        return [SRGB]
    try:
        found = _space(info.get("gamma"), info.get("chromaticity"))
    except (TypeError, ValueError):
        return []
    return [found] if found else []


def _of_gamma(chunks: dict[bytes, bytes]) -> Encoding | None:
    gamma = struct.unpack(">I", chunks[b"gAMA"])[0] / 100_000 if b"gAMA" in chunks else None
    x_y = [value / 100_000 for value in struct.unpack(">8I", chunks[b"cHRM"])] if b"cHRM" in chunks else None
    return _space(gamma, x_y)


def _space(gamma: float | None, x_y: Sequence[float] | None) -> Encoding | None:
    """A lone gAMA has the primaries of sRGB; a lone cHRM its transfer function.

    Args:
        gamma: the exponent of the encoder.
        x_y: of white, red, green and blue.
    """
    space = SRGB_PRIMARIES
    if x_y:
        white, red, green, blue = zip(x_y[::2], x_y[1::2], strict=True)
        space = of_points(red, green, blue, white)
    if gamma is None:
        return Encoding(space, transfers.SRGB) if x_y else None
    if gamma == 0:
        raise ValueError("a gamma of 0 makes no sense")
    return of_gamma(1 / gamma, space)
