"""A made-up decode stage, and a file that asks for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from daub.codec import container
from daub.codec.container import Chunk, Document
from daub.codec.decode_stages import DecodeStage

TAG = b"i"
GOLDEN = Path(__file__).parent / "codec/container/golden"


class Inverting(DecodeStage):
    """Takes every sample from the highest one that its chunk allows."""

    def apply(self, pixels: np.ndarray, chunk: Chunk, document: Document) -> np.ndarray:
        return np.float32(chunk.content[0] / 255) - pixels


def asking_for_it(data: bytes, highest: int = 255) -> bytes:
    """The file with a chunk of the stage, and one before it that nobody knows."""
    document = container.read(data).with_chunk(Chunk(b"x", b"of a later Daub"))
    return document.with_chunk(Chunk(TAG, bytes([highest]))).to_bytes()


def golden(name: str) -> bytes:
    """A golden file."""
    return (GOLDEN / f"{name}.daub").read_bytes()
