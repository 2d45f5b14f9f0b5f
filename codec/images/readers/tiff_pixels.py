"""The stored samples of a page of a TIFF file, by libtiff inside imagecodecs.

libtiff is given a page of our making: the same pixels, but said to be grey of so many channels, so that it hands them
out as they are stored instead of interpreting some and refusing others. Depths that it cannot name are said to be
bytes, and taken apart afterwards. It speaks to imagecodecs instead of to the terminal, which Pillow's does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import imagecodecs
import numpy as np

from daub.codec.images.readers import jpeg
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.readers.tiff_directory import Directory, Tag, TiffFile

GREY_FROM_WHITE, GREY, RGB, PALETTE, MASK, CMYK, YCBCR, CIELAB, ICCLAB = 0, 1, 2, 3, 4, 5, 6, 8, 9
LOG_LIGHT = (32844, 32845)  # LogL and LogLuv
_UNCOMPRESSED, _FAX, _OLD_JPEG, _JPEG = 1, (2, 3, 4), 6, 7
_UNSIGNED, _SIGNED, _FLOAT, _VOID = 1, 2, 3, 4
_SEPARATE = 2
_WHOLE_DEPTHS = {_UNSIGNED: (1, 8, 16, 32, 64), _SIGNED: (8, 16, 32, 64), _FLOAT: (16, 32, 64)}
_FLOAT24 = 24
_MAX_STREAMS = 100_000  # of JPEG, each of which costs some twenty microseconds beside its pixels


@dataclass(frozen=True)
class Layout:
    """How a page stores its samples.

    Args:
        width, height: pixels.
        samples: of a pixel.
        bits: of a sample.
        signed, floating_point: what kind of numbers the samples are; neither is unsigned integers.
        photometric: what the channels mean, TIFF 6.0, section 8.
        compression: the number of its scheme.
        planar: each channel stands by itself.
        segment: (width, height) of a strip or tile.
        tiled: whether it is tiles.
        segments: of the whole page.
    """

    width: int
    height: int
    samples: int
    bits: int
    signed: bool
    floating_point: bool
    photometric: int
    compression: int
    planar: bool
    segment: tuple[int, int]
    tiled: bool
    segments: int

    @property
    def in_libtiffs_hands(self) -> bool:
        """Whether only libtiff knows how to make pixels of the samples: it delivers RGBA of 8 bits then."""
        subsampled = self.photometric == YCBCR and self.compression != _JPEG
        return subsampled or self.compression == _OLD_JPEG or self.photometric in LOG_LIGHT


def layout_of(page: Directory) -> Layout:
    """What the tags of a page say.

    Raises:
        Refused: its channels have different depths, or are complex numbers.
    """
    width, height = page.number(Tag.WIDTH), page.number(Tag.LENGTH)
    samples = page.number(Tag.SAMPLES_PER_PIXEL, 1)
    depths = set(page.numbers(Tag.BITS_PER_SAMPLE)[:samples] or [1])
    formats = set(page.numbers(Tag.SAMPLE_FORMAT)[:samples] or [_UNSIGNED])
    if len(depths) != 1 or len(formats) != 1:
        raise Refused("it is a TIFF image whose channels differ in depth, which is not read", "save it as PNG")
    (bits,), (number,) = depths, formats
    number = _UNSIGNED if number == _VOID else number
    if number not in _WHOLE_DEPTHS or not 1 <= bits <= 64:
        raise Refused("it is a TIFF image of complex numbers, or deeper than 64 bits", "save it as PNG")
    planar = page.number(Tag.PLANAR_CONFIGURATION, 1) == _SEPARATE and samples > 1
    tiled = Tag.TILE_WIDTH in page.tags
    if tiled:
        segment = page.number(Tag.TILE_WIDTH), page.number(Tag.TILE_LENGTH)
    else:
        segment = width, min(page.number(Tag.ROWS_PER_STRIP, height) or height, height)
    if min(width, height, samples, *segment) < 1:
        raise Refused("it has no pixels", "choose another file")
    segments = -(-width // segment[0]) * -(-height // segment[1]) * (samples if planar else 1)
    photometric = page.number(Tag.PHOTOMETRIC, GREY)
    compression = page.number(Tag.COMPRESSION, _UNCOMPRESSED)
    signed, floating = number == _SIGNED, number == _FLOAT
    place = (segment, tiled, segments)
    return Layout(width, height, samples, bits, signed, floating, photometric, compression, planar, *place)


def stored_samples(file: TiffFile, page: Directory, layout: Layout, limits: Limits) -> np.ndarray:
    """(H, W, C) of a page as its numbers are stored: unsigned or signed integers of up to 64 bits, or floating point.

    YCbCr has become RGB. Where only libtiff knows what the samples mean, (H, W, 3) uint8 sRGB.

    Raises:
        Refused: it is too large.
        Exception: of any kind, where the data are damaged.
    """
    size = layout.samples * max(layout.bits, 8) / 8
    limits.check(layout.width, layout.height, size)
    # A segment may reach beyond the page by less than its own size, which is how a small page could ask for much.
    limits.check(*layout.segment, size)
    changes = _segments(file, page, layout)
    if layout.in_libtiffs_hands:
        return imagecodecs.tiff_decode(file.alone(page, changes), asrgb=True)[..., :3]
    if layout.compression == _JPEG:
        if layout.segments > _MAX_STREAMS:
            raise Refused(f"it is a TIFF image of {layout.segments} JPEG streams, too many", "save it as PNG")
        return _jpeg(file, page, layout, changes)
    number = _SIGNED if layout.signed else _FLOAT if layout.floating_point else _UNSIGNED
    changes[Tag.PHOTOMETRIC] = np.array([GREY])
    if layout.bits in _WHOLE_DEPTHS[number] and (layout.bits > 1 or layout.samples == 1):
        changes[Tag.BITS_PER_SAMPLE] = np.full(layout.samples, layout.bits)
        changes[Tag.SAMPLE_FORMAT] = np.full(layout.samples, number)
        values = imagecodecs.tiff_decode(file.alone(page, changes))
        values = np.moveaxis(values, 0, -1) if layout.planar and values.ndim == 3 else values
        values = values.reshape(layout.height, layout.width, layout.samples)
        return values.astype(np.uint8) if values.dtype == bool else values
    return _unpacked(file, page, layout, changes)


def _segments(file: TiffFile, page: Directory, layout: Layout) -> dict[Tag, np.ndarray]:
    """The tags that say where the strips or tiles stand, completed and checked: all of them are in the file."""
    at, length = Tag.STRIP_OFFSETS, Tag.STRIP_BYTE_COUNTS
    if layout.tiled:
        at, length = Tag.TILE_OFFSETS, Tag.TILE_BYTE_COUNTS
        if at not in page.tags:  # a few writers use the tags of strips for tiles
            at, length = Tag.STRIP_OFFSETS, Tag.STRIP_BYTE_COUNTS
    starts = page.tags.get(at, np.zeros(0, np.uint32))[: layout.segments].astype(np.int64)
    if len(starts) < layout.segments:
        raise ValueError(f"{layout.segments} strips or tiles are expected, and {len(starts)} are there")
    lengths = page.tags.get(length, np.zeros(0, np.uint32))[: layout.segments].astype(np.int64)
    if len(lengths) < layout.segments or not lengths.all():  # absent in old files: each reaches to the next
        ends = np.append(np.sort(starts), len(file.data))
        lengths = ends[np.searchsorted(ends, starts, "right")] - starts
    if starts.min() < 8 or lengths.min() < 1 or (starts + lengths).max() > len(file.data):
        raise ValueError("its pixels lie beyond its end")
    changes = {at: starts, length: lengths}
    if not layout.tiled:
        changes[Tag.ROWS_PER_STRIP] = np.array([layout.segment[1]])
    return changes


def _unpacked(file: TiffFile, page: Directory, layout: Layout, changes: dict[Tag, np.ndarray]) -> np.ndarray:
    """Samples of a depth without a type of its own: a row of them is decoded as bytes, in which they stand in order."""
    inside = 1 if layout.planar else layout.samples  # samples of a pixel that stand together
    row = -(-layout.width * inside * layout.bits // 8)  # bytes
    changes |= {Tag.BITS_PER_SAMPLE: np.array([8]), Tag.SAMPLE_FORMAT: np.array([]), Tag.PREDICTOR: np.array([])}
    changes |= {Tag.WIDTH: np.array([row]), Tag.SAMPLES_PER_PIXEL: np.array([1])}
    if page.number(Tag.PREDICTOR, 1) != 1 and not layout.floating_point:
        raise ValueError("a predictor needs 8, 16 or 32 bits")
    if layout.tiled:
        bits = layout.segment[0] * inside * layout.bits
        if bits % 8:
            raise ValueError("a row of a tile ends within a byte")
        changes[Tag.TILE_WIDTH] = np.array([bits // 8])
    if layout.planar:
        changes |= {Tag.SAMPLES_PER_PIXEL: np.array([layout.samples]), Tag.BITS_PER_SAMPLE: np.full(layout.samples, 8)}
    if layout.floating_point and page.number(Tag.PREDICTOR, 1) != 1:
        raise Refused("it is a TIFF image of 24-bit floating point, which is not read", "save it as PNG or EXR")
    packed = imagecodecs.tiff_decode(file.alone(page, changes)).reshape(-1, layout.height, row)
    count = layout.width * inside
    if layout.floating_point:
        if layout.bits != _FLOAT24:
            raise ValueError(f"floating point of {layout.bits} bits does not exist")
        order = ">" if file.order == ">" else "<"
        values = [imagecodecs.float24_decode(plane.tobytes(), byteorder=order) for plane in packed]
    else:
        values = [_integers(plane, layout.bits, count, file.order) for plane in packed]
    if layout.planar:
        return np.stack([plane.reshape(layout.height, layout.width) for plane in values], 2)
    return values[0].reshape(layout.height, layout.width, layout.samples)


def _integers(packed: np.ndarray, bits: int, count: int, order: str) -> np.ndarray:
    """(H, count) integers of rows, (H, bytes) uint8, that hold them one bit behind the other."""
    if bits == 24:  # whole bytes follow the order of the file
        triples = packed.reshape(len(packed), count, 3).astype(np.uint32)
        low, high = (0, 2) if order == "<" else (2, 0)
        return triples[..., low] | triples[..., 1] << 8 | triples[..., high] << 16
    if bits == 1:
        return np.unpackbits(packed, axis=1)[:, :count]
    dtype = ">u4" if bits > 16 else ">u2" if bits > 8 else "u1"
    return imagecodecs.packints_decode(packed.tobytes(), dtype, bits, runlen=count).reshape(len(packed), count)


def _jpeg(file: TiffFile, page: Directory, layout: Layout, changes: dict[Tag, np.ndarray]) -> np.ndarray:
    """JPEG of 8 or 12 bits in strips or tiles, TIFF Technical Note 2: each is a stream that shares tables."""
    starts, lengths = (values for tag, values in changes.items() if tag != Tag.ROWS_PER_STRIP)
    wide, high = layout.segment
    across, down = -(-layout.width // wide), -(-layout.height // high)
    tables = page.content(Tag.JPEG_TABLES) or None
    inside = 1 if layout.planar else layout.samples
    # Named so that nothing is converted but YCbCr; what four channels mean, CMYK or RGB with alpha, is told elsewhere.
    stored = wanted = {1: "GRAYSCALE", 3: "RGB", 4: "CMYK"}.get(inside, "UNKNOWN")
    if layout.photometric == YCBCR and inside == 3:
        stored = "YCBCR"
    values = np.zeros((layout.height, layout.width, layout.samples), np.uint8 if layout.bits == 8 else np.uint16)
    for number, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        plane, place = divmod(number, across * down)
        top, left = place // across * high, place % across * wide
        part = values[top : top + high, left : left + wide, plane : plane + inside]
        data = file.data[start : start + length]
        frame = jpeg.frame_of(data)
        if not (part.shape[0] <= frame.height <= high and part.shape[1] <= frame.width <= wide):
            raise ValueError("a strip or tile has another size than is said")
        decoded = imagecodecs.jpeg8_decode(data, tables=tables, colorspace=stored, outcolorspace=wanted)
        decoded = decoded.reshape(*decoded.shape[:2], -1)
        if decoded.shape[2] != inside:
            raise ValueError("a strip or tile has other channels than is said")
        part[:] = decoded[: part.shape[0], : part.shape[1]]
    return values
