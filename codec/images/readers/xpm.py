"""XPM: an image as C source, of which Pillow reads neither the names of colours nor their 16-bit digits.

XPM Manual, version 3.4 (Le Hors, 1996): strings of a header, of the colours and of the rows of pixels, in this order.
"""

from __future__ import annotations

import re
from typing import BinaryIO

import numpy as np
import PIL.ImageColor

from daub.codec.images.readers.refusal import Limits
from daub.codec.images.samples import Samples

_COMMENT_OR_STRING = re.compile(rb'/\*.*?\*/|"([^"]*)"', re.DOTALL)
_KEYS = (b"c", b"g", b"g4", b"m")  # colour, grey, four greys, black and white: the best that is there counts
_ALL_KEYS = (*_KEYS, b"s")  # and the name of a symbol
_GREY = re.compile(r"gr[ae]y(\d{1,3})")  # of X11, in percent
_LONGEST_CODE = 8  # characters for a pixel


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The picture. Colours whose names nobody knows become black, as in the X Window System, with a notice."""
    strings = [found for found in _COMMENT_OR_STRING.findall(file.read()) if found]
    width, height, count, length = (int(number) for number in strings[0].split()[:4])
    limits.check(width, height)
    if not 0 < length <= _LONGEST_CODE or not 0 < count < len(strings):
        raise ValueError("its header makes no sense")
    notices: list[str] = []
    colours = {line[:length]: _colour(line[length:].split(), notices) for line in strings[1 : 1 + count]}
    codes = np.array(list(colours), f"S{length}")
    rows = [row[: width * length] for row in strings[1 + count : 1 + count + height]]
    if len(rows) < height or any(len(row) < width * length for row in rows):
        raise ValueError("it has too few pixels")
    pixels = np.frombuffer(b"".join(rows), f"S{length}")
    order = np.argsort(codes)
    places = order[np.minimum(np.searchsorted(codes, pixels, sorter=order), len(codes) - 1)]
    if not np.array_equal(codes[places], pixels):
        raise ValueError("a pixel has no colour")
    values = np.array(list(colours.values()), np.uint8)[places].reshape(height, width, 4)
    return Samples(values, True, notices=list(dict.fromkeys(notices)))


def _colour(words: list[bytes], notices: list[str]) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha of the best of the colours that are given for one code."""
    given, key = {}, b""
    for word in words:
        if word in _ALL_KEYS and key != word and (not key or key in given):
            key = word
        else:
            given[key] = given.get(key, b"") + word.lower()  # a name may have spaces
    name = next((given[key] for key in _KEYS if key in given), b"").decode("latin-1")
    if name == "none":
        return 0, 0, 0, 0
    if name.startswith("#") and len(name) in (4, 7, 10, 13):
        digits = len(name) // 3
        return *(
            round(int(name[at : at + digits], 16) * 255 / (16**digits - 1)) for at in range(1, len(name), digits)
        ), 255
    if grey := _GREY.fullmatch(name):
        return *[round(min(int(grey[1]), 100) * 2.55)] * 3, 255
    try:
        return *PIL.ImageColor.getrgb(name)[:3], 255
    except ValueError:
        notices.append(f"its colour {name[:40]!r} is unknown, and black here")
        return 0, 0, 0, 255
