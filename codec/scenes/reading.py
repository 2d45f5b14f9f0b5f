"""How far the reading of a scene has come, told from wherever it is to whoever asked on the same thread.

Between two formats there is nothing alike but that each has parts; so each says `done` of its own work from 0 to 1, and
whoever calls it says which `part` that is of the whole. What is told may raise, and so give the reading up.

>>> shares = []
>>> with telling(shares.append):
...     with part(0, 0.5):
...         done(0.5)
...     done(1)
>>> shares
[0.25, 1.0]
>>> done(0.5)  # nobody has asked
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from daub.codec.files import open_file, refusals_of_reading
from daub.render.interruption import aside

Result = TypeVar("Result")
COUNT, STOPS = 0, 1  # what a kernel that is counted has done, and whether it is to end: places in its array
_PIECE = 1 << 24  # bytes that are read between two times that it is told


class _Told(threading.local):
    report: Callable[[float], None] | None = None
    low, high = 0.0, 1.0


_told = _Told()


@contextmanager
def telling(report: Callable[[float], None] | None) -> Iterator[None]:
    """Has `done` told to that on this thread, as a share of all, 0 to 1. Args: report: None is told nothing."""
    before = _told.report, _told.low, _told.high
    _told.report, _told.low, _told.high = report, 0.0, 1.0
    try:
        yield
    finally:
        _told.report, _told.low, _told.high = before


@contextmanager
def part(low: float, high: float) -> Iterator[None]:
    """What is done inside goes from one share to another of what is done outside."""
    before = _told.low, _told.high
    wide = before[1] - before[0]
    _told.low, _told.high = before[0] + low * wide, before[0] + high * wide
    try:
        yield
    finally:
        _told.low, _told.high = before


def done(share: float) -> None:
    """So much of this part is. Args: share: 0 to 1."""
    if _told.report is not None:
        _told.report(_told.low + share * (_told.high - _told.low))


def counted(kernel: Callable[[np.ndarray], Result], total: int) -> Result:
    """What becomes of one long kernel, on another thread, while this one tells how much of it is done.

    Args:
        kernel: without the interpreter's lock. It is given (2,) int64: it writes how many of the total it has done into
            COUNT, and may end as soon as STOPS is not 0, as nobody sees then what became of it.
        total: 1 or more.
    """
    counts = np.zeros(2, np.int64)
    tell = None if _told.report is None else lambda: done(int(counts[COUNT]) / total)
    try:
        return aside(lambda: kernel(counts), tell)
    except BaseException:
        counts[STOPS] = 1
        raise


def read_in_pieces(path: Path, limit: int) -> bytes:
    """As `files.read_file`, telling how much of the file is there."""
    with open_file(path, limit, wanted="a scene") as file, refusals_of_reading(path, "open"):
        size = path.stat().st_size
        if size <= _PIECE:
            return file.read()
        pieces, read = [], 0
        while piece := file.read(_PIECE):
            pieces.append(piece)
            read += len(piece)
            done(min(1.0, read / size))
        return b"".join(pieces)
