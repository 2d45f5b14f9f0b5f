"""The colour space byte of QOI: the QOI image format specification, version 1.0."""

from __future__ import annotations

from typing import BinaryIO

from daub.codec.images.colour.declared import Declared
from daub.codec.images.colour.signals import LINEAR_SRGB

_AT, _LINEAR = 13, 1


def declared(file: BinaryIO) -> Declared:
    """sRGB with linear alpha, or all channels linear."""
    file.seek(_AT)
    return Declared(below=[LINEAR_SRGB] if file.read(1) == bytes([_LINEAR]) else [])
