"""Why something did not come about."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daub.codec.errors import DaubError


@dataclass(frozen=True)
class Failure:
    """Why something did not come about.

    Args:
        line: one line for a person: what, why, what to do.
        details: a traceback, for a report.
    """

    line: str
    details: str = ""


def failure_of_work(error: Exception) -> Failure:
    """What is said of an exception outside of a fit."""
    if isinstance(error, DaubError):
        line = str(error)
    elif isinstance(error, MemoryError):
        line = "that did not work, there is not enough memory, choose a smaller image"
    else:
        line = f"that did not work, {type(error).__name__}: {error}, please report this with the details"
    return Failure(line, "".join(traceback.format_exception(error)))


@contextmanager
def by_name(path: str | os.PathLike, name: str = "") -> Iterator[None]:
    """What is wrong with a file is said of its name alone: where it lies stands in the details.

    Args:
        name: that it is called by, unless by the last part of its path.

    Raises:
        DaubError: as it comes, in other words.
    """
    try:
        yield
    except DaubError as error:
        whole, name = os.fspath(path), name or Path(path).name
        if name and name != whole:
            _call(error, whole, name)
        target = whole if "\0" in whole else os.path.realpath(whole)  # which is another where that is a link
        if target != whole and target in str(error):
            _call(error, target, Path(target).name)
        raise


def _call(error: DaubError, whole: str, name: str) -> None:
    error.call(whole, name)
    error.add_note(f"{name} is {whole}")
