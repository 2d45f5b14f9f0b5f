"""What has been done, beside the files: a line of JSON for each, appended when the file is whole.

Lines, and no database: a line is written at once or is cut short and does not count, whatever kills the process; it can
be read by people and by `jq`; and it needs neither locks that a network disk lacks nor a file that is changed in the
middle, which stores such as S3 do not have. There each run writes lines of its own into objects that are new:

    FOLDER/daub-batch.jsonl                      on a disk: appended to, by one process at a time
    FOLDER/daub-batch-20261127T221500-3f2a/0001.jsonl    elsewhere: some seconds of lines in each

A line says what the file was made of (name, size and time, and SHA-256 of the content), with which settings (the
digest of them), what it was called and SHA-256 of it, and the figures of the report. The last line of a name counts.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from daub.app.batch import places
from daub.codec.errors import DaubError
from daub.codec.files import refusals_of_writing
from daub.codec.part_files import scratch_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

NAME = "daub-batch"
FIGURES = (
    "width", "height", "gaussians", "source_bytes", "bytes", "bpp", "psnr", "ms_ssim", "seconds", "device",
)  # fmt: skip
_FLUSHED_EVERY = 5.0  # seconds, elsewhere: what a kill costs at most is done again


@dataclass(frozen=True)
class Entry:
    """A file that was made.

    Args:
        target: its name below the folder, with / between its parts.
        source: path or URL of what it was made of.
        stamp: of the source, when it was read.
        digest: SHA-256 of the source.
        settings: digest of the settings.
        made: SHA-256 of the file.
        made_stamp: of the file, when it was whole.
        figures: of the report, by the names of `FIGURES`.
    """

    target: str
    source: str
    stamp: places.Stamp
    digest: str
    settings: str
    made: str
    made_stamp: places.Stamp
    figures: dict[str, Any] = field(default_factory=dict)

    def as_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"  # the PSNR of a picture that is exact is Infinity

    @classmethod
    def of_line(cls, line: str) -> Entry | None:
        """None where a line is not whole, or of some other Daub."""
        try:
            values = json.loads(line)
            stamps = {name: places.Stamp(**values[name]) for name in ("stamp", "made_stamp")}
            return cls(**{**values, **stamps})
        except (ValueError, TypeError, KeyError):
            return None


class Journal:
    """Of one folder, held for writing until it is closed.

    Args:
        folder: path or URL of it.

    Raises:
        DaubError: another batch writes into that folder, or it cannot be written.
    """

    def __init__(self, folder: str):
        self._folder = folder
        self.entries: dict[str, Entry] = {}  # the last of each target
        # It is read when nobody else can write into it any more.
        self._file = None if places.is_url(folder) else _appended(os.path.join(folder, f"{NAME}.jsonl"))
        for line in _lines(folder):
            entry = Entry.of_line(line)
            if entry is not None:
                self.entries[entry.target] = entry
        # The order of the names is that of the runs, wherever they are started: hence one time for all zones.
        self._run = f"{NAME}-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.urandom(2).hex()}"
        self._waiting: list[str] = []
        self._written, self._next = 0, time.monotonic() + _FLUSHED_EVERY

    def add(self, entry: Entry) -> None:
        """Keeps it: on a disk before this returns, elsewhere some seconds later."""
        self.entries[entry.target] = entry
        if self._file is None:
            self._waiting.append(entry.as_line())
            if time.monotonic() >= self._next:
                self.flush()
            return
        with refusals_of_writing(self._file.name):
            line = entry.as_line().encode()
            if self._file.write(line) != len(line):  # unbuffered: the part that found room is all that is written
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())

    def flush(self) -> None:
        """Sends what waits."""
        if self._waiting:
            with scratch_folder() as scratch:
                path = scratch / "lines"
                path.write_text("".join(self._waiting), "utf-8")
                self._written += 1
                places.put(path, places.joined(self._folder, f"{self._run}/{self._written:04d}.jsonl"))
            self._waiting = []
        self._next = time.monotonic() + _FLUSHED_EVERY

    def close(self) -> None:
        """Lets another process write."""
        self.flush()
        if self._file is not None:
            self._file.close()


def _lines(folder: str) -> Iterator[str]:
    """Of all that was written there, in the order of their time."""
    if not places.is_url(folder):
        path = Path(folder, f"{NAME}.jsonl")
        with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as file:
            yield from file
        return
    if not places.is_folder(folder):  # as no file is in it yet
        return
    for name, _ in list(places.matching(places.joined(folder, f"{NAME}-*/*.jsonl"))):
        with places.opened(name) as file:
            yield from file.read().decode("utf-8", "replace").splitlines()


def _appended(path: str):
    """A file open for appending, unbuffered, which this process alone may write; what a kill cut short is ended."""
    with refusals_of_writing(path):
        file = open(path, "ab+", buffering=0)  # noqa: SIM115, until `close`
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.close()
                remedy = "wait for it, or choose another folder"
                raise DaubError(f"cannot write into {os.path.dirname(path)}", "another batch does", remedy) from error
            except OSError:  # a disk that knows no locks
                pass
        if size := file.seek(0, os.SEEK_END):
            file.seek(size - 1)
            if file.read(1) != b"\n":
                file.write(b"\n")
    return file
