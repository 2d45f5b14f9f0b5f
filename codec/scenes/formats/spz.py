"""`.spz` of https://github.com/nianticlabs/spz: planes of fixed-point numbers, in one gzip stream or in zstd streams.

Versions 1 to 3 are one gzip stream (or bare) of a header of 16 bytes, then the planes of places, opacities, colours,
scales, rotations and harmonics. Version 4 has a plain header of 32 bytes, extensions, a table of contents, and a zstd
stream for each plane that is not empty. Axes are x right, y up, z backward, unless an extension of Adobe's says others.
"""

from __future__ import annotations

import itertools
import math
import struct
import zlib
from typing import NamedTuple

import numpy as np

from daub.codec.scenes.axes import Y_UP, reflected
from daub.codec.scenes.claims import Refused, alpha_bytes, check_promise, from_largest, largest_first, logit
from daub.codec.scenes.reading import done
from daub.render.splats.splats import HARMONICS, Splats

MAGIC = b"NGSP"
VERSIONS = (4, 3)  # that are written
_HEADER = struct.Struct("<4sIIBBBB")  # magic, version, count, degree, fraction bits, flags, streams
_HEADER_OF_4 = 32
_ANTIALIASED, _EXTENDED = 1, 2  # flags
_LONGEST_EXTENSIONS = 1 << 16  # bytes that are unpacked, far more than there are
_AXES = 0xADBE0003  # the extension SPZ_ADOBE_coordinate_system
_NAMES_OF_AXES = ("", "LDB", "RDB", "LUB", "RUB", "LDF", "RDF", "LUF", "RUF")  # its values; others turn by a quarter
_FRACTION_BITS = 12  # of a place, unless the scene is too wide for it
_COLOUR = 0.15  # of 255 steps for a unit of the coefficient
_INFLATED, _PLACED, _TURNED = 0.5, 0.6, 0.8  # of the reading, when planes, places and rotations are there
_AT_ONCE = 1 << 24  # bytes that are inflated between two times that it is told
_LEVEL = 12  # of zstd, as the library of Niantic has it
_WHOLE_TURN = 511 * math.sqrt(2)  # steps for a component of 1


class _Header(NamedTuple):
    version: int
    count: int
    degree: int
    fraction_bits: int
    antialiased: bool
    extended: bool
    streams: int

    @property
    def planes(self) -> tuple[int, ...]:
        """Bytes of each plane."""
        place, turn = 6 if self.version == 1 else 9, 4 if self.version > 2 else 3
        return tuple(self.count * each for each in (place, 1, 3, 3, turn, 3 * HARMONICS[self.degree]))


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """Versions 1 to 4.

    Raises:
        Refused: it is damaged, or of another version.
    """
    if data.startswith(MAGIC) and len(data) >= _HEADER.size and _header(data, len(data)).version == 4:
        header, planes, extensions = _streams(data)
    else:
        header, planes, extensions = _one_stream(data)
    return reflected(_unpacked(header, planes), _axes(extensions)), ()


def _header(start: bytes, packed_bytes: int) -> _Header:
    if len(start) < _HEADER.size or not start.startswith(MAGIC):
        raise Refused("it does not begin as an .spz does")
    _, version, count, degree, bits, flags, streams = _HEADER.unpack_from(start)
    if not 1 <= version <= 4:
        raise Refused(f"it is of version {version}, and those up to 4 are read", "save it as version 4")
    if bits > 24:
        raise Refused(f"it says that {bits} bits of 24 are the fraction of a place")
    check_promise(count, degree, packed_bytes)
    return _Header(version, count, degree, bits, bool(flags & _ANTIALIASED), bool(flags & _EXTENDED), streams)


