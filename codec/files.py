"""Files of the user: read with every guard, and written so that a reader sees the old content or the new."""

from __future__ import annotations

import errno
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from daub.codec.errors import DaubError
from daub.codec.part_files import SETTLING, part_file

SUFFIX = ".daub"
MAGIC = b"DAUB"  # the first bytes of such a file

_CAUSES_OF_READING = {
    errno.ENOENT: ("there is no such file", "check the name"),
    errno.ENOTDIR: ("a part of that path is a file, not a folder", "check the name"),
    errno.EACCES: ("permission denied", "choose a file you may read"),
    errno.EPERM: ("permission denied", "choose a file you may read"),
    errno.ENAMETOOLONG: ("the name is too long", "check the name"),
    errno.ELOOP: ("its links lead in a circle", "check the name"),
    errno.EIO: ("the disk fails", "get the file again"),
}

_CAUSES_OF_WRITING = {
    errno.ENOENT: ("there is no such folder", "create it or choose another"),
    errno.ENOTDIR: ("a part of that path is a file, not a folder", "choose another folder"),
    errno.EACCES: ("permission denied", "choose a folder you may write to"),
    errno.EPERM: ("permission denied", "choose a folder you may write to"),
    errno.EROFS: ("the disk is read-only", "choose a folder you may write to"),
    errno.ENOSPC: ("the disk is full", "free some space or choose another disk"),
    errno.EDQUOT: ("your disk quota is used up", "free some space or choose another disk"),
    errno.EISDIR: ("that is a folder", "give a file name"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
    errno.ELOOP: ("its links lead in a circle", "choose another name"),
    errno.EEXIST: ("there is a file of that name, which is to stay", "choose another name"),
    errno.EBUSY: ("it is mounted there by itself, so that nothing can take its place", "mount its folder instead"),
}


def read_file(path: str | os.PathLike, limit: int, verb: str = "open", wanted: str = "a file") -> bytes:
    """The whole content of an ordinary file.

    Args:
        limit: bytes; a larger file is refused unread.
        verb: what the caller is about to do with the file, for the error.
        wanted: what the user should choose instead of a folder or a pipe.

    Raises:
        DaubError: there is none, it may not be read, it is no ordinary file, or it is too large.
    """
    with open_file(path, limit, verb, wanted) as file, refusals_of_reading(path, verb):
        return file.read()


def open_file(
    path: str | os.PathLike, limit: int | None = None, verb: str = "open", wanted: str = "a file"
) -> BinaryIO:
    """An ordinary file opened for reading; otherwise as `read_file`, without a limit where none is given."""
    what = f"cannot {verb} {os.fspath(path)}"
    with refusals_of_reading(path, verb):
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
            why = "it is a folder" if stat.S_ISDIR(status.st_mode) else "it is not an ordinary file"
            raise DaubError(what, why, f"choose {wanted}")
        if limit is not None and status.st_size > limit:
            raise DaubError(what, f"it is larger than {_size(limit)}", "check that it is the right file")
        return open(path, "rb")


def is_daub(path: str | os.PathLike) -> bool:
    """Whether a file is a .daub: by its content, whatever it is called, or by its name, so that a damaged one is told
    as such.

    Raises:
        DaubError: as `read_file`.
    """
    if Path(path).suffix.lower() == SUFFIX:
        return True
    with open_file(path, wanted="an image or a .daub file") as file, refusals_of_reading(path, "open"):
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def refusals_of_reading(path: str | os.PathLike, verb: str) -> Iterator[None]:
    """What the system says against reading a file, as one line."""
    try:
        yield
    except OSError as error:
        why, remedy = _CAUSES_OF_READING.get(error.errno, ((error.strerror or str(error)).lower(), "check the file"))
        raise DaubError(f"cannot {verb} {os.fspath(path)}", why, remedy) from error
    except ValueError as error:  # a NUL character in the name
        raise DaubError(f"cannot {verb} {os.fspath(path)!r}", str(error), "check the name") from error


def _size(limit: int) -> str:
    return f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit:,} bytes"


