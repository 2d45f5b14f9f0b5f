"""Notices that kernels are being compiled: each takes seconds, and nothing else comes of the work meanwhile.

That is so the first time that a kernel is given arrays of a kind, in a fresh installation; from then on it is read from
its folder, of which nobody is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from numba.core.event import Event, Listener, install_listener


class _Noticing(Listener):
    """Tells of what begins on the thread that has made it."""

    def __init__(self, tell: Callable[[], object]):
        self._tell, self._thread = tell, threading.get_ident()

    def on_start(self, event: Event) -> None:
        if threading.get_ident() == self._thread:
            self._tell()

    def on_end(self, event: Event) -> None:
        pass


@contextmanager
def noticed(tell: Callable[[], object]) -> Iterator[None]:
    """Calls `tell`, on this thread, before each kernel that is compiled on it in the course of the block."""
    with install_listener("numba:compile", _Noticing(tell)):
        yield
