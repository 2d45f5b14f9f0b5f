"""Icons and cursors of Windows (ICO, CUR) and icons of macOS (ICNS): the largest picture of a file.

PNG and JPEG 2000 inside are read as if they were files of their own, with the same limits.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import numpy as np

from daub.codec.images.readers import jpeg2000, pillow, png
from daub.codec.images.readers.colours import described
from daub.codec.images.readers.refusal import Budget, Limits
from daub.codec.images.samples import Samples

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_2000 = (b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_BIT_FIELDS = (3, 6)  # kinds of bitmaps whose header is followed by masks
_SHORT_HEADER = 40  # bytes; longer headers hold the masks
_LEGACY = {b"it32": 128, b"ih32": 48, b"icl8": 32, b"il32": 32, b"ics8": 16, b"is32": 16, b"ic04": 16, b"ic05": 32}


def read_windows(file: BinaryIO, limits: Limits) -> Samples:
    """The largest picture of an ICO or CUR file, and the deepest of that size."""
    data = file.read()
    (count,) = struct.unpack_from("<H", data, 4)
    places = [struct.unpack_from("<II", data, 6 + 16 * number + 8) for number in range(count)]
    whole = memoryview(data)  # of which a thousand entries may claim all
    pictures = [whole[start : start + length] for length, start in places if start + length <= len(data)]
    if not pictures or len(pictures) < count:
        raise ValueError("its pictures lie beyond its end")
    best = bytes(max(pictures, key=_size_of))
    return _nested(best, limits) if best.startswith(_PNG) else described(_bitmap(best, limits), "DIB", io.BytesIO(best))


def _size_of(picture: memoryview) -> tuple[int, int]:
    """Pixels and bits of a picture inside."""
    if picture[:8] == _PNG:
        width, height = struct.unpack_from(">II", picture, 16)
        return width * height, 32
    width, height, _, bits = struct.unpack_from("<iiHH", picture, 4)
    return abs(width * height) // 2, bits


def _bitmap(picture: bytes, limits: Limits) -> Samples:
    """A bitmap without file header that is twice as high as the picture: above colours, the mask of what is not seen.

    The mask stands for an alpha channel where there is none, or an empty one.
    """
    header, width, height, _, bits, kind = struct.unpack_from("<IiiHHI", picture)
    (used,) = struct.unpack_from("<I", picture, 32)
    height //= 2
    limits.check(width, height)
    colours = (used or 1 << bits) if bits <= 8 else 0
    start = header + 4 * colours + (12 if kind in _BIT_FIELDS and header == _SHORT_HEADER else 0)
    halved = struct.pack("<IiiHHII", header, width, height, 1, bits, kind, 0) + picture[24:]
    samples = pillow.read(io.BytesIO(halved), limits, "DIB")
    row, mask_row = -(-width * bits // 32) * 4, -(-width // 32) * 4
    if samples.alpha and samples.values[..., 3].any():
        return samples
    opacity = np.zeros((height, width), np.uint8)
    if bits == 32:
        rows = np.frombuffer(picture, np.uint8, row * height, start).reshape(height, -1)
        opacity = rows[:, 3 : 4 * width : 4]
    if not opacity.any():
        mask = np.frombuffer(picture, np.uint8, mask_row * height, start + row * height).reshape(height, -1)
        opacity = np.uint8(255) * (np.unpackbits(mask, axis=1)[:, :width] == 0)
    samples.values = np.dstack([samples.values[..., :3], opacity[::-1]])  # a bitmap begins with its last row
    samples.alpha = True
    return samples


def read_macos(file: BinaryIO, limits: Limits) -> Samples:
    """The largest picture of an ICNS file."""
    data = file.read()
    nested, others, at = [], [], 8
    budget = Budget()
    while at + 8 <= len(data):
        budget.spend()
        kind, length = struct.unpack_from(">4sI", data, at)
        block = data[at : at + length]
        if length < 8 or len(block) < length:
            raise ValueError("a block lies beyond its end")
        (nested if block[8:].startswith((_PNG, *_JPEG_2000)) else others).append((kind, block))
        at += length
    sizes = [_nested_size(block[8:]) for _, block in nested]
    if sizes and max(sizes) >= max((_LEGACY.get(kind, 0) ** 2 for kind, _ in others), default=0):
        best = nested[sizes.index(max(sizes))][1][8:]
        return _nested(best, limits)
    body = b"".join(block for _, block in others)
    return pillow.read(io.BytesIO(b"icns" + struct.pack(">I", 8 + len(body)) + body), limits, "ICNS")


def _nested(picture: bytes, limits: Limits) -> Samples:
    """A PNG or JPEG 2000 image."""
    kind, read = ("PNG", png.read) if picture.startswith(_PNG) else ("JPEG 2000", jpeg2000.read)
    return described(read(io.BytesIO(picture), limits), kind, io.BytesIO(picture))


def _nested_size(picture: bytes) -> int:
    """Pixels of a PNG or JPEG 2000 image."""
    if picture.startswith(_PNG):
        width, height = struct.unpack_from(">II", picture, 16)
        return width * height
    header = jpeg2000.header_of(io.BytesIO(picture))
    return header.width * header.height
