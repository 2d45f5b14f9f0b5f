"""Kernels that are being compiled: noticing it, as each takes seconds in which nothing else comes of the work, and
having another process compile some meanwhile.

That is so the first time that a kernel is given arrays of a kind, in a fresh installation; from then on it is read from
its folder, of which nobody is told.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from numba.core.dispatcher import Dispatcher
from numba.core.event import Event, Listener, install_listener

from daub.render.interruption import PATIENCE, go_on

_LONGEST = 600.0  # seconds that are waited for another process, which takes one or two minutes


class _Told(threading.local):
    tell: Callable[[], object] | None = None


_told = _Told()


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
    """Calls `tell`, on this thread, before each kernel that is compiled on it, or waited for, in the course of the
    block."""
    before, _told.tell = _told.tell, tell
    try:
        with install_listener("numba:compile", _Noticing(tell)):
            yield
    finally:
        _told.tell = before


def is_compiled(kernel: Dispatcher) -> bool:
    """Whether a kernel lies in the folder of compiled kernels, for the sources as they are and arrays of some kind."""
    function = kernel.py_func
    name = f"{Path(function.__code__.co_filename).stem}.{function.__name__}"
    return any(Path(kernel.stats.cache_path).glob(f"{name}-*.nbi"))


class Beside:
    """Another process that compiles kernels into the folder in which this one finds them, and ends with this one.

    >>> other = Beside()
    >>> other.begin(["sleep", "0.1"])
    >>> other.wait(), other.is_busy
    (None, False)
    """

    def __init__(self):
        self._process: subprocess.Popen | None = None

    @property
    def is_busy(self) -> bool:
        """It has begun and not ended."""
        process = self._process
        return process is not None and process.poll() is None

    def begin(self, command: Sequence[str]) -> None:
        """Starts it, unless one is busy, or no further process may be started."""
        silent = subprocess.DEVNULL
        if not self.is_busy:
            try:
                self._process = subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent)
            except OSError:  # this process compiles everything
                self._process = None

    def wait(self) -> None:
        """Returns when it is not busy, however it has ended: what it has not compiled, whoever needs it will.

        Raises:
            GivenUp: what it is waited for is not wanted any more; it goes on.
        """
        end = time.monotonic() + _LONGEST
        while self.is_busy and time.monotonic() < end:
            if _told.tell is not None:
                _told.tell()
            go_on()
            time.sleep(PATIENCE)


beside = Beside()  # the one of this process
