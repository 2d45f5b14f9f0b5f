"""The slot through which a worker shows its newest state: readers never wait and never see an old one twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds the newest value and its version; values are immutable, so a reader may keep what it got.

    Args:
        value: the first value, version 0.
        notify: called by the writing thread, once per batch: again only after the reader has taken a value. A reader
            slower than the writer therefore gets fewer messages, not a longer queue of them.
    """

    def __init__(self, value: T, notify: Callable[[], None]):
        self._value = value
        self._version = 0
        self._announced = False
        self._notify = notify
        self._lock = threading.Lock()

    def publish(self, value: T) -> None:
        with self._lock:
            self._value = value
            self._version += 1
            announce, self._announced = not self._announced, True
        if announce:
            self._notify()

    def take(self) -> tuple[T, int]:
        """The newest value and its version; the next publication is announced again."""
        with self._lock:
            self._announced = False
            return self._value, self._version

    def peek(self) -> T:
        """The newest value, for the writer itself."""
        return self._value
