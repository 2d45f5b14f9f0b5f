"""PNG: a file of nothing but the chunks that make the picture goes to Pillow, or to libpng where it has 16 bits.

Pillow cuts 16 bits down to 8 for all but plain grey, and refuses a picture for its comments: a text of a megabyte, or a
profile of one. libpng writes its warnings to the terminal, from inside of imagecodecs too. It has none left to write
about pixels alone, of which the stream has been unpacked before.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import imagecodecs
import numpy as np

from daub.codec.images.colour.signals import Profile
from daub.codec.images.readers import pillow
from daub.codec.images.readers.refusal import Budget, Limits, Refused
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_USED = (*_PIXELS, b"eXIf", b"tEXt", b"zTXt", b"iCCP", b"acTL")
_EXIF_AS_TEXT = b"Raw profile type exif\0"  # how ImageMagick wrote EXIF before PNG had a chunk for it
_LARGEST_PROFILE = 1 << 24  # bytes, unpacked
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # Adam7


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The picture; of an animation the one that is shown where animations are not."""
    data = file.read()
    if data[12:16] == b"CgBI":
        raise Refused("it is a PNG for iPhone programs (CgBI), which is not read", "convert it with Xcode's pngcrush")
    if data[8:16] != b"\0\0\0\x0dIHDR":
        raise ValueError("it does not begin with its IHDR chunk")
    width, height, depth, colour, compression, filters, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    if compression or filters or interlaced > 1:
        raise ValueError("its IHDR chunk names an unknown method")
    limits.check(width, height, _CHANNELS.get(colour, 4) * max(depth, 8) / 8)
    chunks = [each for each in _chunks(memoryview(data)) if each[0] in _USED]
    deep = depth == 16 and colour in (2, 4, 6)  # plain grey Pillow keeps
    wanted = [(name, body) for name, body in chunks if name in _PIXELS or _is_exif(name, body)]
    wanted.sort(key=lambda chunk: chunk[0] == b"IDAT")  # Pillow tells at once what stands before the pixels
    notices = []
    samples = pillow.read(io.BytesIO(_file(wanted)), limits, "PNG", deep=(lambda: _deep(chunks)) if deep else None)
    samples.colour = _profile(chunks, notices) + samples.colour
    if any(name == b"acTL" and bytes(body[:4]) > b"\0\0\0\1" for name, body in chunks):
        notices.append(ONE_OF_SEVERAL)
    samples.notices = notices + samples.notices
    return samples


def _chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Name and content of each chunk.

    Raises:
        ValueError: it ends early, or a checksum is wrong.
    """
    at, budget = len(_SIGNATURE), Budget()
    while True:
        budget.spend()
        if at + 12 > len(data):
            raise ValueError("it ends before its IEND chunk")
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            raise ValueError(f"it ends within its {name.decode('latin-1')} chunk")
        body = data[at + 8 : end]
        checked = name in (b"IHDR", b"PLTE", b"tRNS")  # the stream in IDAT has a checksum of its own
        if checked and zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[end : end + 4], "big"):
            raise ValueError(f"the checksum of its {name.decode()} chunk is wrong")
        if name == b"IEND":
            return
        yield name, body
        at = end + 4


def _is_exif(name: bytes, body: memoryview) -> bool:
    return name == b"eXIf" or (name in (b"tEXt", b"zTXt") and body[: len(_EXIF_AS_TEXT)] == _EXIF_AS_TEXT)


def _file(chunks: list[tuple[bytes, memoryview | bytes]]) -> bytes:
    """A file of these chunks."""
    parts = [_SIGNATURE]
    for name, body in [*chunks, (b"IEND", b"")]:
        parts += [struct.pack(">I", len(body)), name, body, struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))]
    return b"".join(parts)


def _profile(chunks: list[tuple[bytes, memoryview]], notices: list[str]) -> tuple[Profile, ...]:
    """The ICC profile, if there is one."""
    packed = next((bytes(body) for name, body in chunks if name == b"iCCP"), None)
    if packed is None:
        return ()
    try:
        unpacked = zlib.decompressobj()
        profile = unpacked.decompress(packed[packed.index(b"\0") + 2 :], _LARGEST_PROFILE)
        return (Profile(profile),) if unpacked.eof else ()
    except (ValueError, zlib.error):  # which is noticed where the signals are ranked
        return ()


def _deep(chunks: list[tuple[bytes, memoryview]]) -> np.ndarray:
    """The (H, W, C) uint16 samples of a file, with alpha where a colour stands for transparent."""
    width, height, _, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    channels = _CHANNELS[colour]
    stream = [(name, body) for name, body in chunks if name == b"IDAT"]
    packed = b"".join(body for _, body in stream)
    if interlaced:
        values = _joined(packed, width, height, colour)
    else:
        _unpacked(packed, [(height, 1 + 2 * width * channels)])
        values = imagecodecs.png_decode(_file([chunks[0], *stream])).reshape(height, width, channels)
    key = next((body for name, body in chunks if name == b"tRNS"), b"")
    if channels != 3 or len(key) != 6:
        return values
    opacity = (values != np.frombuffer(key, ">u2")).any(2, keepdims=True) * np.uint16(WHITE[values.dtype])
    return np.concatenate([values, opacity], 2)


def _joined(packed: bytes, width: int, height: int, colour: int) -> np.ndarray:
    """(height, width, C) uint16 of an interlaced stream.

    Each pass is decoded as a file of its own: libpng warns of passes that it is not asked to join.
    """
    channels = _CHANNELS[colour]
    passes = [each for each in _PASSES if each[0] < width and each[1] < height]
    sizes = [(-(-(width - left) // right), -(-(height - top) // down)) for left, top, right, down in passes]
    parts = _unpacked(packed, [(high, 1 + 2 * wide * channels) for wide, high in sizes])
    values = np.empty((height, width, channels), np.uint16)
    for (left, top, right, down), (wide, high), part in zip(passes, sizes, parts, strict=True):
        header = struct.pack(">IIBBBBB", wide, high, 16, colour, 0, 0, 0)
        file = _file([(b"IHDR", header), (b"IDAT", zlib.compress(part, 0))])
        values[top::down, left::right] = imagecodecs.png_decode(file).reshape(high, wide, channels)
    return values


def _unpacked(packed: bytes, passes: list[tuple[int, int]]) -> list[memoryview]:
    """The rows of each pass, unpacked.

    Args:
        packed: the stream of all IDAT chunks.
        passes: how many rows of how many bytes there are in each, the filter included.

    Raises:
        ValueError, zlib.error: the stream is damaged, has too few bytes or too many, or names an unknown filter.
    """
    stream = zlib.decompressobj()
    expected = sum(count * length for count, length in passes)
    pixels = stream.decompress(packed, expected + 1)
    if len(pixels) != expected or not (stream.eof or stream.decompress(stream.unconsumed_tail, 1) == b""):
        raise ValueError("its pixels are too few or too many")
    if not stream.eof or stream.unused_data:
        raise ValueError("its pixels do not end where they should")
    parts, at = [], 0
    for count, length in passes:
        if np.frombuffer(pixels, np.uint8, count * length, at)[::length].max() > 4:
            raise ValueError("a row has an unknown filter")
        parts.append(memoryview(pixels)[at : at + count * length])
        at += count * length
    return parts
