"""Photoshop files, PSD and PSB: the composite picture that stands at their end, at its full depth.

Adobe Photoshop File Formats Specification (2019). Pillow reads 8 bits, takes any fourth channel for transparency and
shows white where the file was saved without a composite.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import imagecodecs
import numpy as np

from daub.codec.images.colour.signals import SCENE_LINEAR, Profile
from daub.codec.images.readers import cielab
from daub.codec.images.readers.refusal import Budget, Limits, Refused
from daub.codec.images.samples import WHITE, Samples

_BITMAP, _GREY, _INDEXED, _RGB, _CMYK, _MULTICHANNEL, _DUOTONE, _LAB = 0, 1, 2, 3, 4, 7, 8, 9
_CHANNELS = {_BITMAP: 1, _GREY: 1, _INDEXED: 1, _RGB: 3, _CMYK: 4, _DUOTONE: 1, _LAB: 3}
_NAMES = {_MULTICHANNEL: "multichannel", _LAB: "CIE L*a*b*", _CMYK: "CMYK"}
_PROFILE, _TRANSPARENT_INDEX, _VERSION = 1039, 1047, 1057  # image resources
_RAW, _RLE, _ZIP = 0, 1, 2
_DEPTHS = {8: "u1", 16: ">u2", 32: ">f4"}
_DEEP_LAYERS = (b"Lr16", b"Lr32", b"Layr")  # where the layers of deep files stand
_LONG_KEYS = (*_DEEP_LAYERS, b"LMsk", b"Mt16", b"Mt32", b"Mtrn", b"Alph", b"FMsk", b"lnk2", b"FEid", b"FXid", b"PxSD")


@dataclass(frozen=True)
class _Header:
    """What the beginning of a file says.

    Args:
        wide: 8 or 4, the bytes of a length in PSB or PSD.
        channels, width, height, depth, mode: of the composite.
    """

    wide: int
    channels: int
    width: int
    height: int
    depth: int
    mode: int


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The composite."""
    data = file.read()
    version, channels, height, width, depth, mode = struct.unpack_from(">H6xHIIHH", data, 4)
    header = _Header(8 if version == 2 else 4, channels, width, height, depth, mode)
    limits.check(width, height, _CHANNELS.get(mode, 4) * max(depth, 8) / 8)
    _refuse_rare(header)
    palette, at = _block(data, 26, 4)
    resources, at = _block(data, at, 4)
    layers, at = _block(data, at, header.wide)
    found = dict(_resources(resources))
    if found.get(_VERSION, b"\0\0\0\0\1")[4:5] == b"\0":
        raise Refused("it was saved by Photoshop without a composite picture", "save it with maximum compatibility")
    base = _CHANNELS[mode]
    transparent = channels > base and mode not in (_BITMAP, _INDEXED) and _has_transparency(layers, header.wide)
    values = _stored(data, at, header, base + transparent)
    notices = ["its channels beside the colours were left out"] if channels > base + transparent else []
    samples = _meaning(values, header, transparent, palette, found, notices)
    if depth == 32:  # Photoshop's depth of linear light
        samples.colour = (SCENE_LINEAR,)
    elif _PROFILE in found and mode != _LAB:
        samples.colour = (Profile(found[_PROFILE]),)
    return samples


def _refuse_rare(header: _Header) -> None:
    """Refuse by name what nobody has asked for yet."""
    rare = header.mode not in _CHANNELS or (header.mode == _LAB and header.depth != 8)
    if rare or (header.mode in (_CMYK, _INDEXED, _DUOTONE) and header.depth == 32):
        name = _NAMES.get(header.mode, f"mode {header.mode}")
        raise Refused(f"it is a Photoshop image ({name}, {header.depth} bits), which is not read", "save it as RGB")
    if header.depth not in (8, 16, 32) and (header.depth, header.mode) != (1, _BITMAP):
        raise ValueError(f"it states a depth of {header.depth} bits")
    if header.channels < _CHANNELS[header.mode]:
        raise ValueError("it has too few channels for its colours")


def _block(data: bytes, at: int, wide: int) -> tuple[bytes, int]:
    """A block behind its length, and where the next stands."""
    start = at + wide
    end = start + int.from_bytes(data[at:start], "big")
    if end > len(data):
        raise ValueError("it ends before its picture")
    return data[start:end], end


