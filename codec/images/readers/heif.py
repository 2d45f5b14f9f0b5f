"""AVIF by libavif inside imagecodecs, at its full depth; HEIC by the optional package pillow-heif.

The primary item of an AVIF file is cropped and turned as its properties say (ISO/IEC 23008-12, section 6.5), which the
decoder leaves to others. libheif does so by itself. Which way up it is, EXIF has no say in: the
container is the authority here.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

import imagecodecs
import numpy as np
import PIL.Image

from daub.codec.images.colour import heif as properties
from daub.codec.images.readers import exif_data, pillow
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.readers.scaling import scaled
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples, unpremultiplied

_SEQUENCE = b"avis"


def read_avif(file: BinaryIO, limits: Limits) -> Samples:
    """The primary item, upright; of a sequence without one its first frame."""
    data = file.read()
    found = properties.of_primary_item(file)
    kinds = dict(found)
    if b"ispe" not in kinds:
        file.seek(0)
        return pillow.read(file, limits, "AVIF")
    width, height = struct.unpack_from(">II", kinds[b"ispe"], 4)
    limits.check(width, height, 8)
    values = imagecodecs.avif_decode(data, index=0)
    values = values.reshape(*values.shape[:2], -1)
    notices: list[str] = []
    values = scaled(values, 8 if values.dtype == np.uint8 else _bits(kinds.get(b"av1C", b""), values), notices)
    for kind, body in found:
        values = _transformed(values, kind, body, notices)
    if _SEQUENCE in data[8 : min(int.from_bytes(data[:4], "big"), 256)]:
        notices.append(ONE_OF_SEVERAL)
    file.seek(0)
    with PIL.Image.open(file, formats=("AVIF",)) as image:  # reads no pixels
        colour = exif_data.colour(exif_data.parsed(image.info.get("exif", b""), []), notices)
    return Samples(values, values.shape[2] in (2, 4), colour, notices)


def _bits(configuration: bytes, values: np.ndarray) -> int:
    """Of a sample deeper than 8 bits: AV1-ISOBMFF, section 2.3.3. A grid has no configuration of its own."""
    if len(configuration) > 2:
        return 12 if configuration[2] & 0x20 else 10
    return 10 if values.max() < 1024 else 12


def _transformed(values: np.ndarray, kind: bytes, body: bytes, notices: list[str]) -> np.ndarray:
    """Apply a property that changes which pixels are shown, and where."""
    if kind == b"clap":
        return _clean_aperture(values, body, notices)
    if kind == b"irot" and body:  # quarter turns against the clock
        return np.rot90(values, body[0] & 3)
    if kind == b"imir" and body:  # 0 exchanges top and bottom, 1 left and right
        return values[:, ::-1] if body[0] & 1 else values[::-1]
    return values


def _clean_aperture(values: np.ndarray, body: bytes, notices: list[str]) -> np.ndarray:
    """The part to show, ISO/IEC 14496-12, section 12.1.4: its size, and how far its middle is from that of all."""
    width, width_by, height, height_by, right, right_by, down, down_by = struct.unpack_from(">4IiIiI", body)
    rows, columns = values.shape[:2]
    if 0 not in (width_by, height_by, right_by, down_by):
        wide, high = width / width_by, height / height_by
        left = round((columns - wide) / 2 + right / right_by)
        top = round((rows - high) / 2 + down / down_by)
        wide, high = round(wide), round(high)
        if min(left, top) >= 0 and min(wide, high) > 0 and left + wide <= columns and top + high <= rows:
            return values[top : top + high, left : left + wide]
    notices.append("its clean aperture makes no sense, so all of it is shown")
    return values


def read_heic(file: BinaryIO, limits: Limits) -> Samples:
    """The primary item, which libheif crops and turns.

    Raises:
        Refused: the package that reads it is not installed, or has been built without a decoder for it.
    """
    try:
        import pillow_heif
    except ImportError as error:
        why = "it is a HEIC image, which is read by the package pillow-heif alone"
        raise Refused(why, 'install that (Daub\'s extra "heic"), or save the picture as JPEG or PNG') from error
    opened = pillow_heif.open_heif(file, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    limits.check(*opened.size, 8)
    bits = opened.info.get("bit_depth", 8)
    values = np.asarray(opened)
    values = values.reshape(*values.shape[:2], -1)
    notices: list[str] = [ONE_OF_SEVERAL] if len(opened) > 1 else []
    values = scaled(values, bits, notices)
    if opened.mode.startswith("RGBa"):  # multiplied by alpha
        values = unpremultiplied(values / np.float32(WHITE[values.dtype]))
    colour = exif_data.colour(exif_data.parsed(opened.info.get("exif") or b"", []), notices)
    return Samples(values, values.shape[2] in (2, 4), colour, notices)
