"""EXIF and XMP into the files of formats that hold them."""

from __future__ import annotations

import struct
import zlib
from typing import Any, BinaryIO

import PIL.Image
from PIL.ExifTags import IFD
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from daub.codec.metadata import Metadata

HOLD = ("PNG", "JPEG", "WebP", "AVIF", "TIFF", "JPEG XL")  # formats, as `writing.Writer` names them
_LONGEST = {"JPEG": 65_500}  # bytes of each, where a format ends: a segment of JPEG has 65,533, and begins with a name
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode()
_END = b'<?xpacket end="w"?>'
_XMP_OF_TIFF = 700  # tag
_DIRECTORIES = IFD.Exif, IFD.GPSInfo


def held(metadata: Metadata, file_format: str) -> tuple[Metadata, str]:
    """What a format has a place for, and what it has none for, in words; "" where it takes all.

    Args:
        file_format: as `writing.Writer` names it.
    """
    exif, xmp, left = metadata.exif, metadata.xmp, []
    if exif and (file_format not in HOLD or len(exif) > _LONGEST.get(file_format, len(exif)) or not _is_sound(exif)):
        exif = b""
        left.append("EXIF")
    if xmp and (file_format not in HOLD or len(packet(xmp)) > _LONGEST.get(file_format, len(packet(xmp)))):
        xmp = b""
        left.append("XMP")
    return Metadata(exif, xmp), " and ".join(left)


def _is_sound(exif: bytes) -> bool:
    """Whether programs can read it, which nobody has promised of what a .daub carries."""
    try:
        tags = loaded(exif)
        for name in _DIRECTORIES:
            tags.get_ifd(name)
    except Exception:  # Pillow's parser raises anything on damaged data
        return False
    return True


def packet(xmp: bytes) -> bytes:
    """XMP in the wrapper by which programs find it; nothing for nothing."""
    return _BEGIN + xmp + _END if xmp else b""


def loaded(exif: bytes | BinaryIO) -> PIL.Image.Exif:
    """Tags, whose text is bytes: Pillow takes it for Latin-1 and writes ASCII, where most programs mean UTF-8.

    Args:
        exif: a TIFF structure, or a TIFF file.
    """
    tags = PIL.Image.Exif()
    if isinstance(exif, bytes):
        tags.load(exif)
    else:
        exif.seek(0)
        tags.load_from_fp(exif)
    for tag, value in list(tags.items()):
        if isinstance(value, str):
            tags[tag] = value.encode("latin-1", "replace")
    return tags


def pillow_settings(metadata: Metadata, file_format: str) -> dict[str, Any]:
    """What Pillow's `save` is to be given for a format.

    Args:
        file_format: of HOLD, but for PNG and JPEG XL.
    """
    settings: dict[str, Any] = {}
    if file_format == "TIFF":
        tags = loaded(metadata.exif)
        for name in _DIRECTORIES:
            tags.pop(name, None)  # which Pillow cannot write: `with_directories` adds them
        if metadata.xmp:
            tags[_XMP_OF_TIFF] = packet(metadata.xmp)
        return {"exif": tags} if metadata else {}
    if metadata.exif:
        settings["exif"] = loaded(metadata.exif) if file_format == "AVIF" else b"Exif\0\0" + metadata.exif
    if metadata.xmp:
        settings["xmp"] = packet(metadata.xmp)
    return settings


def with_directories(tiff: bytes, exif: bytes) -> bytes:
    """A TIFF file with the directories that EXIF has beside the first one (TIFF 6.0, section 2; EXIF 2.32, 4.6.3).

    Args:
        tiff: of one picture, in Intel's order of bytes and with offsets of 32 bits, as Pillow writes it.
        exif: as of `Metadata`.
    """
    tags = loaded(exif)
    found = {name: directory for name in _DIRECTORIES if (directory := dict(tags.get_ifd(name)))}
    if not found or not tiff.startswith(b"II*\0"):
        return tiff
    (first,) = struct.unpack_from("<I", tiff, 4)
    (count,) = struct.unpack_from("<H", tiff, first)
    entries = [tiff[first + 2 + 12 * n : first + 14 + 12 * n] for n in range(count)]
    added = b""
    for name, directory in found.items():
        at = len(tiff) + len(added) + len(tiff) % 2
        values = ImageFileDirectory_v2(prefix=b"II")
        values.update(directory)
        packed = values.tobytes(at)
        added += packed + b"\0" * (len(packed) % 2)
        entries.append(struct.pack("<HHII", name, 4, 1, at))
    entries.sort(key=lambda entry: struct.unpack_from("<H", entry)[0])
    body = tiff + b"\0" * (len(tiff) % 2) + added
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + b"\0\0\0\0"
    return body[:4] + struct.pack("<I", len(body)) + body[8:] + directory


def png_chunks(metadata: Metadata) -> bytes:
    """Chunks that may stand before the pixels of a PNG (third edition, sections 11.3.4.3 and 11.3.4.5; XMP part 3)."""
    chunks = b""
    if metadata.exif:
        chunks += _png_chunk(b"eXIf", metadata.exif)
    if metadata.xmp:
        chunks += _png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet(metadata.xmp))
    return chunks


def jpeg_xl_file(codestream: bytes, metadata: Metadata) -> bytes:
    """A codestream in boxes with EXIF and XMP (ISO/IEC 18181-2), or alone where there is nothing beside it."""
    if not metadata:
        return codestream
    parts = [(b"JXL ", b"\r\n\x87\n"), (b"ftyp", b"jxl \0\0\0\0jxl ")]
    if metadata.exif:
        parts.append((b"Exif", b"\0\0\0\0" + metadata.exif))
    if metadata.xmp:
        parts.append((b"xml ", metadata.xmp))
    parts.append((b"jxlc", codestream))
    return b"".join((8 + len(content)).to_bytes(4, "big") + kind + content for kind, content in parts)


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
