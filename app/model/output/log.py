"""What has happened since the window opened: every notice, failure and finished fit, with times, to be read and copied.

workspace, viewport --- notice, error, done ---> Log --- told ---> toasts, and the tab Log of the strip
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from daub.app.model.work.signal import Signal

_MOST = 2000  # entries that are kept


class Kind(Enum):
    """What an entry tells of; the values are shown to people."""

    NOTICE = "Notice"
    ERROR = "Error"
    DONE = "Done"


@dataclass(frozen=True)
class Entry:
    """One thing that has happened.

    Args:
        at: seconds since 1970.
        line: for a person.
        details: for a report, such as a traceback.
        command: a line for a shell that does it again.
    """

    at: float
    kind: Kind
    line: str
    details: str = ""
    command: str = ""

    @property
    def text(self) -> str:
        """With its time, and the command in a line of its own."""
        mark = "" if self.kind is not Kind.ERROR else "Error: "
        command = f"\n          {self.command}" if self.command else ""
        return f"{time.strftime('%H:%M:%S', time.localtime(self.at))}  {mark}{self.line}{command}"


class Log:
    """All entries, the newest last.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time.time):
        self.told = Signal()  # Entry
        self._clock = clock
        self._entries: list[Entry] = []

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self):
        return iter(self._entries)

    def notice(self, line: str) -> None:
        """Something is worth knowing."""
        self._add(Kind.NOTICE, line)

    def error(self, line: str, details: str = "") -> None:
        """Something has failed."""
        self._add(Kind.ERROR, line, details)

    def done(self, line: str, command: str = "") -> None:
        """Something that took a while is finished."""
        self._add(Kind.DONE, line, command=command)

    @property
    def text(self) -> str:
        """All of it, with the details."""
        return "".join(f"{entry.text}\n{_indented(entry.details)}" for entry in self._entries)

    def _add(self, kind: Kind, line: str, details: str = "", command: str = "") -> None:
        starts = line.partition(" ")[0]
        line = line[:1].upper() + line[1:] if starts.isalpha() else line  # a file keeps its name
        entry = Entry(self._clock(), kind, line, details, command)
        self._entries.append(entry)
        del self._entries[:-_MOST]
        self.told.emit(entry)


def _indented(details: str) -> str:
    return "".join(f"          {line}\n" for line in details.splitlines())
