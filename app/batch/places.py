"""Files by path or by URL, alike: those of the machine without any package more, others through fsspec.

A URL is whatever has a scheme: s3://bucket/photo.jpg, https://, sftp://, also file:///, where the packages for it are.

>>> is_url("s3://bucket/a.png"), is_url("photos/a.png"), joined("s3://bucket/out", "a/b.daub")
(True, False, 's3://bucket/out/a/b.daub')
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from daub.codec.errors import DaubError
from daub.codec.files import open_file, refusals_of_reading, refusals_of_writing
from daub.codec.part_files import scratch_folder

_WEB = re.compile(r"https?://", re.IGNORECASE)
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+(::.*)?://")
_CREDENTIALS = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.:-]*://)[^/@]*@")
_QUERY = re.compile(r"(https?://[^\s?'\"]+)\?[^\s'\"]*", re.IGNORECASE)  # ... in a line of text
# What is uploaded there is seen when it is whole; elsewhere it takes its name at the end.
_WHOLE_UPLOADS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "memory"}
_PIECE = 1 << 20
_ASKED_AT_ONCE = 32


@dataclass(frozen=True)
class Stamp:
    """What tells that a file is still the one it was, without reading it.

    Args:
        size: bytes.
        changed: its time, or whatever the store has in its place, such as an ETag; "" where it has none.
    """

    size: int
    changed: str


def is_url(name: str) -> bool:
    """Whether a name is a URL and no path."""
    return _URL.match(name) is not None


def without_query(name: str) -> str:
    """A URL without what follows the name of the file, such as a signature: long, secret, and another one each day."""
    return name.partition("?")[0] if _WEB.match(name) else name


def shown(name: str) -> str:
    """A name as it is told and noted down: of a URL without its query and without a password, which are secrets.

    >>> shown("https://me:secret@host/a.png?signature=1f3"), shown("photos/a?.png")
    ('https://host/a.png', 'photos/a?.png')
    """
    return _CREDENTIALS.sub(r"\1", without_query(name)) if is_url(name) else name


def shown_in(line: str, name: str) -> str:
    """What is said of a file, without the secrets of its URL, also where a package spells that in its own way."""
    return _QUERY.sub(r"\1", line.replace(name, shown(name))) if is_url(name) else line


def joined(folder: str, relative: str) -> str:
    """The name of a file in a folder.

    Args:
        relative: with / between its parts.
    """
    return f"{folder.rstrip('/')}/{relative}" if is_url(folder) else os.path.join(folder, *relative.split("/"))


def make_folder(name: str) -> None:
    """Makes a folder and those that it is in; nothing where it is there, or where folders are none, as in S3."""
    if is_url(name):
        with _elsewhere(name, "write to"):
            system, path = _system(name)
            system.makedirs(path, exist_ok=True)
    else:
        with refusals_of_writing(name):
            os.makedirs(name, exist_ok=True)


def walk(folder: str) -> Iterator[tuple[str, int]]:
    """The files in a folder and in those below it, each with its bytes, in the order of their names.

    Links to folders are not followed.

    Raises:
        DaubError: one of the folders cannot be read.
    """
    if is_url(folder):
        with _elsewhere(folder, "look into"):
            system, path = _system(folder)
            found = system.find(path, detail=True)
            for each in sorted(found):
                yield system.unstrip_protocol(each), found[each].get("size") or 0
        return
    for where, below, files in os.walk(folder, onerror=_refuse_folder):
        below.sort()
        for file in sorted(files):
            path = os.path.join(where, file)
            yield path, _bytes(path)


def matching(pattern: str) -> Iterator[tuple[str, int]]:
    """The files that a pattern with *, ?, [ ] or ** is about, likewise."""
    if is_url(pattern):
        with _elsewhere(pattern, "look for"):
            system, path = _system(pattern)
            found = system.glob(path, detail=True)
            for each in sorted(found):
                if found[each]["type"] == "file":
                    yield system.unstrip_protocol(each), found[each].get("size") or 0
        return
    import glob

    for path in sorted(glob.glob(pattern, recursive=True)):
        if os.path.isfile(path):
            yield path, _bytes(path)


def is_folder(name: str) -> bool:
    """Whether there is a folder of that name."""
    if not is_url(name):
        return os.path.isdir(name)
    with _elsewhere(name, "look at"):
        system, path = _system(name)
        return system.isdir(path)


def stamp(name: str) -> Stamp | None:
    """What tells whether a file has changed; None where there is none."""
    if not is_url(name):
        try:
            status = os.stat(name)
        except OSError:
            return None
        return Stamp(status.st_size, str(status.st_mtime_ns))
    with _elsewhere(name, "look at"):
        system, path = _system(name)
        try:
            about = system.info(path)
        except FileNotFoundError:
            return None
        when = next((about[key] for key in ("ETag", "etag", "mtime", "created", "LastModified") if key in about), "")
        return Stamp(about.get("size") or 0, str(when))


def stamps(names: Iterable[str]) -> dict[str, Stamp | None]:
    """Of each, None also where that cannot be said: whoever opens it says why.

    Those of URLs are asked for many at a time, as each is a way there and back.
    """
    from concurrent.futures import ThreadPoolExecutor

    names = list(dict.fromkeys(names))
    with ThreadPoolExecutor(_ASKED_AT_ONCE if any(map(is_url, names)) else 1) as asking:
        return dict(zip(names, asking.map(_stamp_if_any, names), strict=True))


def _stamp_if_any(name: str) -> Stamp | None:
    with suppress(DaubError):
        return stamp(name)
    return None


def digest(name: str) -> str:
    """SHA-256 of the content of a file, hexadecimal."""
    found = hashlib.sha256()
    with opened(name) as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


@contextmanager
def opened(name: str):
    """A file open for binary reading."""
    if not is_url(name):
        with open_file(name) as file:
            yield file
        return
    with _elsewhere(name, "open"):
        system, path = _system(name)
        with system.open(path, "rb") as file:
            yield file


@contextmanager
def as_local(name: str) -> Iterator[str]:
    """The path of a file, or of a copy of it which goes at the end."""
    if not is_url(name):
        yield name
        return
    with scratch_folder() as folder:
        path = folder / _plain_name(name)
        with opened(name) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy, _PIECE)
        yield str(path)


@contextmanager
def to_local(name: str, replace: bool = True) -> Iterator[str]:
    """The path that a file is to be written to; at the end it is at `name`, whole, unless the block has failed.

    Args:
        replace: as of `codec.files.write_atomic`, of a URL; of a path, whoever writes sees to it.
    """
    if not is_url(name):
        make_folder(os.path.dirname(name) or ".")
        yield name
        return
    if not replace and stamp(name) is not None:
        raise DaubError(f"cannot write {name}", "there is a file of that name, which is to stay", "choose another")
    with scratch_folder() as folder:
        path = folder / _plain_name(name)
        yield str(path)
        put(path, name)


def _plain_name(name: str) -> str:
    """One that any disk takes, whatever a store allows: the ending alone says what is in a file."""
    return "file" + os.path.splitext(without_query(name))[1]


def put(path: Path, name: str) -> None:
    """Writes the content of a file to a URL, where it is seen when it is whole."""
    with _elsewhere(name, "write"):
        system, target = _system(name)
        system.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
        if name.partition("://")[0] in _WHOLE_UPLOADS:
            system.put_file(str(path), target)
        else:
            part = f"{target}.part"
            system.put_file(str(path), part)
            system.mv(part, target)


def _refuse_folder(error: OSError) -> None:
    with refusals_of_reading(error.filename, "look into"):
        raise error


def _bytes(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:  # a link that leads nowhere: reading it says so
        return 0


def _system(name: str):
    """The file system of a URL, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as missing:
        remedy = "install it: pip install 'daub[batch]'"
        raise DaubError(f"cannot open {name}", "the package fsspec is missing", remedy) from missing
    return url_to_fs(name)


@contextmanager
def _elsewhere(name: str, verb: str) -> Iterator[None]:
    """What a store far away, or its package, says against it, as one line."""
    try:
        yield
    except DaubError:
        raise
    except FileNotFoundError as error:
        raise DaubError(f"cannot {verb} {name}", "there is no such file", "check the name") from error
    except ImportError as error:
        raise DaubError(f"cannot {verb} {name}", str(error), "install that package") from error
    except Exception as error:  # every store has errors of its own
        why = str(error) or type(error).__name__
        raise DaubError(f"cannot {verb} {name}", why, "check the address and what you may do there") from error