def _one_stream(data: bytes) -> tuple[_Header, list[bytes], bytes]:
    if data.startswith(MAGIC):
        start, rest = data[: _HEADER.size], data[_HEADER.size :]
        header = _header(start, len(data))
        content = rest
    else:
        inflate = zlib.decompressobj(wbits=31)
        try:
            header = _header(inflate.decompress(data, _HEADER.size), len(data))
            most = sum(header.planes) + _LONGEST_EXTENSIONS
            content = _inflated(inflate, most)
        except zlib.error as error:
            raise Refused("it cannot be decompressed") from error
        if not inflate.eof and len(content) < most:
            raise Refused("it ends within its gzip stream")
    if header.version == 4:
        raise Refused("it is of version 4, and compressed as a whole")
    if len(content) < sum(header.planes):
        raise Refused(f"it ends after {len(content):,} bytes of {sum(header.planes):,}")
    ends = np.cumsum((0, *header.planes))
    planes = [content[begin:end] for begin, end in itertools.pairwise(ends)]
    return header, planes, content[ends[-1] :] if header.extended else b""


def _inflated(inflate, most: int) -> bytes:
    """What is left of a stream, at most so many bytes."""
    pieces, length = [], 0
    while length < most and (piece := inflate.decompress(inflate.unconsumed_tail, min(_AT_ONCE, most - length))):
        pieces.append(piece)
        length += len(piece)
        done(_INFLATED * length / most)
    return b"".join(pieces)


def _streams(data: bytes) -> tuple[_Header, list[bytes], bytes]:
    import imagecodecs

    if len(data) < _HEADER_OF_4:
        raise Refused("it ends within its header")
    header = _header(data, len(data))
    (start,) = struct.unpack_from("<I", data, _HEADER.size)
    filled = [size for size in header.planes if size]
    table_end = start + 16 * header.streams
    if header.streams != len(filled) or not _HEADER_OF_4 <= start <= len(data) or table_end > len(data):
        raise Refused("its table of contents does not fit it")
    table = struct.unpack_from(f"<{2 * header.streams}Q", data, start)
    packed, raw = table[0::2], table[1::2]
    if list(raw) != filled or table_end + sum(packed) != len(data):
        raise Refused("its streams have other sizes than its Gaussians ask for")
    planes, position = [], table_end
    for size, length in zip(packed, raw, strict=True):
        plane = bytearray(length)
        try:
            unpacked = imagecodecs.zstd_decode(data[position : position + size], out=plane)
        except (imagecodecs.ZstdError, ValueError, RuntimeError) as error:
            raise Refused("it cannot be decompressed") from error
        if len(unpacked) != length:
            raise Refused(f"a stream of it has {len(unpacked):,} bytes, not {length:,}")
        planes.append(bytes(plane))
        position += size
        done(_INFLATED * len(planes) / len(filled))
    planes += [b""] * (len(header.planes) - len(planes))
    return header, planes, data[_HEADER_OF_4:start] if header.extended else b""


def _axes(extensions: bytes) -> tuple[int, int, int]:
    """Signs against ours, x right, y down, z forward."""
    position, value = 0, 0
    while position + 8 <= len(extensions):
        kind, length = struct.unpack_from("<II", extensions, position)
        position += 8
        if kind == _AXES and length == 4 and position + 4 <= len(extensions):
            (value,) = struct.unpack_from("<I", extensions, position)
        position += length
    if value == 0:
        return Y_UP
    if value >= len(_NAMES_OF_AXES):
        raise Refused(f"its axes are of kind {value}, a quarter turn from those that are read", "save it in other axes")
    right, down, forward = _NAMES_OF_AXES[value]
    return (1 if right == "R" else -1, 1 if down == "D" else -1, 1 if forward == "F" else -1)


