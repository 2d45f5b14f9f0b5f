"""Image files made byte by byte, for what no writer at hand writes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import PIL.Image

# The picture of many tests: patches of 8x8 with these colours, side by side.
PATCHES = np.uint8([(200, 120, 60), (60, 120, 200), (128, 128, 128), (255, 255, 255)])
PICTURE = np.repeat(np.repeat(PATCHES[None], 8, 0), 8, 1)  # (8, 32, 3)


def saved(image, file_format: str, **settings) -> bytes:
    """A Pillow image, or an array that becomes one, as a file."""
    file = io.BytesIO()
    (image if isinstance(image, PIL.Image.Image) else PIL.Image.fromarray(image)).save(file, file_format, **settings)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(samples, depth, colour_type, **chunks) -> bytes:
    """A PNG of rows already packed as (H, bytes) or of (H, W, C) big-endian samples; `chunks` go before the pixels."""
    rows = [b"\0" + row.tobytes() for row in samples]
    width = samples.shape[1] * (8 // depth if depth < 8 else 1)
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour_type, 0, 0, 0)
    extra = b"".join(chunk(kind.encode(), body) for kind, body in chunks.items())
    pixels = chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + pixels + chunk(b"IEND", b"")


def page(samples: np.ndarray | bytes, photometric: int, **changes) -> dict:
    """The tags of an uncompressed page of one strip, or one for each plane, for `tiff`.

    Args:
        samples: (H, W, C) of whole bytes, or the strip itself as bytes or as an array of planes, for which `changes`
            has to give size and depth.
        photometric: what the channels mean.
        changes: tags by number, as in t284=2; a list of pages as t330 stands below this one.
    """
    tags = {259: 1, 262: photometric}
    if isinstance(samples, np.ndarray) and "t256" not in changes:
        height, width, channels = samples.shape
        tags |= {256: width, 257: height, 258: [8 * samples.itemsize] * channels, 277: channels}
        if samples.dtype.kind != "u":
            tags[339] = [{"i": 2, "f": 3}[samples.dtype.kind]] * channels
    tags |= {int(name[1:]): value for name, value in changes.items()}
    return tags | {278: tags[257], "strip": samples}


def tiff(*pages: dict, order: str = "<") -> bytes:
    """A TIFF 6.0 file of `page`s, in the order of bytes that `struct` calls `order`."""
    data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4))
    at = 4  # where the place of the next page is written
    for tags in pages:
        place, end = _append(data, tags, order)
        data[at : at + 4] = struct.pack(order + "I", place)
        at = end
    return bytes(data)


def _append(data: bytearray, tags: dict, order: str) -> tuple[int, int]:
    """Add a page; where it stands, and where it says what follows."""
    strip = tags["strip"]
    if isinstance(strip, np.ndarray):
        strip = strip.astype(strip.dtype.newbyteorder(order)).tobytes()
    count = tags.get(277, 1) if tags.get(284) == 2 else 1  # planes stand in strips of their own
    size = len(strip) // count
    values = {tag: value for tag, value in tags.items() if tag != "strip"}
    values |= {273: [len(data) + number * size for number in range(count)], 279: [size] * count}
    data += strip + bytes(len(strip) % 2)
    if 330 in values:
        values[330] = [_append(data, below, order)[0] for below in values[330]]
    entries = b""
    for tag, value in sorted(values.items()):
        if isinstance(value, bytes):
            kind, count, body = 7, len(value), value
        else:
            value = value if isinstance(value, list) else [value]
            wide = tag in (273, 279, 330)
            kind, count = (4 if wide else 3), len(value)
            body = struct.pack(f"{order}{count}{'I' if wide else 'H'}", *value)
        if len(body) > 4:
            place = len(data)
            data += body + bytes(len(body) % 2)
            body = struct.pack(order + "I", place)
        entries += struct.pack(order + "HHI", tag, kind, count) + body.ljust(4, b"\0")
    place = len(data)
    data += struct.pack(order + "H", len(entries) // 12) + entries + bytes(4)
    return place, len(data) - 4
