"""Work that whoever asked for it may give up from another thread: what takes long asks now and then whether to go on.

A generator of progress records is ended between two of them. Of a large picture what lies between may take a second, so
everything that works on whole pictures calls `go_on` besides, at least once for each kernel: on a thread that has said
who is to be asked, this ends the work where it stands, and on all others it does nothing. What is one long kernel, and
cannot be cut into several, is done `aside`.

    >>> with while_wanted(lambda: True):
    ...     go_on()
    >>> with while_wanted(lambda: False):
    ...     go_on()
    Traceback (most recent call last):
        ...
    daub.render.interruption.GivenUp
    >>> go_on()
    >>> with while_wanted(lambda: True):
    ...     aside(lambda: 6 * 7)
    42
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")
PATIENCE = 0.05  # seconds between two times that it is asked whether what is done aside is wanted


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


def aside(work: Callable[[], Result], meanwhile: Callable[[], object] | None = None) -> Result:
    """What becomes of work that asks nobody, on another thread, while this one does; at once where none is asked.

    Args:
        work: without the interpreter's lock for most of its time. Given up, it comes to its end all the same, and
            nobody sees what became of it, so it may change nothing.
        meanwhile: called on this thread each time that it is asked; what it raises gives the work up.

    Raises:
        GivenUp: it is not wanted any more.
    """
    if _asked.wanted is None and meanwhile is None:
        return work()
    from concurrent.futures import Future

    done: Future = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, name="daub-aside", daemon=True).start()
    while True:
        try:
            return done.result(PATIENCE)
        except TimeoutError:
            if done.done():  # it was the work that raised it
                raise
            go_on()
            if meanwhile is not None:
                meanwhile()
