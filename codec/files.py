"""Writing a file so that a reader sees the old content or the new, never a part of it."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

from daub.codec.errors import DaubError

_CAUSES = {
    errno.ENOENT: ("there is no such folder", "create it or choose another"),
    errno.ENOTDIR: ("a part of that path is a file, not a folder", "choose another folder"),
    errno.EACCES: ("permission denied", "choose a folder you may write to"),
    errno.EPERM: ("permission denied", "choose a folder you may write to"),
    errno.EROFS: ("the disk is read-only", "choose a folder you may write to"),
    errno.ENOSPC: ("the disk is full", "free some space or choose another disk"),
    errno.EDQUOT: ("your disk quota is used up", "free some space or choose another disk"),
    errno.EISDIR: ("that is a folder", "give a file name"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}


def write_atomic(path: str | os.PathLike, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all, and durably.

    The bytes go to a new file in the same folder (a rename is atomic only within a file system), reach the disk, and
    then take the name. A file already there keeps its permission bits; a new one gets the umask's. A symbolic link is
    followed. On any failure, an interrupt included, the old file stands and the new one is removed.

    Args:
        path: the file; its folder must exist.
        data: the whole content.

    Raises:
        DaubError: no such folder, not permitted, disk full, or `path` is not an ordinary file.
    """
    try:
        _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        why, remedy = _CAUSES.get(error.errno, (error.strerror or str(error), "choose another file"))
        raise DaubError(f"cannot write {os.fspath(path)}", why, remedy) from error
    except ValueError as error:  # a NUL character in the name
        raise DaubError(f"cannot write {os.fspath(path)!r}", str(error), "choose another name") from error


def _replace(path: Path, data: bytes) -> None:
    permissions = _permissions(path)
    # Short and unrelated to the name of the file, which may be as long as the file system allows.
    beside = path.with_name(f".daub-{secrets.token_hex(8)}.part")
    with open(beside, "xb") as file:  # x: never through a file or link that somebody put there first
        try:
            file.write(data)
            file.flush()
            if permissions is not None:
                os.chmod(beside, permissions)
            os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:  # KeyboardInterrupt too; raised again below
            beside.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _permissions(path: Path) -> int | None:
    """The permission bits of the file at `path`, None when there is none; OSError when it must not be replaced."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):  # a rename over /dev/null would take the device away
        raise OSError(errno.EINVAL, "that is not an ordinary file")
    if not os.access(path, os.W_OK):  # a rename asks the folder only, and would override write protection
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(mode)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open a folder, and journals the rename itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
