"""The real file of edited Gaussians at one moment: made once, by whoever needs it first, and known from then on.

an idle window ---> FileToMake.make(given_up) --- EditedFile ---> the row: bytes and figures without a tilde
an export --------> FileToMake.make() ----------- the same -----> the disk
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.sources.source import Figures
from daub.render.devices import Failover
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.container import Document
    from daub.codec.editing.drawing import Drawing

_BLOCK = 16  # pixels a side of what is judged by itself
_FARTHER = 0.25  # growth of the squared error of a block, as a share of it, from which on it departs from the source
_SEEN = 1e-5  # mean squared error that is not seen, 50 dB


@dataclass(frozen=True, eq=False)
class EditedFile:
    """A file, and how near it is.

    Args:
        data: it.
        figures: against the source, or against the edited picture: they say which.
    """

    data: bytes
    figures: Figures


@dataclass(frozen=True)
class Known:
    """What is known of a file before anybody has it. Args: bytes: its size; figures: None where nobody knows."""

    bytes: int
    figures: Figures | None


@dataclass(frozen=True, eq=False)
class MadeOf:
    """What a file is made of.

    Args:
        drawing: gives the edited Gaussians.
        before: gives those that the edit began with; None where nobody knows them any more.
        is_changed: they are others by now.
        document: the file that they come of, None where there is none.
        source: (H, W, 3) float32 in [0, 1] that they were fitted to, None where there is none of that size.
        opacity: gives that of the document as it lies on the canvas by now; None where it is opaque.
    """

    drawing: Callable[[], Drawing]
    before: Callable[[], Drawing] | None
    is_changed: bool
    document: Document | None
    source: np.ndarray | None
    opacity: Callable[[], Drawing] | None = None


class FileToMake:
    """See above. Everything may be called from any thread.

    Args:
        made_of: see there.
        device: opens what renders and rounds, for the thread that calls it.
        known: it will be the very file that an edit began with, of which that is known; None for others.

    Attributes:
        made: the file, once it is there.
        is_exported: somebody has it on the disk.
    """

    def __init__(self, made_of: MadeOf, device: Callable[[], Failover], known: Known | None = None):
        self.made: EditedFile | None = None
        self._known = known
        self.is_exported = False
        self._made_of: MadeOf | None = made_of
        self._device = device
        self._lock = threading.Lock()  # held while it is made
        self._needed = False  # by somebody who does not give up

    @property
    def known(self) -> Known | None:
        """What is known of it, whether or not it is there; None for nothing."""
        return self._known if self.made is None else Known(len(self.made.data), self.made.figures)

    def make(
        self, given_up: Callable[[], bool] | None = None, report: Callable[[float], None] = lambda fraction: None
    ) -> EditedFile | None:
        """The file; takes seconds unless it is there already.

        Args:
            given_up: asked between two steps; None for whoever needs it in any case, and then nobody can give it up
                but `report`.
            report: is told how much is done, 0 to 1; what it raises ends it.

        Returns:
            None where it was given up.
        """
        if given_up is None:
            self._needed = True
        with self._lock:
            try:
                if self.made is None:
                    self.made = self._make(lambda: given_up is not None and given_up() and not self._needed, report)
            finally:
                self._needed = self._needed and self.made is not None  # otherwise it may be made in idle time again
                if self.made is not None:
                    self._made_of = None  # which takes much more memory than the file
            return self.made

    def _make(self, given_up: Callable[[], bool], report: Callable[[float], None]) -> EditedFile | None:
        made_of, rasteriser = self._made_of, self._device()
        try:
            source = None if made_of.source is None else np.ascontiguousarray(made_of.source)
            if not made_of.is_changed and made_of.document is not None and made_of.document.chunks:
                return _as_it_was(made_of.document, source, rasteriser)
            near = None if made_of.opacity is not None or _departs(made_of, source, rasteriser) else source
            return _rounded(made_of, near, rasteriser, given_up, report)
        finally:
            rasteriser.release()


def _as_it_was(document: Document, source: np.ndarray | None, rasteriser: Rasteriser) -> EditedFile:
    """An edit that has changed nothing has the file that it began with, to the bit."""
    return EditedFile(document.to_bytes(), _figures(document, source, rasteriser))


def _rounded(
    made_of: MadeOf,
    source: np.ndarray | None,
    rasteriser: Rasteriser,
    given_up: Callable[[], bool],
    report: Callable[[float], None],
) -> EditedFile | None:
    """Args: source: that it shall stay near; None: the picture as edited."""
    from daub.codec.editing.to_file import to_file
    from daub.codec.transparency import WHITE, laid_on

    drawing = made_of.drawing()
    opacity = None if made_of.opacity is None else made_of.opacity()
    records = to_file(drawing, rasteriser, made_of.document, source=source, opacity=opacity)
    while not given_up():
        try:
            report(next(records).fraction)
        except StopIteration as end:
            encoded = end.value
            if source is not None:
                return EditedFile(encoded.data, _figures(encoded.document, source, rasteriser))
            edited = np.clip(drawing.rendered(rasteriser), 0, 1)
            if opacity is not None:
                alpha = np.clip(opacity.rendered(rasteriser)[..., 1:2], 0, 1)
                edited = laid_on(np.concatenate([edited, alpha], 2), WHITE)
            return EditedFile(encoded.data, _figures(encoded.document, edited, rasteriser, "the edited picture"))
    records.close()
    return None


def _figures(document: Document, against: np.ndarray | None, rasteriser: Rasteriser, words: str = "") -> Figures:
    from daub.codec.decoder import decode
    from daub.codec.evaluation.metrics import ms_ssim, psnr

    if against is None:
        return Figures()
    image8 = decode(document, rasteriser, large=True)
    return Figures(psnr(against, image8), ms_ssim(against, image8), against=words)


def _departs(made_of: MadeOf, source: np.ndarray | None, rasteriser: Rasteriser) -> bool:
    """Whether an edit leads away from the source: some block is clearly farther from it, by more than is usual there.

    A refit comes nearer, and its file shall be judged as any file of the source is; another colour leads away on
    purpose, if only in one place, and whoever asked for that wants to know how near the file is to what he sees.
    """
    drawing = made_of.drawing()
    if source is None or made_of.before is None or source.shape[:2] != (drawing.height, drawing.width):
        return True
    before, after = (np.clip(each.rendered(rasteriser), 0, 1) for each in (made_of.before(), drawing))
    if before.shape != after.shape:
        return True
    was, now = (_errors(picture, source) for picture in (before, after))
    usual = np.maximum(max(float(was.mean()), _SEEN), _FARTHER * was)
    return bool((now - was > usual).any())


def _errors(picture: np.ndarray, source: np.ndarray) -> np.ndarray:
    """(rows, columns) float64: the mean squared error of each block."""
    error = ((picture - source) ** 2).mean(2, dtype=np.float64)
    for axis in (0, 1):
        starts = np.arange(0, error.shape[axis], _BLOCK)
        sizes = np.diff([*starts, error.shape[axis]])
        error = np.add.reduceat(error, starts, axis) / np.expand_dims(sizes, 1 - axis)
    return error
