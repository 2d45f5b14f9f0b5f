"""Gain maps behind JPEG pictures: Ultra HDR (Adobe's hdrgm, ISO 21496-1) and Apple's, by the segments that say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from daub.codec.images.colour.declared import GAIN_MAP, Declared

_APP1, _APP2, _START_OF_SCAN, _END = 0xE1, 0xE2, 0xDA, 0xD9
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_IN_XMP = (b"hdrgm:Version", b"http://ns.adobe.com/hdr-gain-map/1.0/", b'Semantic="GainMap"', b"HDRGainMap")
_ISO = b"urn:iso:std:iso:ts:21496:-1\0"
_APPLE = b"urn:com:apple:photo:2020:aux:hdrgainmap"


def declared(file: BinaryIO) -> Declared:
    """Only gain maps: profile and EXIF are known to the reader, and JPEG has no other signal."""
    found = Declared()
    if _has_gain_map(file):
        found.notices.append(GAIN_MAP)
    return found


def _has_gain_map(file: BinaryIO) -> bool:
    several = False
    for marker, body in _segments(file):
        if marker == _APP2 and body.startswith(_ISO):
            return True
        if marker == _APP1 and any(sign in body for sign in _IN_XMP):
            return True
        several |= marker == _APP2 and body.startswith(b"MPF\0")
    if not several:
        return False
    others = file.read()  # one of the pictures behind this one says that it is the gain map
    return any(sign in others for sign in (_APPLE, _ISO, *_IN_XMP))


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment before the pixels."""
    file.seek(2)
    while True:
        head = file.read(2)
        while head == b"\xff\xff":  # fill bytes
            head = head[1:] + file.read(1)
        if len(head) < 2 or head[0] != 0xFF or head[1] in (_START_OF_SCAN, _END):
            return
        if head[1] in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return
        yield head[1], file.read(length - 2)
