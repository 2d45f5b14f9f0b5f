"""The optional chunk of the restoration layer (FORMAT.md, "Restoration"): what it says, read and written.

flags | network, 4 bytes | strength | blocks, one bit each | gain | halvings | JPEG XL codestream
        '------- flag 1 ----------'   '----- flag 2 -----'  '------------ flag 4 --------------'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from daub.codec.container.chunks import Chunk
from daub.codec.container.file import Document
from daub.codec.container.limits import REMEDY
from daub.codec.errors import DaubError

TAG = b"r"
BLOCK = 64  # pixels a side of what one flag is about
FULL_STRENGTH = 128  # number in the file of a correction as the network gives it
LARGEST_GAIN = 16
LARGEST_HALVINGS = 2  # the residual is full, half or quarter size

_NETWORK, _BLOCKS, _RESIDUAL = 1, 2, 4


@dataclass(frozen=True)
class CodedResidual:
    """What a rendering lacks, coarsely, as it stands in the file.

    Args:
        gain: 1..LARGEST_GAIN, by which it was multiplied before it became samples of 8 bits.
        halvings: 0..LARGEST_HALVINGS, how many times its sides are half those of the picture.
        codestream: JPEG XL.
    """

    gain: int
    halvings: int
    codestream: bytes

    def size(self, width: int, height: int) -> tuple[int, int]:
        """(width, height) in samples, of a picture of width x height pixels."""
        unit = 1 << self.halvings
        return -(-width // unit), -(-height // unit)


@dataclass(frozen=True, eq=False)
class Layer:
    """What is done to the rendering of a file.

    Args:
        network: CRC-32 of the file of weights; None: only the residual is added.
        strength: 1..255, how much of the correction is added, FULL_STRENGTH being all of it.
        blocks: (rows, columns) bool, the blocks of BLOCK x BLOCK pixels that are corrected; None: all.
        residual: None where there is none.
    """

    network: int | None = None
    strength: int = FULL_STRENGTH
    blocks: np.ndarray | None = None
    residual: CodedResidual | None = None

    def chunk(self) -> Chunk:
        """As it stands in a file."""
        flags, parts = 0, []
        if self.network is not None:
            flags |= _NETWORK
            parts += [self.network.to_bytes(4, "little"), bytes([self.strength])]
            if self.blocks is not None:
                flags |= _BLOCKS
                parts.append(np.packbits(self.blocks).tobytes())
        if self.residual is not None:
            flags |= _RESIDUAL
            parts += [bytes([self.residual.gain, self.residual.halvings]), self.residual.codestream]
        return Chunk(TAG, bytes([flags]) + b"".join(parts))


def blocks_of(width: int, height: int) -> tuple[int, int]:
    """(rows, columns) of blocks of a picture."""
    return -(-height // BLOCK), -(-width // BLOCK)


def read_layer(content: bytes, width: int, height: int, what: str = "the restoration layer cannot be read") -> Layer:
    """The layer that a chunk holds.

    Args:
        content: of the chunk.
        width, height: of the picture, pixels.
        what: failed, the beginning of the error.

    Raises:
        DaubError: it is cut short, or makes no sense.
    """

    def take(count: int) -> bytes:
        nonlocal content
        if len(content) < count:
            raise DaubError(what, "it is cut short", REMEDY)
        taken, content = content[:count], content[count:]
        return taken

    def refuse(why: str) -> DaubError:
        return DaubError(what, why, f"{REMEDY}, or update Daub")

    (flags,) = take(1)
    if not flags & (_NETWORK | _RESIDUAL) or flags > 7 or flags & (_NETWORK | _BLOCKS) == _BLOCKS:
        raise refuse(f"its flags {flags} mean nothing to this Daub")
    network, strength, blocks, residual = None, FULL_STRENGTH, None, None
    if flags & _NETWORK:
        network = int.from_bytes(take(4), "little")
        (strength,) = take(1)
        if not strength:
            raise refuse("its strength is nought")
    if flags & _BLOCKS:
        rows, columns = blocks_of(width, height)
        bits = np.unpackbits(np.frombuffer(take((rows * columns + 7) // 8), np.uint8))
        if bits[rows * columns :].any():
            raise refuse("it corrects blocks outside the picture")
        blocks = bits[: rows * columns].reshape(rows, columns).astype(bool)
    if flags & _RESIDUAL:
        gain, halvings = take(2)
        if not 1 <= gain <= LARGEST_GAIN or halvings > LARGEST_HALVINGS:
            raise refuse(f"the gain {gain} or the size {halvings} of its residual is outside the format")
        residual, content = CodedResidual(gain, halvings, content), b""
    if content:
        raise refuse(f"{len(content)} bytes follow its end")
    return Layer(network, strength, blocks, residual)


def layer_of(document: Document) -> Layer | None:
    """The layer of a document; None where it has none. Raises DaubError as `read_layer`."""
    for chunk in document.optional_chunks:
        if chunk.tag == TAG:
            return read_layer(chunk.content, document.width, document.height)
    return None


def without_layer(document: Document) -> Document:
    """The same document as it is rendered."""
    return replace(document, chunks=tuple(chunk for chunk in document.chunks if chunk.tag != TAG))


def described(document: Document) -> dict[str, Any] | None:
    """What the layer of a document is, in plain numbers; None where it has none.

    Returns:
        "bytes" that it takes; "network": its CRC-32 in hexadecimal, or None; "strength", 1 being all of the
        correction; "blocks", how many are corrected, and "of", how many there are; "residual_bytes", 0 where there is
        none.

    Raises:
        DaubError: it makes no sense.
    """
    layer = layer_of(document)
    if layer is None:
        return None
    rows, columns = blocks_of(document.width, document.height)
    corrected = rows * columns if layer.blocks is None else int(layer.blocks.sum())
    return {
        "bytes": sum(len(chunk.content) for chunk in document.optional_chunks if chunk.tag == TAG),
        "network": None if layer.network is None else f"{layer.network:08x}",
        "strength": layer.strength / FULL_STRENGTH,
        "blocks": 0 if layer.network is None else corrected,
        "of": rows * columns,
        "residual_bytes": 0 if layer.residual is None else len(layer.residual.codestream),
    }
