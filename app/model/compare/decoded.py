"""The sides as pixels, for all that looks at single ones: an image's own, or those decoded from Gaussians."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.compare.comparison import Comparison, content_of
from daub.app.model.picture.picture import WHITE, decode, decode_straight, on_board
from daub.app.model.sources.sides import CompareSource
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.restraint import Restraint
from daub.app.model.work.signal import Signal
from daub.render.eight_bit import as_real, to_8bit

if TYPE_CHECKING:
    from daub.codec.container import Document

BUDGET = 256_000_000  # bytes of decoded pictures that are kept, beside the newest


@dataclass(frozen=True, eq=False)
class _Kept:
    content: object
    generation: int
    is_live: bool
    pixels: np.ndarray  # (H, W, 3) uint8
    shown: np.ndarray  # the same, but for what is transparent
    seconds: float  # that it took


class Decoded:
    """Decodes what it is asked for, one at a time and beside the window.

    Args:
        on_failure: told of every side that cannot be decoded, once.
    """

    def __init__(self, comparison: Comparison, background: Background, on_failure: Callable[[Failure], None]):
        self.changed = Signal()  # more is decoded
        self._comparison, self._background, self._on_failure = comparison, background, on_failure
        self._kept: list[_Kept] = []  # the newest last
        self._refused: list[object] = []
        self._busy = False
        self._restraint = Restraint()

    def get(self, side: CompareSource | None) -> np.ndarray | None:
        """The pixels of a side; `changed` tells when there are some, or newer ones.

        Returns:
            (H, W, 3): float32 in [0, 1] of an image, uint8 of what is decoded; of a live fit perhaps those of some
            moments ago. None where there are none yet.
        """
        if side is None or side.pixels is not None:
            return None if side is None else side.pixels
        content = content_of(side)
        for kept in self._kept:
            if kept.content is content:
                return kept.pixels
        self._begin(side)
        if side.is_live:
            now = self._comparison.generation
            return next((each.pixels for each in self._kept if each.is_live and each.generation == now), None)
        return None

    def shown(self, side: CompareSource | None) -> np.ndarray | None:
        """What is seen of a side, as of `get`: what is transparent lies on a chequerboard rather than on white."""
        pixels = self.get(side)
        return next((kept.shown for kept in self._kept if kept.pixels is pixels), pixels)

    def seconds_of(self, side: CompareSource | None) -> float | None:
        """What its decode has taken; None where it is not decoded yet, or needs not be."""
        content = content_of(side)
        return next((kept.seconds for kept in self._kept if kept.content is content), None)

    def levels(self, side: CompareSource | None, part: tuple[slice, slice]) -> np.ndarray | None:
        """(h, w, 3) uint8: a part of the side, rows and columns; None where `get` gives none."""
        pixels = self.get(side)
        return None if pixels is None else pixels[part] if pixels.dtype == np.uint8 else to_8bit(pixels[part])

    def colour_at(self, side: CompareSource, x: int, y: int) -> np.ndarray | None:
        """(3,) in [0, 1]: the pixel in column x and row y of a side; None where `get` gives none."""
        pixels = self.get(side)
        return None if pixels is None else as_real(pixels[y, x])

    def colour_seen(self, side: CompareSource, x: int, y: int) -> np.ndarray | None:
        """The same at once where a side is a sum of Gaussians, before it is decoded."""
        if side.pixels is not None or side.has_stages:
            return self.colour_at(side, x, y)
        return side.gaussians.value_at(x, y)

    def _begin(self, side: CompareSource) -> None:
        content = content_of(side)
        if self._busy or any(content is refused for refused in self._refused):
            return
        self._busy = True
        generation, size = self._comparison.generation, self._comparison.size

        def work() -> tuple[np.ndarray, np.ndarray, float]:
            began, document = time.monotonic(), _document_of(side, size)
            if document.alpha is None:
                pixels = shown = self._restraint.do(lambda: decode(document, large=True), side.is_live)
            else:
                from daub.codec.transparency import laid_on

                straight = decode_straight(document, large=True)
                pixels, shown = laid_on(straight, WHITE), on_board(straight)
            return pixels, shown, time.monotonic() - began

        def deliver(found: tuple[np.ndarray, np.ndarray, float]) -> None:
            self._keep(_Kept(content, generation, side.is_live, *found))
            self._end()

        def refuse(failure: Failure) -> None:
            self._refused.append(content)
            self._on_failure(failure)
            self._end()

        self._background.run_alone(work, deliver, refuse)

    def _end(self) -> None:
        self._busy = False
        self.changed.emit()

    def _keep(self, new: _Kept) -> None:
        """Forgets older moments of a fit, and what goes beyond the budget."""
        kept, spare = [new], BUDGET
        for each in reversed(self._kept):
            spare -= each.pixels.nbytes
            if spare >= 0 and not each.is_live:
                kept.insert(0, each)
        self._kept = kept


def _document_of(side: CompareSource, size: tuple[int, int]) -> Document:
    if side.document is not None:
        return side.document
    from daub.codec.container import Document

    return Document.unwritten(side.gaussians, *size)
