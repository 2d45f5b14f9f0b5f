"""What happens to a picture between its rendering and its 8 bits: a stage for each optional chunk that asks for it.

A file says with an optional chunk (FORMAT.md, "Container") that its picture is to be mended after it has been rendered:
by a learned restoration, for one. Whoever knows such a chunk registers a stage for its tag, and every decode runs it:
of the command line, of the window, of the Pillow plugin and of the benchmarks. A chunk without a stage is passed over,
and so is one whose stage says that it cannot run here.

A stage gets the whole picture in floating point, as what it restores may depend on any of it: the decode of such a file
takes 12 bytes a pixel more than that of others, which are made strip by strip, and what the stage itself takes.

    register(b"i", Inverted())      # from now on files with a chunk `i` come out inverted

Stages that are part of Daub are registered at the end of this module, so that no reader has to know them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from daub.codec.container import Chunk, Document
from daub.codec.restoration.layer import TAG
from daub.codec.restoration.stage import Restoration


class DecodeStage(Protocol):
    """One step after the rendering."""

    def obstacle(self, chunk: Chunk, document: Document) -> str | None:
        """Why the stage cannot run on this machine, as the end of a sentence; None where it can."""
        return None

    def apply(self, pixels: np.ndarray, chunk: Chunk, document: Document) -> np.ndarray:
        """The picture after this stage.

        Args:
            pixels: (H, W, 3) float32, sRGB-encoded, in [0, 1], at the size asked for; may be overwritten.
            chunk: of the file that asks for the stage.
            document: of which the pixels are, with the size that its file was made from.

        Returns:
            The same shape and type; outside [0, 1] is clipped.

        Raises:
            DaubError: the chunk makes no sense.
        """


STAGES: dict[bytes, DecodeStage] = {}


def register(tag: bytes, stage: DecodeStage) -> None:
    """Makes every decode run `stage` for files with an optional chunk of this tag.

    Raises:
        ValueError: the tag is not that of an optional chunk, `a`..`z`, or has a stage.
    """
    if len(tag) != 1 or not tag.islower() or tag in STAGES:
        raise ValueError(f"no stage can be registered for the chunk {tag!r}")
    STAGES[tag] = stage


def stages_of(document: Document) -> list[tuple[DecodeStage, Chunk]]:
    """The stages that a document asks for and that can run here, in the order of its file, each with its chunk."""
    return [(stage, chunk) for stage, chunk in _asked_for(document) if stage.obstacle(chunk, document) is None]


def obstacles_of(document: Document) -> tuple[str, ...]:
    """Why stages that a document asks for cannot run here, one line each: what is shown is the plain rendering."""
    whys = (stage.obstacle(chunk, document) for stage, chunk in _asked_for(document))
    return tuple(f"shown as rendered, without what its file adds: {why}" for why in whys if why is not None)


def asks(document: Document) -> bool:
    """Whether a document asks for any stage that is known here, whether or not it can run."""
    return bool(_asked_for(document))


def _asked_for(document: Document) -> list[tuple[DecodeStage, Chunk]]:
    return [(STAGES[chunk.tag], chunk) for chunk in document.optional_chunks if chunk.tag in STAGES]


register(TAG, Restoration())
