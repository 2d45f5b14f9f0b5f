"""Work about a fit that goes on, done again and again: it must not take the machine from the fit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

REST = 2.0  # the fit gets this many times what a piece of work took to itself ...
LONGEST = 2.0  # ... but not more seconds


class Restraint:
    """One for each kind of work, of which no two pieces run at once."""

    def __init__(self):
        self._seconds = 0.0  # that the last piece took

    def do(self, work: Callable[[], T], is_live: bool) -> T:
        """Works, on the thread that asks, after a rest where a fit goes on."""
        if is_live:
            time.sleep(min(REST * self._seconds, LONGEST))
        began = time.perf_counter()
        try:
            return work()
        finally:
            self._seconds = time.perf_counter() - began
