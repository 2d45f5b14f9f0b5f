"""What the bits of files are spent on and where they are, for whoever asks: worked out beside the window, and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.picture.box import Box
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.signal import Signal

if TYPE_CHECKING:
    from daub.codec.container import Account, Document

_KEPT = 4  # files, of which the longest unasked goes first: two sides, and those before


@dataclass(frozen=True, eq=False)
class FileBits:
    """Where the bits of a file are.

    Args:
        document: of the file.
        account: what they are spent on.
        per_pixel: (H, W) float32.
    """

    document: Document
    account: Account
    per_pixel: np.ndarray

    def in_region(self, left: int, top: int, right: int, bottom: int) -> float:
        """Bits of the pixels in columns left to right and rows top to bottom, the last of both not included."""
        return float(self.per_pixel[top:bottom, left:right].sum(dtype=np.float64))


class FilesBits:
    """Those of the files that were asked about lately.

    Args:
        background: runs the work.
        on_failure: is told where it fails; the file is then one that nobody knows about.
    """

    def __init__(self, background: Background, on_failure: Callable[[Failure], None]):
        self.changed = Signal()  # more is known
        self._background, self._on_failure = background, on_failure
        self._accounts: dict[Document, Account | None] = {}  # None while it is worked out, or where it cannot be
        self._bits: dict[Document, FileBits | None] = {}

    def account(self, document: Document | None) -> Account | None:
        """What its bits are spent on, None where that is not known yet, or the Gaussians are in no file."""
        if document is None or not document.chunks:
            return None
        return self._known(self._accounts, document, document.account)

    def bits(self, document: Document | None) -> FileBits | None:
        """Where they are, likewise."""
        account = self.account(document)
        return None if account is None else self._known(self._bits, document, partial(bits_of, document, account))

    def in_box(self, document: Document | None, box: Box) -> float | None:
        """How many of them lie in a rectangle, None where that is not known, or not yet."""
        bits = self.bits(document)
        return None if bits is None else bits.in_region(box.left, box.top, box.right, box.bottom)

    def _known(self, kept: dict, document: Document, work: Callable[[], object]):
        if document in kept:
            kept[document] = kept.pop(document)  # asked for last
            return kept[document]
        kept[document] = None
        for oldest in list(kept)[:-_KEPT]:
            del kept[oldest]
        self._background.run(work, partial(self._take, kept, document), self._on_failure)
        return None

    def _take(self, kept: dict, document: Document, found: object) -> None:
        if document in kept:  # not pushed out meanwhile
            kept[document] = found
            self.changed.emit()


def bits_of(document: Document, account: Account) -> FileBits:
    """Works that out: two renderings. Runs beside the window."""
    from daub.codec.bit_map import bits_per_pixel
    from daub.render.cpu.backend import CpuRasteriser

    return FileBits(document, account, bits_per_pixel(document, account, CpuRasteriser()).astype(np.float32))
