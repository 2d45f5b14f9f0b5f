"""The two sides that are compared at this moment, for whoever measures how they differ.

window --- show ---> Comparison --- changed ---> Decoded, DifferenceMaps, Region
"""

from __future__ import annotations

import numpy as np

from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.work.signal import Signal

_NO_SOURCE = "There is no source picture to measure against"


class Comparison:
    """What is compared.

    Attributes:
        sides: A and B, None where there is nothing yet.
        reference: (H, W, 3) float32 in [0, 1]: the picture that both shall be like, None where there is none.
        size: width and height of the picture, pixels.
        why_no_reference: "" where there is one.
        generation: another number where a side is another thing, rather than the same fit a moment later.
    """

    def __init__(self):
        self.changed = Signal()
        self.sides: Sides = None, None
        self.reference: np.ndarray | None = None
        self.size = (0, 0)
        self.why_no_reference = ""
        self.generation = 0

    def show(self, sides: Sides, reference: np.ndarray | None, size: tuple[int, int], why: str = "") -> None:
        """From now on these are compared. Args: as the attributes; why: there is no reference, where it is known."""
        self.why_no_reference = "" if reference is not None else why or _NO_SOURCE
        pairs = list(zip(self.sides, sides, strict=True))
        same = size == self.size and reference is self.reference
        if not same or not all(content_of(old) is content_of(new) or _goes_on(old, new) for old, new in pairs):
            self.generation += 1
        elif all(content_of(old) is content_of(new) for old, new in pairs):
            self.sides = sides
            return
        self.sides, self.reference, self.size = sides, reference, size
        self.changed.emit()

    @property
    def is_live(self) -> bool:
        """A fit goes on at one of the sides."""
        return any(side is not None and side.is_live for side in self.sides)


def content_of(side: CompareSource | None) -> object:
    """What makes the picture of a side: the same object, the same picture."""
    if side is None:
        return None
    return side.pixels if side.pixels is not None else side.document or side.gaussians


def _goes_on(old: CompareSource | None, new: CompareSource | None) -> bool:
    """They are the same fit at two moments."""
    return old is not None and new is not None and old.is_live and new.is_live
