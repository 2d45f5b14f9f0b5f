"""Restoration networks and files that ask for them, made up for tests."""

from __future__ import annotations

import zlib

import numpy as np

from daub.codec import container
from daub.codec.container import Document
from daub.codec.restoration.layer import Layer
from daub.codec.restoration.weights import Shape, from_bytes, to_bytes

SMALL = Shape((4, 6, 8), (1, 1, 1, 1, 1))


def network_file(shape: Shape = SMALL, seed: int = 0, size: float = 0.3) -> bytes:
    """A file of weights drawn at random."""
    draw = np.random.default_rng(seed)
    return to_bytes(shape, {name: size * draw.standard_normal(each) for name, each in shape.tensors()})


def add_network(folder, data: bytes | None = None) -> int:
    """Puts a file of weights into a folder; its CRC-32."""
    data = network_file() if data is None else data
    folder.joinpath("restoration.bin").write_bytes(data)
    from_bytes(data)
    return zlib.crc32(data)


def with_layer(data: bytes, layer: Layer) -> Document:
    """The document of a file with a restoration layer more, read from bytes."""
    return container.read(container.read(data).with_chunk(layer.chunk()).to_bytes())
