"""What a photo says of itself, as it travels from its file to a .daub and from there to a file again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metadata:
    """EXIF and XMP.

    >>> bool(Metadata()), bool(Metadata(xmp=b"<x:xmpmeta/>"))
    (False, True)

    Args:
        exif: a TIFF structure, as EXIF 2.32 has it, without what some files put in front; empty where there is none.
        xmp: an XMP packet, UTF-8, without its wrapper; likewise.
    """

    exif: bytes = b""
    xmp: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.exif or self.xmp)


NOTHING = Metadata()
