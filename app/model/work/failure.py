"""Why something did not come about."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

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
