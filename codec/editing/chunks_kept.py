"""Optional chunks of a file that are still true after an edit.

- What a file was tuned for: always, for the new one is rounded for the same.
- A restoration by a network alone: in all blocks whose pixels are as they were. A residual is of the whole picture at
  once, and is left out.
- What nobody here knows: only where no pixel has changed, since it may be about any of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from daub.codec.container import Chunk, Document
from daub.codec.container.tuned import TAG as TUNED
from daub.codec.errors import DaubError
from daub.codec.rate.encoded import Encoded
from daub.codec.restoration.layer import BLOCK, TAG, blocks_of, read_layer
from daub.render.devices import with_fallback
from daub.render.rasteriser import Rasteriser

_CHANGED = 0.5 / 255  # of a pixel, from which on it is another


def with_kept_chunks(encoded: Encoded, before: Document, rasteriser: Rasteriser) -> Encoded:
    """The same file with those chunks more. Args: before: the file before the edit."""
    document = encoded.document
    there = {TUNED, *(chunk.tag for chunk in document.chunks)}
    others = [chunk for chunk in before.optional_chunks if chunk.tag not in there]
    if not others or (document.width, document.height) != (before.width, before.height):
        return encoded
    changed = _changed_blocks(before, document, rasteriser)
    for chunk in others:
        kept = chunk if not changed.any() else _unchanged_part(chunk, before, changed)
        if kept is not None:
            document = document.with_chunk(kept)
    return replace(encoded, data=document.to_bytes(), document=document)


def left_out(before: Document, after: Document) -> tuple[str, ...]:
    """Tags of the optional chunks that an edit has not kept."""
    there = {chunk.tag for chunk in after.chunks}
    return tuple(chunk.tag.decode() for chunk in before.optional_chunks if chunk.tag not in there)


def _changed_blocks(before: Document, after: Document, rasteriser: Rasteriser) -> np.ndarray:
    """(rows, columns) bool: the blocks of a restoration in which some pixel is another."""
    pictures = [
        with_fallback(rasteriser, lambda backend, some=some: backend.forward(some.gaussians, some.width, some.height))
        for some in (before, after)
    ]
    first, second = (np.clip(picture, 0, 1) for picture in pictures)
    changed = (np.abs(first - second) > _CHANGED).any(2)
    for axis in (0, 1):
        changed = np.logical_or.reduceat(changed, np.arange(0, changed.shape[axis], BLOCK), axis)
    return changed


def _unchanged_part(chunk: Chunk, before: Document, changed: np.ndarray) -> Chunk | None:
    """What of a chunk is still true; None for nothing."""
    if chunk.tag != TAG:
        return None
    try:
        layer = read_layer(chunk.content, before.width, before.height)
    except DaubError:
        return None
    all_of_them = np.ones(blocks_of(before.width, before.height), bool)
    blocks = (all_of_them if layer.blocks is None else layer.blocks) & ~changed
    return None if layer.residual is not None or not blocks.any() else replace(layer, blocks=blocks).chunk()
