"""The colour space of BMP headers of version 4 and 5 (BITMAPV4HEADER, BITMAPV5HEADER), which Pillow passes over."""

from __future__ import annotations

import struct
from typing import BinaryIO

from daub.codec.images.colour import transfers
from daub.codec.images.colour.declared import Declared
from daub.codec.images.colour.primaries import of_points
from daub.codec.images.colour.signals import Encoding, Profile, of_gamma

_FILE_HEADER = 14  # bytes
_VERSION_4, _VERSION_5 = 108, 124  # bytes of the header
_CALIBRATED, _SRGB, _WINDOWS = 0, 0x73524742, 0x57696E20
_LINKED, _EMBEDDED = 0x4C494E4B, 0x4D424544
_LARGEST_PROFILE = 1 << 24  # bytes


def declared(file: BinaryIO, header_at: int = _FILE_HEADER) -> Declared:
    """What the header says. A linked profile is a path on somebody's disk, and never opened.

    Args:
        file: seekable.
        header_at: where the header begins, at 0 in a bitmap without a file header.
    """
    found = Declared()
    file.seek(header_at)
    header = file.read(_VERSION_5)
    size = int.from_bytes(header[:4], "little")
    if size < _VERSION_4 or len(header) < min(size, _VERSION_5):
        return found
    space = int.from_bytes(header[56:60], "little")
    if space == _CALIBRATED:
        found.below += found.trying("calibrated colour space", lambda: _calibrated(header))
    elif space == _LINKED:
        found.notices.append("its colour profile is another file, which is not opened, so its colours may be off")
    elif space == _EMBEDDED and size >= _VERSION_5:
        start, length = struct.unpack_from("<II", header, 112)
        file.seek(header_at + start)
        found.profiles.append(Profile(file.read(min(length, _LARGEST_PROFILE))))
    elif space not in (_SRGB, _WINDOWS, _EMBEDDED):
        found.notices.append("its colour space has an unknown number, and is taken for sRGB")
    return found


def _calibrated(header: bytes) -> Encoding | None:
    """Endpoints and gammas; all zero where a writer had nothing to say.

    The format names no white. Endpoints may be XYZ of a space whose white is that of sRGB, or chromaticities: both lead
    to the same x and y, to which the white of sRGB belongs, as browsers have it.
    """
    numbers = struct.unpack_from("<12I", header, 60)
    if not any(numbers):
        return None
    corners = [[value / 2**30 for value in numbers[i : i + 3]] for i in (0, 3, 6)]
    gammas = [value / 65536 for value in numbers[9:]]
    if not all(sum(corner) > 0 for corner in corners):
        raise ValueError("its endpoints make no sense")
    red, green, blue = ((x / (x + y + z), y / (x + y + z)) for x, y, z in corners)
    space = of_points(red, green, blue)
    spaces = [of_gamma(gamma, space) if gamma else Encoding(space, transfers.SRGB) for gamma in gammas]
    if len(set(gammas)) == 1:
        return spaces[0]
    curves = tuple(each.transfer for each in spaces)
    return Encoding(space, curves[0], "calibrated RGB", channel_transfers=curves)
