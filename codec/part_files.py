"""Files under way: content that has not taken its name yet, and what of it a killed run has left behind.

A file is written beside its target as `.daub-<16 hexadecimal digits>.part` and takes the name when it is whole (a
rename is atomic only within a file system). Whoever writes holds a lock on it, which the system drops when the process
ends, however that ends: a part file that is a minute old and not locked belongs to nobody, and the next write in its
folder removes it.
"""

from __future__ import annotations

import os
import re
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, which removes no file that is open
    fcntl = None

_PART = re.compile(r"\.daub-[0-9a-f]{16}\.part")
_YOUNG = 60.0  # seconds: in less, a file may be made and not yet locked

# Held while a part file is made, or takes its name: `abandon_all` holds it for good, so that nothing happens after it.
# One thread may take it again, as a signal is handled amid whatever the thread was at.
SETTLING = threading.RLock()

_under_way: dict[Path, Callable[[Path], None]] = {}  # what to remove at the end by a signal, and how


@contextmanager
def part_file(folder: Path) -> Iterator[BinaryIO]:
    """A new file in that folder, open for writing and locked; its `name` is its path.

    However the block ends, the file is closed, and removed unless it has been renamed.

    Raises:
        OSError: the folder takes no file.
    """
    remove_stale(folder)
    # Short and unrelated to the name of the target, which may be as long as the file system allows.
    path = folder / f".daub-{os.urandom(8).hex()}.part"
    with under_way(path, Path.unlink):
        with SETTLING:
            # x: never through a file or link that somebody put there first.
            file = open(path, "xb")  # noqa: SIM115, closed below
        with file:
            if fcntl is not None:
                with suppress(OSError):  # a file system without locks: nobody can take one to remove it, either
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for files that nobody is to keep, gone at the end, also where a signal ends the process."""
    import shutil  # neither is needed to write a file, which is to start quickly
    import tempfile

    path = Path(tempfile.mkdtemp(prefix="daub-"))
    with under_way(path, shutil.rmtree):
        yield path


@contextmanager
def under_way(path: Path, remove: Callable[[Path], None]) -> Iterator[None]:
    """Sees to it that nothing is at `path` when the block has ended, also where a signal ends the process in it."""
    _under_way[path] = remove
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            remove(path)
        _under_way.pop(path, None)


def abandon_all() -> None:
    """Removes whatever is under way. The process has to end right after it: no file takes its name any more."""
    SETTLING.acquire(timeout=1)  # a disk that does not answer must not keep the process
    for path, remove in list(_under_way.items()):
        with suppress(OSError):
            remove(path)


def remove_stale(folder: Path) -> None:
    """Removes the part files in a folder that no process writes any more, as far as that is permitted."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_if_stale(Path(entry.path))


def _remove_if_stale(path: Path) -> None:
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode) or time.time() - status.st_mtime < _YOUNG:
        return
    with open(path, "r+b") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # OSError: somebody has it
            path.unlink()
    if fcntl is None:
        path.unlink()
