"""JPEG: 8 bits by Pillow; 12 bits and lossless by libjpeg-turbo in imagecodecs, as the frame header says.

ISO/IEC 10918-1, annex B, which also tells how many scans there are: a progressive file can ask for any number of passes
over all of its pixels.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import imagecodecs
import numpy as np

from daub.codec.images.colour.signals import Profile
from daub.codec.images.readers import exif_data, pillow
from daub.codec.images.readers.refusal import Budget, Limits, Refused
from daub.codec.images.readers.scaling import scaled
from daub.codec.images.samples import Samples, upright

MAX_SCANS = 200  # of a file; encoders that try hard write some twenty

_BASELINE_OR_PROGRESSIVE, _ARITHMETIC = (0xC0, 0xC1, 0xC2), (0xC9, 0xCA)
_LOSSLESS, _JPEG_LS = 0xC3, 0xF7
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0), _JPEG_LS)
_START_OF_SCAN, _APP1, _APP2, _APP14 = 0xDA, 0xE1, 0xE2, 0xEE
_END_OF_IMAGE = 0xD9
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")  # those that stand alone, without content, left out
_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # the first marker behind the data of a scan


@dataclass(frozen=True)
class Frame:
    """The frame header.

    Args:
        kind: the second byte of its marker.
        bits: of a sample.
        width, height: pixels.
        channels: components.
    """

    kind: int
    bits: int
    width: int
    height: int
    channels: int


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The picture, upright."""
    data = file.read()
    segments = list(_segments(data))
    frame = frame_of(data)
    limits.check(frame.width, frame.height, frame.channels * (2 if frame.bits > 8 else 1))
    if sum(kind == _START_OF_SCAN for kind, _ in segments) > MAX_SCANS:
        raise Refused(f"it is a JPEG image of more than {MAX_SCANS} scans, which would take too long", "save it again")
    if frame.kind in (*_BASELINE_OR_PROGRESSIVE, *_ARITHMETIC) and frame.bits == 8:
        file.seek(0)
        return pillow.read(file, limits, "JPEG")
    if frame.kind == _JPEG_LS:  # its decoder, CharLS, spends minutes on a hundred damaged bytes
        raise Refused("it is a JPEG-LS image, which is not read", _SAVE)
    if frame.kind not in (*_BASELINE_OR_PROGRESSIVE, _LOSSLESS):
        raise Refused("it is a hierarchical or arithmetic-coded JPEG image of a rare kind, which is not read", _SAVE)
    return _deep(data, frame, segments)


_SAVE = "save it as PNG with another program"


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The second byte of each marker that has content, and the content, up to the end of the first image."""
    at, budget = 2, Budget()
    while True:
        budget.spend()
        found = _MARKER.search(data, at)  # libjpeg passes over what stands between likewise
        if found is None or found.end() + 2 > len(data) or data[found.end() - 1] == _END_OF_IMAGE:
            return
        kind, start = data[found.end() - 1], found.end()
        length = int.from_bytes(data[start : start + 2], "big")
        yield kind, data[start + 2 : start + length]
        at = start + length
        if kind == _START_OF_SCAN:
            behind = _IN_SCAN.search(data, at)
            at = behind.start() if behind else len(data)


def frame_of(data: bytes) -> Frame:
    """The frame header of a stream.

    Raises:
        ValueError: it has none.
    """
    found = next(((kind, body) for kind, body in _segments(data) if kind in _FRAMES), None)
    if found is None or len(found[1]) < 6:
        raise ValueError("it has no frame header")
    bits, height, width, channels = struct.unpack_from(">BHHB", found[1])
    return Frame(found[0], bits, width, height, channels)


def _deep(data: bytes, frame: Frame, segments: list[tuple[int, bytes]]) -> Samples:
    """A picture that Pillow cannot read."""
    if frame.channels not in (1, 3, 4):
        raise Refused(f"it is a JPEG image of {frame.channels} channels, which is not read", _SAVE)
    values = imagecodecs.jpeg8_decode(data)
    values = values.reshape(*values.shape[:2], -1)
    notices: list[str] = []
    exif = next((body for kind, body in segments if kind == _APP1 and body.startswith(b"Exif\0\0")), b"")
    tags = exif_data.parsed(exif, notices)
    values = scaled(values, frame.bits, notices)
    adobe = any(kind == _APP14 and body.startswith(b"Adobe") for kind, body in segments)
    if frame.channels == 4 and adobe:  # Adobe's programs store how much paper is left, and everybody follows
        values = np.iinfo(values.dtype).max - values if values.dtype.kind == "u" else 1 - values
    profile = _profile(segments)
    colour = ((Profile(profile),) if profile else ()) + exif_data.colour(tags, notices)
    orientation = exif_data.orientation(tags)
    return Samples(upright(values, orientation), False, colour, notices, orientation=orientation)


def _profile(segments: list[tuple[int, bytes]]) -> bytes:
    """The ICC profile in its parts, ICC.1:2022, annex B.4; empty where there is none."""
    parts = [body[12:] for kind, body in segments if kind == _APP2 and body.startswith(b"ICC_PROFILE\0")]
    return b"".join(part[2:] for part in sorted(parts, key=lambda part: part[:1]))
