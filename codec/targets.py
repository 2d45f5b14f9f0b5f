"""Whether a file can be written, asked before the work that makes it rather than after.

A fit takes minutes: a folder that is missing or read-only, a target that is a device, or the very file that is read, is
found out before. What can still fail then is what nobody can know: a disk that fills up meanwhile.

>>> import tempfile
>>> folder = tempfile.mkdtemp()
>>> check_target(f"{folder}/photo.daub")
>>> check_target(f"{folder}/photos")
>>> os.listdir(folder)
[]
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from daub.codec.errors import DaubError
from daub.codec.files import refusals_of_writing, replaceable
from daub.codec.part_files import part_file

_MOUNTS = "/proc/self/mountinfo"


@dataclass(frozen=True)
class Replacing:
    """What a new file may take the place of.

    Args:
        files: of any file of its name.
        sources: even of a file that it is made from.
    """

    files: bool = True
    sources: bool = False


ANYTHING_BUT_SOURCES = Replacing()


def check_target(
    path: str | os.PathLike,
    sources: Iterable[str | os.PathLike] = (),
    replacing: Replacing = ANYTHING_BUT_SOURCES,
    room: int = 0,
) -> None:
    """Refuses a file that cannot be written, by writing a part file beside it, which goes again.

    Args:
        path: the file.
        sources: what is read for it.
        room: bytes that it will take at least.

    Raises:
        DaubError: no such folder, not permitted, disk full, `path` is not an ordinary file, is a source, or must not be
            replaced.
    """
    if not replacing.sources and any(same_file(path, source) for source in sources):
        raise DaubError(
            f"cannot write {os.fspath(path)}", "it is the source, which would be lost", "choose another name"
        )
    with refusals_of_writing(path):
        real = Path(os.path.realpath(path))
        if os.path.islink(real):  # what is left of links that lead in a circle
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if replaceable(real, replacing.files) is not None:
            _check_may_be_renamed_over(real)
        with part_file(real.parent) as file:
            file.write(b"\0")
            file.flush()
            if room > _free(file.fileno()):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def check_distinct(paths: Iterable[str | os.PathLike]) -> None:
    """Refuses files of which one would be written over another.

    Raises:
        DaubError: two of them are one.
    """
    before: list[str | os.PathLike] = []
    for path in paths:
        if any(same_file(path, other) for other in before):
            raise DaubError(f"cannot write {os.fspath(path)}", "another output has that name", "choose another name")
        before.append(path)


def same_file(path: str | os.PathLike, other: str | os.PathLike) -> bool:
    """Whether two paths lead to one file, by whatever names and links, be it there or not."""
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):  # one of them is not there, or no name at all
        pass
    try:
        return os.path.realpath(path) == os.path.realpath(other)
    except ValueError:
        return False


def _check_may_be_renamed_over(path: Path) -> None:
    """OSError where the system lets nobody, or not this user, put another file in the place of that one."""
    folder, file = os.stat(path.parent), os.stat(path)
    if os.name == "posix" and folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, folder.st_uid, file.st_uid):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))  # as in /tmp: only the owner takes a file away
    if _is_mounted(path):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


def _is_mounted(path: Path) -> bool:
    """Whether the file is a mount of its own, as containers get single files."""
    try:
        mounts = Path(_MOUNTS).read_bytes()
    except OSError:
        return False  # not Linux
    escaped = os.fsencode(path).replace(b"\\", rb"\134").replace(b" ", rb"\040").replace(b"\n", rb"\012")
    return any(line.split(b" ")[4:5] == [escaped.replace(b"\t", rb"\011")] for line in mounts.splitlines())


def _free(descriptor: int) -> int:
    """Bytes that may still be written to the file system of an open file; of those that do not say, any number."""
    try:
        status = os.fstatvfs(descriptor)
    except (OSError, AttributeError):  # AttributeError: Windows
        return 1 << 62
    return status.f_bavail * status.f_frsize if status.f_blocks else 1 << 62
