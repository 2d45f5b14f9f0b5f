"""Runs a generator of progress records to its end, for callers that never pause."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

Record = TypeVar("Record")
Result = TypeVar("Result")


def drive(generator: Generator[Record, None, Result], report: Callable[[Record], None] | None = None) -> Result:
    """Gives every record to `report`, and returns what the generator returns."""
    while True:
        try:
            record = next(generator)
        except StopIteration as end:
            return end.value
        if report:
            report(record)
