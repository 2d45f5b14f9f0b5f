"""A process that works for this one, and can be killed in a moment with all that it has started and left in files.

    this one                                     the other: answering.py
    OtherProcess.send ------ head, arrays ----->  receive
                 .receive <-- head, arrays -----  send

A head is one line of JSON; arrays follow it as they lie in memory, their shapes and kinds named in the head.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import numpy as np

from daub.app.model.work.answering import FOLDER, receive, send
from daub.codec.errors import DaubError

try:
    import fcntl
except ImportError:  # no POSIX
    fcntl = None

_PIPE = 1 << 20  # bytes that it holds: as much as Linux lets anybody have


class GivenUp(Exception):
    """Nobody waits for the answer any more."""


class Refusal(DaubError):
    """The line of an error in the other process, with its traceback as the cause."""

    def __init__(self, line: str, details: str):
        Exception.__init__(self, line)
        self.__cause__ = _Details(details)


class _Details(Exception):
    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def _widen(pipe: IO[bytes]) -> None:
    """Arrays pass with fewer changes from one process to the other, in half the time."""
    if fcntl is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # somebody has forbidden it
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


class OtherProcess:
    """The other process, and whatever else its libraries start or leave in files.

    Args:
        command: starts it.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str]):
        self._folder = tempfile.mkdtemp(prefix=FOLDER)  # for its temporary files, which a kill would leave
        environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder)
        try:
            # A session of its own is a group that can be killed as a whole, and gets no Ctrl-C of the terminal.
            self._popen = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        _widen(self._popen.stdout)
        self.pid = self._popen.pid

    @property
    def has_ended(self) -> bool:
        """By itself, or by the system for want of memory."""
        return self._popen.poll() is not None

    def send(self, head: dict, arrays: Sequence[np.ndarray] = ()) -> None:
        """Raises OSError where nobody is there."""
        send(self._popen.stdin, head, arrays)

    def receive(self) -> tuple[dict, list[np.ndarray]]:
        """Waits for the next answer. Raises ValueError or EOFError where there is none, or half of one."""
        return receive(self._popen.stdout)

    def kill(self) -> None:
        """Returns at once; from any thread."""
        if hasattr(os, "killpg"):
            with suppress(OSError):  # it has ended
                os.killpg(self.pid, signal.SIGKILL)
        else:
            self._popen.kill()

    def bury(self) -> int | None:
        """Waits for the end of what was killed, but not for a disk that hangs; its code, None if it has not ended."""
        with suppress(OSError):  # what could not be written to it any more
            self._popen.stdin.close()
        self._popen.stdout.close()
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(0.2)
        shutil.rmtree(self._folder, ignore_errors=True)
        return self._popen.returncode
