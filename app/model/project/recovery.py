"""Work that is kept beside, in a folder of the user's, for the case that the program is killed.

    Slot         one window's file there, and a lock that goes with the process, however that ends
    leftovers    files whose window is gone without having removed them: their work can be recovered

Two windows, or two runs of the program, never take each other's: whoever has the lock of a file has the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from daub.app.model.project.format import SUFFIX, About, read_about
from daub.app.model.work.state_folder import state_folder
from daub.codec.errors import DaubError
from daub.codec.files import refusals_of_writing
from daub.codec.part_files import remove_stale

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_NAME = re.compile(r"[0-9a-f]{16}")
_LOCK = ".lock"


@dataclass(frozen=True, eq=False)
class Leftover:
    """Work whose window is gone.

    Args:
        slot: name of its file, without the suffix.
        path: of its file.
        about: what that says of itself.
        thumbnail: (h, w, 3) uint8, None where there is none.
    """

    slot: str
    path: Path
    about: About
    thumbnail: np.ndarray | None


def recovery_folder() -> Path:
    """The folder that DAUB_STATE_DIR names, or else the user's folder for the state of Daub."""
    return state_folder("recovery")


class Slot:
    """One window's file.

    Args:
        folder: which is made where it is missing.
        name: of a leftover whose file is taken over; None for a new one.

    Raises:
        DaubError: the folder takes no file.
        TakenError: another window has that one, or it is gone.
    """

    def __init__(self, folder: Path, name: str | None = None):
        is_new = name is None
        name = os.urandom(8).hex() if is_new else name
        self.path = folder / f"{name}{SUFFIX}"
        with refusals_of_writing(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _take(self.path.with_suffix(_LOCK))
        if self._lock is None or not (is_new or self.path.exists()):
            self.release(remove=False)
            raise TakenError

    def release(self, remove: bool) -> None:
        """Lets go of it. Args: remove: nobody needs the file any more."""
        if self._lock is None:
            return
        with suppress(OSError):
            if remove:
                self.path.unlink(missing_ok=True)
            if not self.path.exists():
                self.path.with_suffix(_LOCK).unlink(missing_ok=True)
        self._lock.close()
        self._lock = None


class TakenError(Exception):
    """Another window has that work, or nobody has it any more."""


def leftovers(folder: Path) -> list[Leftover]:
    """The work of windows that are gone, the newest first; beside the window. Nothing is taken."""
    found = []
    for name in _names(folder):
        path = folder / f"{name}{SUFFIX}"
        try:
            lock = _take(path.with_suffix(_LOCK))
        except OSError:
            continue
        if lock is None:
            continue
        with lock:
            if not path.exists():  # a window that had nothing to keep yet
                with suppress(OSError):
                    path.with_suffix(_LOCK).unlink()
                continue
        with suppress(DaubError):
            found.append(Leftover(name, path, *read_about(path)))
    remove_stale(folder)
    return sorted(found, key=lambda leftover: -leftover.about.saved)


def discard(leftover: Leftover) -> None:
    """Removes it, unless another window has taken it."""
    with suppress(TakenError):
        Slot(leftover.path.parent, leftover.slot).release(remove=True)


def _names(folder: Path) -> Iterator[str]:
    with suppress(OSError):
        names = {Path(name).stem for name in os.listdir(folder) if Path(name).suffix in (SUFFIX, _LOCK)}
        yield from sorted(name for name in names if _NAME.fullmatch(name))


def _take(path: Path) -> BinaryIO | None:
    """Locks a file, in which the number of this process stands then; None where another has it.

    Raises:
        OSError: it cannot be made.
    """
    file = open(path, "a+b")  # noqa: SIM115, closed by whoever gets it
    try:
        if fcntl is not None:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return _signed(file)
            file.close()
            return None
        is_taken = _holder_lives(file)
    except OSError:  # a file system without locks: whoever is named there has it while he lives
        is_taken = _holder_lives(file)
    if is_taken:
        file.close()
        return None
    return _signed(file)


def _signed(file: BinaryIO) -> BinaryIO:
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return file


def _holder_lives(file: BinaryIO) -> bool:
    file.seek(0)
    number = file.read(20)
    if not number.isdigit():
        return False
    if os.name != "posix":  # where a signal would end it; a file that is open cannot be removed there anyway
        return int(number) == os.getpid()
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
