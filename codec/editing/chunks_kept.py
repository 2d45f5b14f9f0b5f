"""Optional chunks of a file that are still true after an edit.

- What a file was tuned for: always, for the new one is rounded for the same.
- A restoration: where the source is known, the one that the edited file is best with, or none, as an encode chooses it.
  Otherwise that of the file before, in all blocks whose pixels are as they were, as long as it is by a network alone: a
  residual is of the whole picture at once, and is left out.
- What nobody here knows: only where no pixel has changed, since it may be about any of them.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from daub.codec.container import Chunk, Document
from daub.codec.container.tuned import TAG as TUNED
from daub.codec.errors import DaubError
from daub.codec.rate.encoded import Encoded, restored_where_it_pays
from daub.codec.restoration.layer import BLOCK, TAG, blocks_of, layer_of, read_layer, without_layer
from daub.codec.restoration.stage import obstacle_of
from daub.render.devices import with_fallback
from daub.render.rasteriser import Rasteriser

_CHANGED = 0.5 / 255  # of a pixel, from which on it is another


def with_kept_chunks(
    encoded: Encoded, before: Document, rasteriser: Rasteriser, source: np.ndarray | None = None
) -> Generator[float, None, Encoded]:
    """The same file with those chunks more.

    Args:
        before: the file before the edit.
        source: (H, W, 3) float32 in [0, 1] that the picture shall be near; None where there is none.

    Yields:
        The share of the work that is done, 0 to 1, where a restoration is chosen anew: that takes long.
    """
    if is_chosen_anew(before, source):
        encoded = yield from restored_where_it_pays(encoded, source, rasteriser)
        before = without_layer(before)
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


def is_chosen_anew(before: Document, source: np.ndarray | None) -> bool:
    """The file before the edit has a restoration, and it can be judged here which one suits the edit."""
    if source is None:
        return False
    try:
        layer = layer_of(before)
    except DaubError:
        return False
    return layer is not None and obstacle_of(layer.network) is None


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
