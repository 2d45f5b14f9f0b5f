"""Copies of files that only a project holds, in a folder of this very window that goes with it.

What they are called is decided here: no name that stands in a project is ever that of a file.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

FOLDER = "daub-project-"  # how the name of the folder begins, in that for temporary files; nobody else can read it
_LONGEST = 40  # characters of a title
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


class Copies:
    """Writes them. From any thread, one at a time."""

    def __init__(self):
        self._folder: Path | None = None  # made when it is first needed
        self._number = 0

    def __bool__(self) -> bool:
        return self._folder is not None

    def write(self, pieces: Iterable[bytes], suffix: str, title: str = "") -> Path:
        """A new file of that content; where a piece cannot be had there is none.

        Args:
            suffix: of its name, as ".png": readers of some formats go by it. An odd one is left out.
            title: what its name begins with where people get to see it; letters and digits of it are taken.
        """
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir()
        path = folder / f"{_plain(title) or 'copy'}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        try:
            with path.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def close(self) -> None:
        """Removes the folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _plain(title: str) -> str:
    return "".join(each if each.isalnum() else "-" for each in title)[:_LONGEST]
