"""The process as a whole: how a signal ends it, and streams that are closed, full, or read by nobody.

    guard()                      before anything that takes time is imported
    at_stop(abandon_all)         what a signal must not leave behind
    end(run_the_command())       the exit code

Ctrl-C, SIGTERM and SIGHUP end the process with one line on stderr and the code 128 + the number of the signal, whatever
it is at: also while modules are imported, while a kernel is compiled, and in a callback that would swallow an
exception. Python itself runs the handler of a signal in the main thread only, between two of its instructions, so that
a kernel which takes seconds would hold it up; a thread of its own waits for the signal instead. What comes before
`guard` is Python's own start, where an interrupt is its traceback: this module imports next to nothing.
"""

from __future__ import annotations

import atexit
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

_CAUSES = {"SIGINT": "Ctrl-C", "SIGTERM": "the signal SIGTERM", "SIGHUP": "the end of its terminal"}
STOPPED = "no file is left half written, run it again"

# Taken once, for good, by whoever ends the process: a thread that comes second waits until it has ended. A signal that
# is handled amid the end by another one comes in the same thread, and may go on.
_ENDING = threading.RLock()

_at_stop: list[Callable[[], None]] = []


def guard() -> None:
    """Takes the signals over, and makes sure that all three streams can be written to or read from.

    A signal that whoever started the process has switched off, as nohup does, stays off.
    """
    _settle_streams()
    for name in _CAUSES:
        number = getattr(signal, name, None)  # Windows lacks some
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: _stop(number))
    if os.name != "posix":  # where only a socket can take signals
        return
    receiver, sender = os.pipe()
    os.set_blocking(sender, False)
    signal.set_wakeup_fd(sender, warn_on_full_buffer=False)
    with suppress(RuntimeError):  # no thread to be had: the handler alone has to do
        threading.Thread(target=_watch, args=(receiver,), name="signals", daemon=True).start()


def release() -> None:
    """Leaves the signals to the system again, for an end that the interpreter takes care of."""
    for name in _CAUSES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def at_stop(remove: Callable[[], None]) -> None:
    """`remove` is called before a signal ends the process, from any thread and amid anything."""
    _at_stop.append(remove)


def end(code: int) -> None:
    """Ends the process without what the interpreter does last, which has nothing to do here.

    It takes longer than a decode, a Ctrl-C in it is a traceback, and threads of numeric libraries may hang in it.
    """
    with suppress(Exception):
        atexit._run_exitfuncs()  # such as the one that removes the cache of matplotlib, where there is no home
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    _ENDING.acquire()
    os._exit(code)


def _watch(receiver: int) -> None:
    while True:
        number = os.read(receiver, 1)[0]
        if signal.Signals(number).name in _CAUSES:  # others that somebody handles are told here, too
            _stop(number)


def _stop(number: int) -> None:
    if not _ENDING.acquire(blocking=False):
        return  # another thread is at it, and may wait for what this one holds
    terminal = 2
    with suppress(OSError):
        terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # other threads go on for some moments, and have nothing to say any more
        os.dup2(nowhere, 2)
    for remove in _at_stop:
        with suppress(Exception):  # the others must be removed all the same
            remove()
    with suppress(OSError):
        clear = "\r\x1b[K" if os.isatty(terminal) else ""  # a line of progress
        os.write(terminal, f"{clear}daub: stopped by {_CAUSES[signal.Signals(number).name]}, {STOPPED}\n".encode())
    os._exit(128 + number)


def _settle_streams() -> None:
    """Opens the streams that are closed, on nothing: the next file that is opened would take the place of one.

    What cannot be written to stderr is dropped from now on: nothing is to fail because nobody listens.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # which takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, for as long as the process
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    sys.stderr = io.TextIOWrapper(
        _Unfailing(2, "wb", closefd=False), encoding, "backslashreplace", line_buffering=True, write_through=True
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may be of any bytes


class _Unfailing(io.FileIO):
    """A stream whose reader may go, or whose disk may fill up."""

    def write(self, data) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)
