"""Netpbm and PFM: Pillow reads the grey and the shallow ones; what it would cut down or does not know is read here."""

from __future__ import annotations

import re
from typing import BinaryIO

import numpy as np

from daub.codec.images.colour.signals import SCENE_LINEAR
from daub.codec.images.readers import pillow
from daub.codec.images.readers.refusal import Limits
from daub.codec.images.readers.scaling import finite
from daub.codec.images.samples import Samples

_HEADER = re.compile(rb"(P[36Ff])" + 3 * rb"(?:\s|#[^\n]*\n)++([-+.\deE]+)" + rb"(?:#[^\n]*\n)*+\s")
_PIXMAPS = (b"P3", b"P6")


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The first picture of a file."""
    data = file.read()
    header = _HEADER.match(data)
    if header is None:
        file.seek(0)
        return pillow.read(file, limits, "PPM")
    kind, width, height, last = header.groups()
    width, height = int(width), int(height)
    limits.check(width, height, 12)
    if kind in _PIXMAPS:
        return Samples(_pixmap(data, header.end(), kind == b"P3", width, height, int(last)))
    notices: list[str] = []
    values = finite(_floating(data, header.end(), kind == b"PF", width, height, float(last)), notices)
    return Samples(values, colour=(SCENE_LINEAR,), notices=notices)


def _pixmap(data: bytes, start: int, text: bool, width: int, height: int, white: int) -> np.ndarray:
    """(height, width, 3) of numbers up to `white`: uint8 or float32. ppm(5)."""
    if not 0 < white < 65536:
        raise ValueError(f"it states {white} as its white")
    count = 3 * width * height
    if text:
        without_comments = re.sub(rb"#[^\n]*", b"", data[start:])
        if re.search(rb"[^\d\s]", without_comments):
            raise ValueError("its samples are no numbers")
        values = np.fromstring(without_comments, np.float32, sep=" ")[:count]
    else:
        values = np.frombuffer(data, ">u2" if white > 255 else "u1", count, start)
    values = values.reshape(height, width, 3)
    return values if (white, values.dtype) == (255, np.uint8) else np.minimum(values / np.float32(white), 1)


def _floating(data: bytes, start: int, colour: bool, width: int, height: int, scale: float) -> np.ndarray:
    """(height, width, 1 or 3) float32 light of a PFM file, which begins with its last row. pfm(5)."""
    if not scale:
        raise ValueError("it states a scale of 0")
    channels = 3 if colour else 1
    dtype = "<f4" if scale < 0 else ">f4"  # the sign of the scale tells the order of bytes; its size has no unit
    values = np.frombuffer(data, dtype, channels * width * height, start)
    return values.reshape(height, width, channels)[::-1].astype(np.float32)
