"""Values that are kept in memory as far as a budget reaches, and beyond that on the disk."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from daub.app.model.work.background import Background

T = TypeVar("T")
FOLDER = "daub-results-"  # how the name of the folder begins, in that for temporary files; nobody else can read it


class Spill:
    """Writes values to a folder of its own and reads them again, beside the window.

    A value is pickled: only what this very process has written is read. The folder goes with the window.

    Args:
        background: where that is done.
    """

    def __init__(self, background: Background):
        self._background = background
        self._folder: Path | None = None  # made when it is first needed

    def write(self, key: int, value: object, done: Callable[[], None]) -> None:
        """Calls `done` once the value is on the disk; where it cannot be written it is never called."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))
        work = partial(_write, self._folder / str(key), value)
        self._background.run(work, lambda _: done(), lambda _: None)  # it stays in memory: nothing is lost

    def run(self, read: Callable[[], T], deliver: Callable[[T], None]) -> None:
        """Calls `deliver` with what `read` gives, which is called beside the window: one of `reader`, or another."""
        self._background.run(read, deliver)

    def reader(self, key: int) -> Callable[[], object]:
        """What reads such a value, to be called beside the window; nothing is kept of it."""
        return partial(_read, self._folder / str(key))

    def close(self) -> None:
        """Removes the folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _write(path: Path, value: object) -> None:
    with path.open("wb") as file:
        pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)


def _read(path: Path) -> object:
    with path.open("rb") as file:
        return pickle.load(file)
