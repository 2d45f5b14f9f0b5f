"""About how large the file of a fit under way would be, not worked out so often that the fit would suffer.

For half a million Gaussians that takes half a second, so it is done on a thread of its own, and the fit goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from daub.codec.progress import EncodeProgress
    from daub.codec.recipe import Recipe

_EVERY = 0.4  # seconds between two estimates ...
_SHARE = 0.1  # ... which may take this share of the time
_PATIENCE = 0.05  # seconds that are waited for one: those of small pictures are there by then


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
        self._under_way: Future | None = None
        self._began = 0.0
        self._due = 0.0  # when there may be another

    def __call__(self, record: EncodeProgress, at_once: bool) -> int | None:
        """Bytes of a file of what a record of the fit has; those of one before where it is too early for another.

        Args:
            at_once: it is never too early: nothing else is going on.
        """
        from daub.codec.compiling import coder_is_compiled_beside

        self._take(at_once)
        is_due = self._under_way is None and (at_once or time.perf_counter() >= self._due) and not self._news()
        if is_due and not coder_is_compiled_beside():
            self._begin(record)
            self._take(at_once)
        return self._last

    def _begin(self, record: EncodeProgress) -> None:
        from daub.codec.rate.estimate import estimate_bytes

        estimate = self._under_way = Future()
        self._began = time.perf_counter()

        def run() -> None:
            try:
                estimate.set_result(estimate_bytes(record.gaussians, *self._size, record.error, self._recipe))
            except BaseException as error:
                estimate.set_exception(error)

        threading.Thread(target=run, name="daub-estimate", daemon=True).start()

    def _take(self, waits: bool) -> None:
        """What has come of the one under way. Args: waits: for it, unless something else is wanted."""
        estimate = self._under_way
        if estimate is None:
            return
        until = self._began + _PATIENCE
        while not estimate.done() and (time.perf_counter() < until or (waits and not self._news())):
            wait([estimate], _PATIENCE)
        if estimate.done():
            now = time.perf_counter()
            self._last, self._under_way = estimate.result(), None
            self._due = now + max(_EVERY, (now - self._began) / _SHARE)
