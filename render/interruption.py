"""Work that whoever asked for it may give up from another thread: what takes long asks now and then whether to go on.

A generator of progress records is ended between two of them. Of a large picture what lies between may take a second, so
everything that works on whole pictures calls `go_on` besides, at least once for each kernel: on a thread that has said
who is to be asked, this ends the work where it stands, and on all others it does nothing.

    >>> with while_wanted(lambda: True):
    ...     go_on()
    >>> with while_wanted(lambda: False):
    ...     go_on()
    Traceback (most recent call last):
        ...
    daub.render.interruption.GivenUp
    >>> go_on()
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class GivenUp(Exception):
    """Nobody wants what was being worked on, which is left half done."""


class _Asked(threading.local):
    wanted: Callable[[], bool] | None = None


_asked = _Asked()


@contextmanager
def while_wanted(wanted: Callable[[], bool]) -> Iterator[None]:
    """Has `go_on` raise on this thread once something is no longer wanted. Args: wanted: asked often, so quick."""
    before, _asked.wanted = _asked.wanted, wanted
    try:
        yield
    finally:
        _asked.wanted = before


def go_on() -> None:
    """Returns, or raises GivenUp where this thread's work is not wanted any more."""
    if _asked.wanted is not None and not _asked.wanted():
        raise GivenUp
