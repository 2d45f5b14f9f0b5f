"""JPEG 2000 by OpenJPEG inside imagecodecs, which keeps every depth: Pillow makes black of white above 8 bits.

The main header tells size and depth before memory is spent, and the boxes, ISO/IEC 15444-1, annex I, which channel is
alpha.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

import imagecodecs
import numpy as np

from daub.codec.images.colour import boxes
from daub.codec.images.readers import jpeg2000_codestream as codestream
from daub.codec.images.readers.jpeg2000_codestream import Header
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.readers.scaling import scaled
from daub.codec.images.samples import WHITE, Samples, unpremultiplied

_PIXELS_PER_TILE = 1024  # at least, on average: the decoder spends a kilobyte and more on every tile
_HEADER = 42 + 3 * 16384  # bytes up to the end of SIZ, at most
_DEEPEST = 24  # bits that the decoder keeps exactly
_OPACITY, _PREMULTIPLIED_OPACITY = 1, 2  # types of channels
_FINE = (1, 1)  # a sample for each pixel
_COARSE_CHROMA = [(_FINE, (2, 2), (2, 2)), (_FINE, (2, 1), (2, 1))]
_CMYK, _SYCC = 12, 18  # enumerated colour spaces


def header_of(file: BinaryIO) -> Header:
    """The main header of a codestream, bare or in the first box of its container that holds one.

    Raises:
        ValueError: there is none, or it makes no sense.
    """
    at, end = _place(file)
    file.seek(at)
    return codestream.parse(file.read(min(end - at, _HEADER)))


def _place(file: BinaryIO) -> tuple[int, int]:
    """Where the codestream begins and ends."""
    file.seek(0)
    if file.read(len(codestream.START)) == codestream.START:
        return 0, file.seek(0, 2)
    return next(((body, end) for kind, body, end in boxes.top_level(file) if kind == b"jp2c"), (0, 0))


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The picture, at its full size."""
    header = header_of(file)
    jp2 = boxes.content(file, b"jp2h") or b""
    palette = boxes.first(jp2, b"pclr")
    channels = palette[2] if len(palette) > 3 else len(header.depths)
    limits.check(header.width, header.height, 4 * channels)  # the decoder holds 32 bits of each sample
    if header.tiles > max(64, header.width * header.height // _PIXELS_PER_TILE):
        raise Refused(f"it is a JPEG 2000 image of {header.tiles} tiles, too many for its size", "save it as PNG")
    if len(set(header.depths)) != 1 or len(set(header.signed)) != 1:
        raise Refused("it is a JPEG 2000 image whose channels differ in depth, which is not read", "save it as PNG")
    if max(header.depths) > _DEEPEST:
        raise Refused(f"it is a JPEG 2000 image of {max(header.depths)} bits, which is not read", "save it as PNG")
    if set(header.spacing) != {_FINE} and header.spacing not in _COARSE_CHROMA:
        raise Refused("it is a JPEG 2000 image whose channels differ in size, which is not read", "save it as PNG")
    (bits, *_), (signed, *_) = header.depths, header.signed
    at, end = _place(file)
    file.seek(0)
    data = file.read()
    codestream.check_divisions(data[at:end], header)
    # The decoder would convert colours by what their boxes say, and write to the terminal where it cannot. It does
    # without them, but knows YCbCr by chroma that is coarser than luma.
    values = imagecodecs.jpeg2k_decode(data.replace(jp2, jp2.replace(b"colr", b"free"), 1) if jp2 else data)
    values = values.reshape(*values.shape[:2], -1)
    if signed:  # around zero, which is the middle then
        values = (values.astype(np.int64) + (1 << (bits - 1))).astype(np.uint32)
    if len(palette) > 3:  # the decoder has looked the colours up
        bits = (palette[3] & 0x7F) + 1
    notices: list[str] = []
    values = scaled(values, bits, notices)
    if _enumerated(jp2) == _SYCC and values.shape[2] >= 3 and header.spacing not in _COARSE_CHROMA:
        values = _from_sycc(values, 1 << (bits - 1), (1 << bits) - 1)
    return _with_alpha(values, jp2, notices)


def _with_alpha(values: np.ndarray, jp2: bytes, notices: list[str]) -> Samples:
    """Tell the channels of colour from alpha, which the channel definition box names; without it the last of 2 or 4."""
    kinds = _definitions(boxes.first(jp2, b"cdef"))
    channels = values.shape[2]
    cmyk = _enumerated(jp2) == _CMYK
    colours = 4 if cmyk else 3 if channels >= 3 else 1
    if channels < colours:
        raise ValueError("it has too few channels for its colours")
    alpha = next((n for n, kind in kinds.items() if kind in (_OPACITY, _PREMULTIPLIED_OPACITY)), None)
    if alpha is None and not kinds and channels == colours + 1 and not (channels == 4 and cmyk):
        alpha = colours
    if channels > colours + (alpha is not None):
        notices.append("its channels beside the colours were left out")
    if alpha is None or not colours <= alpha < channels:
        return Samples(values[..., :colours], notices=notices)
    values = np.concatenate([values[..., :colours], values[..., alpha : alpha + 1]], 2)
    if kinds.get(alpha) == _PREMULTIPLIED_OPACITY:
        values = unpremultiplied(values / np.float32(WHITE[values.dtype]))
    return Samples(values, True, notices=notices)


def _definitions(box: bytes) -> dict[int, int]:
    """The type of each channel, annex I.5.3.6."""
    count = int.from_bytes(box[:2], "big")
    entries = [struct.unpack_from(">HHH", box, 2 + 6 * n) for n in range(count) if 8 + 6 * n <= len(box)]
    return {channel: kind for channel, kind, _ in entries}


def _enumerated(jp2: bytes) -> int:
    """The number of the colour space in the first box that specifies one; 0 where it does so in another way."""
    colours = boxes.first(jp2, b"colr")
    return int.from_bytes(colours[3:7], "big") if colours[:1] == b"\1" else 0


def _from_sycc(values: np.ndarray, middle: int, white: int) -> np.ndarray:
    """float32 RGB of YCbCr in full range, IEC 61966-2-1, amendment 1; further channels stay."""
    result = values / np.float32(WHITE[values.dtype])
    luma, blue, red = (result[..., n].copy() for n in range(3))
    blue -= np.float32(middle / white)
    red -= np.float32(middle / white)
    result[..., 0] = luma + 1.402 * red
    result[..., 1] = luma - 0.344136 * blue - 0.714136 * red
    result[..., 2] = luma + 1.772 * blue
    return np.clip(result, 0, 1)
