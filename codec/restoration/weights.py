"""Files of weights: a few bytes that say how large the network is, and its numbers in half precision (FORMAT.md).

    widths, 3 bytes | blocks, 5 bytes | tensors, float16, little endian, in the order of `Shape.tensors`

A file is named in chunks by its CRC-32. Those that Daub knows lie in `resources/`; nothing here needs torch.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from daub.codec.restoration.inputs import CONDITIONS, MAPS
from daub.resources import ROOT

UNSHUFFLE = 2  # pixels a side that become channels of one sample of the network
DETAIL = 9  # pixels a side of the square whose mean is taken from a pixel to tell its detail
CHANNELS_IN = 9 * UNSHUFFLE**2 + MAPS + CONDITIONS  # base, residual and detail, maps, conditions
CHANNELS_OUT = 3 * UNSHUFFLE**2
FOLDER = ROOT  # where files of weights lie
PICTURES, SCENES = "restoration*.bin", "scene-restoration*.bin"  # what they are called, by what they have learnt from


@dataclass(frozen=True)
class Shape:
    """How large a network is: three levels, of half, quarter and eighth the size of the picture.

    Args:
        widths: channels at each level.
        blocks: at the first and second level on the way down, at the third, at the second and first on the way up.
    """

    widths: tuple[int, int, int] = (16, 32, 64)
    blocks: tuple[int, int, int, int, int] = (1, 2, 3, 2, 1)

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Names and shapes of all weights, in the order of the file: of a convolution out, in, rows, columns."""
        a, b, c = self.widths
        levels = zip(("down.0", "down.1", "middle", "up.0", "up.1"), (a, b, c, b, a), self.blocks, strict=True)
        yield from _convolution("first", a, CHANNELS_IN, 3)
        for name, width, blocks in levels:
            for block in range(blocks):
                yield from _block(f"{name}.{block}", width)
        yield from _convolution("reduce.0", b, a, 2)
        yield from _convolution("reduce.1", c, b, 2)
        yield from _convolution("expand.0", 4 * b, c, 1)
        yield from _convolution("expand.1", 4 * a, b, 1)
        yield from _convolution("last", CHANNELS_OUT, a, 3)


def _convolution(name: str, out: int, into: int, side: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield f"{name}.weight", (out, into, side, side)
    yield f"{name}.bias", (out,)


def _block(name: str, width: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    for norm in ("norm_1", "norm_2"):
        yield f"{name}.{norm}.weight", (width,)
        yield f"{name}.{norm}.bias", (width,)
    yield from _convolution(f"{name}.widen", 2 * width, width, 1)
    yield from _convolution(f"{name}.depthwise", 2 * width, 1, 3)
    yield from _convolution(f"{name}.mix", width, width, 1)
    yield from _convolution(f"{name}.feed", 2 * width, width, 1)
    yield from _convolution(f"{name}.out", width, width, 1)
    yield f"{name}.beta", (width,)
    yield f"{name}.gamma", (width,)


@dataclass(frozen=True, eq=False)
class Weights:
    """A network as it stands in a file.

    Args:
        shape: how large it is.
        tensors: by name, float32.
        crc: of the file, its name in chunks.
    """

    shape: Shape
    tensors: dict[str, np.ndarray]
    crc: int

    @property
    def name(self) -> str:
        """As people are told of it."""
        return f"{self.crc:08x}"


def to_bytes(shape: Shape, tensors: dict[str, np.ndarray]) -> bytes:
    """The file of a network."""
    numbers = [tensors[name].reshape(size).astype("<f2").tobytes() for name, size in shape.tensors()]
    return bytes([*shape.widths, *shape.blocks]) + b"".join(numbers)


def from_bytes(data: bytes) -> Weights:
    """The network of a file.

    Raises:
        ValueError: it has another length than it says, or numbers that are not finite.
    """
    shape = Shape(tuple(data[:3]), tuple(data[3:8]))
    names = dict(shape.tensors())
    numbers = np.frombuffer(data, "<f2", offset=8).astype(np.float32)
    if len(numbers) != sum(map(prod, names.values())) or not np.isfinite(numbers).all():
        raise ValueError("that is no file of weights of the restoration network")
    parts = np.split(numbers, np.cumsum([prod(size) for size in names.values()])[:-1])
    tensors = {name: part.reshape(size) for (name, size), part in zip(names.items(), parts, strict=True)}
    return Weights(shape, tensors, zlib.crc32(data))


def known() -> dict[int, Path]:
    """The files of weights at hand, by their CRC-32."""
    return _files_in(FOLDER, SCENES) | _files_in(FOLDER, PICTURES)


@functools.cache
def _files_in(folder: Path, pattern: str) -> dict[int, Path]:
    return {zlib.crc32(path.read_bytes()): path for path in sorted(folder.glob(pattern))}


@functools.lru_cache(2)
def load(path: Path) -> Weights:
    """The network of a file on the disk; OSError or ValueError where there is none."""
    return from_bytes(path.read_bytes())


def newest() -> int | None:
    """The CRC-32 of the network that new files are made with: of the last by name; None where there is none."""
    return next(reversed(_files_in(FOLDER, PICTURES)), None)


def newest_of_scenes() -> int | None:
    """The same of scenes; without one of their own that of pictures."""
    return next(reversed(_files_in(FOLDER, SCENES)), newest())
