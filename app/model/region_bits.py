"""How many bits of a file lie in a rectangle, for the region: where its bits are is worked out beside the window."""

from __future__ import annotations

from collections.abc import Callable

from daub.app.model.background import Background
from daub.app.model.brush import Box
from daub.app.model.compare import CompareSource
from daub.app.model.fit_state import Failure
from daub.app.model.picture_maps import FileBits, bits_of

KEPT = 2  # files: one for each side


class RegionBits:
    """One file at a time.

    Args:
        changed: called when more is known.
    """

    def __init__(self, background: Background, changed: Callable[[], None]):
        self._background, self._changed = background, changed
        self._kept: list[FileBits] = []  # the newest last
        self._refused: list[object] = []  # documents of which nobody knows where their bits are
        self._busy = False

    def of(self, side: CompareSource, box: Box) -> float | None:
        """Bits of the side's file in that rectangle; None for what is in no .daub, or while it is not known."""
        document = side.document
        if document is None or any(each is document for each in self._refused):
            return None
        for known in self._kept:
            if known.document is document:
                return known.in_region(*box)
        if not self._busy:
            self._busy = True
            self._background.run_alone(
                lambda: bits_of(document), self._take, lambda failure: self._refuse(document, failure)
            )
        return None

    def _take(self, found: FileBits) -> None:
        self._busy, self._kept = False, [*self._kept, found][-KEPT:]
        self._changed()

    def _refuse(self, document: object, failure: Failure) -> None:
        """Not told: the other figures stand, and the map of bits tells why when it is asked for."""
        self._busy = False
        self._refused.append(document)
        self._changed()
