"""Small pictures of the sources, made beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.picture.picture import Picture, decode
from daub.app.model.sources.source import Kind
from daub.app.model.sources.sources import Sources
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.signal import Signal

if TYPE_CHECKING:
    from daub.codec.container import Document

SIDE = 96  # pixels of the longer side


class Thumbnails:
    """Makes one of each row, but of a fit under way, which changes all the time; of an edit when its file is made.

    Args:
        sources: the rows.
        background: where they are made.
    """

    def __init__(self, sources: Sources, background: Background):
        self.made = Signal()  # key of a row
        self._sources, self._background = sources, background
        self._pictures: dict[str, np.ndarray] = {}  # by key of the row
        self._asked: dict[str, object] = {}  # of which file those are made, or cannot be, by key of the row
        sources.changed.connect(self._ask)

    def get(self, key: str) -> np.ndarray | None:
        """(H, W, 3) uint8, None while there is none."""
        return self._pictures.get(key)

    def _ask(self) -> None:
        for row in self._sources.rows:
            if row.kind is Kind.LIVE:
                continue
            file = self._edited_file(row.key) if row.kind is Kind.EDITED else row.key
            if file is None or self._asked.get(row.key) == file:
                continue
            work = partial(_of_file, file) if isinstance(file, bytes) else self._work(row.key)
            if work is not None:
                self._asked[row.key] = file
                self._background.run(work, partial(self._take, row.key), self._give_up)

    def _edited_file(self, key: str) -> bytes | None:
        """The file of an edit, or before that is there the one that it comes of; None where there is neither."""
        edited = self._sources.at_hand.edited_of(key)
        if edited.file.made is not None:
            return edited.file.made.data
        known = self._asked.get(key)
        if known is not None or edited.document is None or not edited.document.chunks:
            return known
        return edited.document.to_bytes()

    def _work(self, key: str) -> Callable[[], np.ndarray] | None:
        """What makes that of a row; None while its picture is not at hand."""
        read, pixels8 = self._sources.at_hand.document_of(key), self._sources.at_hand.pixels8_of(key)
        if read is not None:
            return lambda: _of_document(read())
        if pixels8 is not None:
            return partial(_shrunk, pixels8)
        picture = self._sources.at_hand.picture_of(key)
        return None if picture is None else partial(_of_picture, picture)

    def _take(self, key: str, thumbnail: np.ndarray) -> None:
        self._pictures[key] = thumbnail
        self.made.emit(key)

    def _give_up(self, failure: Failure) -> None:
        """A row without a small picture is no reason to bother anybody: whoever looks at it will be told."""


def _of_picture(picture: Picture) -> np.ndarray:
    if picture.document is not None:
        return _of_document(picture.document)
    every = max(1, max(picture.width, picture.height) // (4 * SIDE))  # four pixels of each that is seen are enough
    return _shrunk((np.clip(picture.pixels[::every, ::every], 0, 1) * 255 + 0.5).astype(np.uint8))


def _of_file(data: bytes) -> np.ndarray:
    from daub.codec import container

    return _of_document(container.read(data, large=True))


def _of_document(document: Document) -> np.ndarray:
    return _shrunk(decode(document, min(1.0, 2 * SIDE / max(document.width, document.height))))


def _shrunk(pixels8: np.ndarray) -> np.ndarray:
    """Args: pixels8 (H, W, 3) uint8."""
    import PIL.Image

    image = PIL.Image.fromarray(pixels8)
    image.thumbnail((SIDE, SIDE), PIL.Image.Resampling.BOX, reducing_gap=2)
    return np.asarray(image)