def _resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each image resource."""
    at, budget = 0, Budget()
    while block[at : at + 4] in (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"):
        budget.spend()
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = block[at + 6] if at + 6 < len(block) else 0
        body, end = _block(block, at + 6 + name + 1 + (name + 1) % 2, 4)
        yield number, body
        at = end + len(body) % 2


def _has_transparency(layers: bytes, wide: int) -> bool:
    """Whether the first channel beside the colours is the transparency of the composite: the count of layers says so
    by being negative."""
    if not layers:
        return False
    information, at = _block(layers, 0, wide)
    if information:
        return struct.unpack_from(">h", information)[0] < 0
    at = _block(layers, at, 4)[1]
    budget = Budget()
    while layers[at : at + 4] in (b"8BIM", b"8B64"):
        budget.spend()
        key = layers[at + 4 : at + 8]
        body, end = _block(layers, at + 8, wide if key in _LONG_KEYS else 4)
        if key in _DEEP_LAYERS:
            return len(body) >= 2 and struct.unpack_from(">h", body)[0] < 0
        at = end + -len(body) % 4
    return False


def _stored(data: bytes, at: int, header: _Header, count: int) -> np.ndarray:
    """(count, H, W) of the first channels, as they are stored; (1, H, bytes) of one bit per pixel."""
    compression = int.from_bytes(data[at : at + 2], "big")
    at += 2
    row = -(-header.width * header.depth // 8)
    rows = count * header.height
    if compression == _RAW:
        stored = np.frombuffer(data, np.uint8, rows * row, at)
    elif compression == _RLE:
        stored = _unpacked(data, at, header, rows, row)
    elif compression == _ZIP:
        stored = np.frombuffer(zlib.decompressobj().decompress(data[at:], rows * row), np.uint8, rows * row)
    else:
        raise Refused("it is a Photoshop image packed in a rare way, which is not read", "save it as PNG")
    return stored.view(_DEPTHS.get(header.depth, "u1")).reshape(count, header.height, -1)


def _unpacked(data: bytes, at: int, header: _Header, rows: int, row: int) -> np.ndarray:
    """The bytes of the first rows, each packed by itself; the lengths of all come first."""
    counts = np.frombuffer(data, ">u4" if header.wide == 8 else ">u2", header.channels * header.height, at)
    at += counts.nbytes
    stored = np.empty((rows, row), np.uint8)
    for target, length in zip(stored, counts[:rows].tolist(), strict=True):
        if at + length > len(data):
            raise ValueError("it ends within its picture")
        target[:] = np.frombuffer(imagecodecs.packbits_decode(data[at : at + length]), np.uint8)[:row]
        at += length
    return stored.reshape(-1)


def _meaning(
    values: np.ndarray, header: _Header, transparent: bool, palette: bytes, found: dict[int, bytes], notices: list[str]
) -> Samples:
    """Make of stored channels, (C, H, W), what `Samples` holds."""
    if header.mode == _BITMAP:  # a bit of 1 is black
        bits = np.unpackbits(values[0], axis=1)[:, : header.width, None]
        return Samples((bits == 0) * np.uint8(255), notices=notices)
    values = np.moveaxis(values, 0, -1).astype(values.dtype.newbyteorder("="))
    if header.mode == _INDEXED:
        return _by_palette(values[..., 0], palette, found.get(_TRANSPARENT_INDEX, b""), notices)
    if header.mode == _DUOTONE:
        notices.append("its inks (duotone) were left out, so it is grey")
    if header.mode == _LAB:
        lab = cielab.to_srgb(values[..., :3], 8, True, notices)
        values = np.concatenate([lab, values[..., 3:] / np.float32(255)], 2)
    if header.mode == _CMYK:  # stored as how much paper is left
        values[..., :4] = WHITE[values.dtype] - values[..., :4]
    if transparent and header.mode != _CMYK:
        values = _without_white(values / np.float32(WHITE[values.dtype]))
    return Samples(values, transparent, notices=notices)


def _by_palette(indices: np.ndarray, palette: bytes, transparent: bytes, notices: list[str]) -> Samples:
    """(H, W) numbers of colours by a table of all reds, greens and blues."""
    if len(palette) < 768:
        raise ValueError("its palette is incomplete")
    values = np.frombuffer(palette, np.uint8, 768).reshape(3, 256).T[indices]
    if len(transparent) < 2:
        return Samples(values, notices=notices)
    opacity = (indices != int.from_bytes(transparent[:2], "big")) * np.uint8(255)
    return Samples(np.dstack([values, opacity]), True, notices=notices)


def _without_white(values: np.ndarray) -> np.ndarray:
    """Colours and alpha, float32, from colours that Photoshop has laid on white: c = (stored - (1 - alpha)) / alpha."""
    alpha = values[..., -1:]
    colours = np.divide(values[..., :-1] - (1 - alpha), alpha, out=np.zeros_like(values[..., :-1]), where=alpha > 0)
    return np.concatenate([np.maximum(colours, 0), alpha], 2)