def _unpacked(header: _Header, planes: list[bytes]) -> Splats:
    n = header.count
    place, alpha, colour, scale, turn, sh = (np.frombuffer(plane, np.uint8) for plane in planes)
    if header.version == 1:
        means = place.view("<f2").astype(np.float32)
    else:
        low, middle, high = place.reshape(-1, 3).astype(np.int32).T
        means = ((low | middle << 8 | high << 16) << 8 >> 8) / np.float32(1 << header.fraction_bits)
    done(_PLACED)
    if header.version > 2:
        word = turn.view("<u4")
        fields = np.stack([word >> 20 & 1023, word >> 10 & 1023, word & 1023], axis=1)
        others = np.where(fields & 512, -1, 1) * (fields & 511) / _WHOLE_TURN
        rotations = from_largest((word >> 30) + 1 & 3, _in_house_order(word >> 30, others))
    else:
        rotations = from_largest(np.zeros(n, int), turn.reshape(n, 3) / np.float32(127.5) - 1)
    done(_TURNED)
    return Splats(
        np.float32(means).reshape(n, 3), scale.reshape(n, 3) / np.float32(16) - 10, rotations, logit(alpha / 255),
        (colour.reshape(n, 3) / np.float32(255) - np.float32(0.5)) / np.float32(_COLOUR),
        (sh.reshape(n, HARMONICS[header.degree], 3) - np.float32(128)) / np.float32(128), header.antialiased,
    )  # fmt: skip


def _in_house_order(largest: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The three others of x, y, z, w as they follow each other in w, x, y, z: w comes first where it is there."""
    return np.where((largest == 3)[:, None], others, others[:, [2, 0, 1]])


def pieces(splats: Splats, version: int = VERSIONS[0]) -> list[bytes]:
    """A file.

    Args:
        version: 3 or 4.
    """
    splats = reflected(splats, Y_UP)
    n = len(splats)
    widest = float(np.abs(splats.means).max())
    bits = max(0, min(_FRACTION_BITS, math.floor(math.log2((2**23 - 1) / max(widest, 1)))))
    places = np.rint(splats.means.astype(np.float64) * 2**bits).clip(-(2**23), 2**23 - 1).astype("<i4")
    planes = [
        places.reshape(n, 3, 1).view(np.uint8)[:, :, :3], alpha_bytes(splats),
        _bytes(splats.dc * (255 * _COLOUR) + 127.5), _bytes(16 * (splats.log_scales + 10)),
        _packed_turns(splats.rotations), _packed_harmonics(splats),
    ]  # fmt: skip
    planes = [plane.tobytes() for plane in planes if plane.size]
    header = _HEADER.pack(
        MAGIC, version, n, splats.degree, bits, _ANTIALIASED * splats.antialiased, len(planes) if version == 4 else 0
    )
    if version == 3:
        deflate = zlib.compressobj(9, wbits=31)
        return [*(deflate.compress(part) for part in (header, *planes)), deflate.flush()]
    import imagecodecs

    streams = [bytes(imagecodecs.zstd_encode(plane, level=_LEVEL)) for plane in planes]
    table = [size for stream, plane in zip(streams, planes, strict=True) for size in (len(stream), len(plane))]
    rest = struct.pack("<I", _HEADER_OF_4).ljust(_HEADER_OF_4 - _HEADER.size, b"\0")
    return [header, rest, struct.pack(f"<{len(table)}Q", *table), *streams]


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)


def _packed_turns(rotations: np.ndarray) -> np.ndarray:
    largest, others = largest_first(rotations[:, [1, 2, 3, 0]])
    steps = np.rint(np.abs(others) * _WHOLE_TURN).clip(0, 511).astype(np.uint32) | np.uint32(512) * (others < 0)
    first, second, third = steps.T
    return (largest.astype(np.uint32) << 30 | first << 20 | second << 10 | third).astype("<u4")


def _packed_harmonics(splats: Splats) -> np.ndarray:
    """5 bits for degree 1 and 4 for those above, as the library of Niantic keeps them, in a byte each."""
    coarse = np.full((HARMONICS[-1], 1), 16)
    coarse[: HARMONICS[1]] = 8
    coarse = coarse[: splats.sh.shape[1]]
    steps = np.rint(splats.sh.astype(np.float64) * 128) + 128
    return (np.floor((steps + coarse / 2) / coarse) * coarse).clip(0, 255).astype(np.uint8)
