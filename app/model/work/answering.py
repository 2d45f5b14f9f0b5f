"""What a process does that works for another one: `other_process` has its other end.

It ends with whoever started it, whatever it is at.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn

import numpy as np

from daub.codec.part_files import abandon_all

FOLDER = "daub-other-"  # how the name of its folder for temporary files begins, which is its own


class Answers:
    """Takes requests from stdin and sends answers to stdout, which from then on is closed to everybody else."""

    def __init__(self):
        self._stream = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a library prints is no answer
        self._requests: queue.SimpleQueue = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def requests(self) -> Iterator[tuple[dict, list[np.ndarray]]]:
        """As they come; without an end of its own."""
        while True:
            yield self._requests.get()

    def pending(self, waits: bool = False) -> list[tuple[dict, list[np.ndarray]]]:
        """Those that have come meanwhile, none as a rule. Args: waits: for the first, where there is none."""
        found = [self._requests.get()] if waits else []
        while not self._requests.empty():
            found.append(self._requests.get())
        return found

    def send(self, head: dict, arrays: Sequence[np.ndarray] = ()) -> None:
        """Ends the process where nobody listens."""
        try:
            send(self._stream, head, arrays)
        except BrokenPipeError:
            _end()

    def _listen(self) -> None:
        while True:
            try:
                request = receive(sys.stdin.buffer)
            except (EOFError, ValueError):
                _end()
            self._requests.put(request)


def send(stream: BinaryIO, head: dict, arrays: Sequence[np.ndarray] = ()) -> None:
    """Writes a head and arrays of any shape; raises OSError where nobody reads."""
    arrays = [np.ascontiguousarray(array) for array in arrays]
    kinds = [(array.shape, array.dtype.str) for array in arrays]
    stream.write(json.dumps(head | {"arrays": kinds}).encode() + b"\n")
    for array in arrays:
        stream.write(array.reshape(-1).view(np.uint8))
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict, list[np.ndarray]]:
    """Reads what `send` wrote.

    Raises:
        EOFError: it ends before.
        ValueError: or in the middle of the head.
    """
    line = stream.readline()
    if not line:
        raise EOFError
    head = json.loads(line)
    arrays = []
    for shape, kind in head.pop("arrays"):
        array = np.empty(shape, kind)
        view, done = memoryview(array.reshape(-1).view(np.uint8)), 0
        while done < len(view):
            read = stream.readinto(view[done:])
            if not read:
                raise EOFError
            done += read
        arrays.append(array)
    return head, arrays


def _end() -> NoReturn:
    """Ends the process when nobody is there any more to work for, and leaves nothing."""
    abandon_all()
    folder = Path(tempfile.gettempdir())
    if folder.name.startswith(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "getpgid") and os.getpgid(0) == os.getpid():  # with what libraries have started
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
