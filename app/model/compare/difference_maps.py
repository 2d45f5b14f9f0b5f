"""Differences that look at more than one pixel: FLIP and SSIM, worked out beside the window and kept for the next look.

view shows FLIP --> DifferenceMaps.get --> sides as pixels (`decoded.py`) --> map, kept by what it is of
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.difference import Difference
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.restraint import Restraint
from daub.app.model.work.signal import Signal
from daub.render.eight_bit import as_real

KEPT = 6  # maps; more only where they are small
BUDGET = 128_000_000  # bytes of them beside the newest


@dataclass(frozen=True, eq=False)
class DifferenceMap:
    """One that is worked out.

    Args:
        kind: FLIP or SSIM.
        a, b: pixels of the sides, as of `Decoded.get`.
        generation: of the comparison.
        errors: (H, W) float16, 0 where nothing differs: FLIP, or 1 - SSIM.
        mean: of them.
    """

    kind: Difference
    a: np.ndarray
    b: np.ndarray
    generation: int
    errors: np.ndarray
    mean: float


class DifferenceMaps:
    """Works out one at a time; gives up one that nobody looks at any more.

    Attributes:
        refused: why there is no map of a kind, by kind, where that does not work at all.
    """

    def __init__(self, comparison: Comparison, decoded: Decoded, background: Background):
        self.changed = Signal()  # another map is there, or there is none
        self.refused: dict[Difference, str] = {}
        self._comparison, self._decoded, self._background = comparison, decoded, background
        self._kept: list[DifferenceMap] = []  # the newest last
        self._wanted: tuple[Difference, int] | None = None  # kind and generation
        self._busy = False
        self._restraint = Restraint()
        decoded.changed.connect(self.changed.emit)
        comparison.changed.connect(self._look_at_sides)

    def get(self, kind: Difference) -> DifferenceMap | None:
        """The map of the sides as they are, or of a fit as it was some moments ago; `changed` tells of a newer one."""
        self._wanted = kind, self._comparison.generation
        a, b = (self._decoded.get(side) for side in self._comparison.sides)
        newest = None
        for found in self._kept:
            if (found.kind, found.generation) == self._wanted:
                newest = found
            if found.kind is kind and found.a is a and found.b is b:
                return found
        if a is not None and b is not None:
            self._begin(kind, a, b)
        return newest

    def forget(self) -> None:
        """Nobody looks at one: what is being worked out is given up."""
        self._wanted = None

    def _begin(self, kind: Difference, a: np.ndarray, b: np.ndarray) -> None:
        if self._busy or kind in self.refused:
            return
        self._busy, asked, is_live = True, (kind, self._comparison.generation), self._comparison.is_live

        def is_wanted() -> bool:
            return self._wanted == asked

        def work() -> DifferenceMap | None:
            errors = self._restraint.do(lambda: measured(kind, as_real(a), as_real(b), is_wanted), is_live)
            if errors is None:
                return None
            mean = float(errors.mean(dtype=np.float64))
            return DifferenceMap(kind, a, b, asked[1], errors.astype(np.float16), mean)

        self._background.run_alone(work, self._take, lambda failure: self._refuse(kind, failure))

    def _take(self, found: DifferenceMap | None) -> None:
        if found is not None:
            self._keep(found)
        self._busy = False
        self.changed.emit()

    def _refuse(self, kind: Difference, failure: Failure) -> None:
        self.refused[kind] = failure.line
        self._busy = False
        self.changed.emit()

    def _keep(self, new: DifferenceMap) -> None:
        """Forgets the former one of a fit that has gone on, and what goes beyond the budget."""
        kept, spare = [new], BUDGET
        for each in reversed(self._kept):
            spare -= each.errors.nbytes
            if spare >= 0 and len(kept) < KEPT and (each.kind, each.generation) != (new.kind, new.generation):
                kept.insert(0, each)
        self._kept = kept

    def _look_at_sides(self) -> None:
        if self._wanted is not None:
            self.changed.emit()


def measured(kind: Difference, a: np.ndarray, b: np.ndarray, wanted: Callable[[], bool]) -> np.ndarray | None:
    """(H, W) float32: the errors of B against A, both (H, W, 3) float32 in [0, 1]; None once they are not wanted.

    Args:
        kind: FLIP or SSIM.
        wanted: asked now and then.

    Raises:
        DaubError: FLIP cannot be measured, as where its package is not installed.
    """
    if kind is Difference.FLIP:
        from daub.codec.evaluation.flip import flip_map

        return flip_map(a, b, wanted)
    from daub.codec.evaluation.metrics import ssim_map

    similarity = ssim_map(a, b, wanted)
    return None if similarity is None else 1 - similarity