def write_atomic(path: str | os.PathLike, data: bytes | Iterable[bytes], *, replace: bool = True) -> None:
    """Write `data` to `path`, whole or not at all, and durably.

    The bytes go to a part file in the same folder, reach the disk, and then take the name. A file already there keeps
    its permission bits; a new one gets the umask's. A symbolic link is followed. On any failure, an interrupt included,
    the old file stands and the new one is removed.

    Args:
        path: the file; its folder must exist.
        data: the whole content, or pieces of it, which are written as they come: if one cannot be made, no file is.
        replace: a file already there may be written over; otherwise it stands, whenever it came, and the data go to
            a file beside it, as the work of hours may be in them: name-2.daub, or the first number that is free.

    Raises:
        DaubError: no such folder, not permitted, disk full, `path` is not an ordinary file, or must not be replaced:
            then it names the file that the data are in.
    """
    pieces = [data] if isinstance(data, bytes | bytearray | memoryview) else data
    with refusals_of_writing(path):
        target = Path(os.path.realpath(path))
        written = _write(target, pieces, replace)
    if written != target:
        why, _ = _CAUSES_OF_WRITING[errno.EEXIST]
        raise DaubError(f"cannot write {os.fspath(path)}", why, f"the result is in {written.name}")


@contextmanager
def refusals_of_writing(path: str | os.PathLike) -> Iterator[None]:
    """What the system says against writing a file, as one line."""
    try:
        yield
    except OSError as error:
        why, remedy = _CAUSES_OF_WRITING.get(error.errno, (error.strerror or str(error), "choose another file"))
        if os.path.islink(path) and error.errno != errno.ELOOP:
            why = f"it is a link to {os.path.realpath(path)}: {why}"
        raise DaubError(f"cannot write {os.fspath(path)}", why, remedy) from error
    except ValueError as error:  # a NUL character in the name
        raise DaubError(f"cannot write {os.fspath(path)!r}", str(error), "choose another name") from error


def _write(path: Path, pieces: Iterable[bytes], replace: bool) -> Path:
    """Writes to `path`, or, where a file has that name and is to stay, beside it; returns where."""
    permissions, names = None, itertools.chain([path], (_beside(path, number) for number in itertools.count(2)))
    with suppress(FileExistsError):
        permissions = replaceable(path, replace)
    with part_file(path.parent) as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        if permissions is not None:
            os.chmod(file.name, permissions)
        os.fsync(file.fileno())
        file.close()  # which may be what finds a disk on the network full
        with SETTLING:
            written = next(name for name in names if _takes_name(file.name, name, replace))
    _sync_folder(path.parent)
    return written


def _beside(path: Path, number: int) -> Path:
    return path.with_stem(f"{path.stem}-{number}")


def _takes_name(part: str, path: Path, replace: bool) -> bool:
    """Gives a part file its name, unless there is one of that name that is not to be replaced."""
    try:
        _take_name(part, path, replace)
    except FileExistsError:
        return False
    return True


def _take_name(part: str, path: Path, replace: bool) -> None:
    """Gives a part file its name; FileExistsError where there is one of that name and it is not to be replaced."""
    if replace:
        os.replace(part, path)
    elif os.name == "nt":
        os.rename(part, path)  # refuses by itself
    else:
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: whoever makes the name first has it
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            try:
                os.replace(part, path)
            except BaseException:
                os.unlink(path)
                raise


def replaceable(path: Path, replace: bool = True) -> int | None:
    """The permission bits of the file that a new one at `path` will replace, None where there is none.

    Args:
        path: without links, as `os.path.realpath` gives it.
        replace: a file there may be replaced.

    Raises:
        OSError: something is there that must not be replaced.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):  # a rename over /dev/null would take the device away
        raise OSError(errno.EINVAL, "that is not an ordinary file")
    if not replace:
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
    if not os.access(path, os.W_OK):  # a rename asks the folder only, and would override write protection
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(status.st_mode)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open a folder, and journals the rename itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
