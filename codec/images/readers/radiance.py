"""Radiance HDR (.hdr, .pic): scene-linear light of three bytes and an exponent, by imagecodecs.

"The RADIANCE Picture File Format" (Ward, 1997): lines of text, an empty line, a line with the size, and the pixels.
"""

from __future__ import annotations

import re
from typing import BinaryIO

import imagecodecs
import numpy as np

from daub.codec.images.colour import primaries, transfers
from daub.codec.images.colour.signals import SCENE_LINEAR, Encoding, Signal
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.samples import Samples

_HEADER = 1 << 16  # bytes, at most
_SIZE = re.compile(rb"\n\n([-+])([XY]) +(\d+) +([-+])([XY]) +(\d+)\n")
_FORMATS = (b"32-bit_rle_rgbe", b"32-bit_rle_xyze")


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The picture, upright. Exposure and the like have been applied by whoever wrote them."""
    data = file.read()
    size = _SIZE.search(data, 0, _HEADER)
    if size is None:
        raise ValueError("it has no line that tells its size")
    lines = data[: size.start()].split(b"\n")
    stored = next((line[7:].strip() for line in lines if line.startswith(b"FORMAT=")), _FORMATS[0])
    if stored not in _FORMATS:
        raise Refused(
            f"it is a Radiance picture of the unknown format {stored[:40].decode('latin-1')}", "save it as EXR"
        )
    down, first, outer, right, second, inner = size.groups()
    if first == second:
        raise ValueError("its size makes no sense")
    rows, columns = int(outer), int(inner)
    limits.check(columns, rows, 12)
    values = np.empty((rows, columns, 3), np.float32)
    imagecodecs.rgbe_decode(data[size.end() :], header=False, out=values)
    values = values[
        :: -1 if (down == b"+") == (first == b"Y") else 1, :: -1 if (right == b"-") == (second == b"X") else 1
    ]
    if first == b"X":
        values = values.swapaxes(0, 1)
    return Samples(values, colour=_colour(lines, stored))


def _colour(lines: list[bytes], stored: bytes) -> tuple[Signal, ...]:
    """The primaries, where they are not those of sRGB."""
    if stored == _FORMATS[1]:
        return (Encoding(primaries.BY_CODE[10], transfers.SCENE, "scene-linear CIE XYZ"),)
    given = next((line[10:].split() for line in lines if line.startswith(b"PRIMARIES=")), [])
    try:
        numbers = [float(number) for number in given]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        space = primaries.of_points(*points)
    except (TypeError, ValueError):
        return (SCENE_LINEAR,)
    return (Encoding(space, transfers.SCENE, f"scene-linear {space.name}"),)
