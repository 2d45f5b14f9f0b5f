"""About how large the file of a fit under way would be, not worked out so often that the fit would suffer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from daub.codec.progress import EncodeProgress
    from daub.codec.recipe import Recipe

_EVERY = 0.4  # seconds between two estimates ...
_SHARE = 0.1  # ... which may take this share of the time


class SizeEstimate:
    """Of one fit.

    Args:
        pixels: (H, W, 3), the image.
        news: whether something else is wanted by now, which must not wait for an estimate.
    """

    def __init__(self, pixels: np.ndarray, recipe: Recipe, news: Callable[[], bool]):
        self._size = pixels.shape[1], pixels.shape[0]
        self._recipe, self._news = recipe, news
        self._last: int | None = None
        self._made = 0.0  # when the last one was there
        self._seconds = 0.0  # what it took

    def __call__(self, record: EncodeProgress, at_once: bool) -> int | None:
        """Bytes of a file of what a record of the fit has; those of one before where it is too early for another.

        Args:
            at_once: it is never too early: nothing else is going on.
        """
        began = time.perf_counter()
        due = self._made + max(_EVERY, self._seconds / _SHARE)
        if (began < due and not at_once) or self._news():
            return self._last
        from daub.codec.rate.estimate import estimate_bytes

        self._last = estimate_bytes(record.gaussians, *self._size, record.error, self._recipe)
        self._made = time.perf_counter()
        self._seconds = self._made - began
        return self._last
