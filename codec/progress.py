"""Records on the way through an encode, the clock that leaves pauses out, and running a generator to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.rate.encoded import Encoded

Record = TypeVar("Record")
Result = TypeVar("Result")
Other = TypeVar("Other")


class Stage(StrEnum):
    """What an encode is doing; the values are shown to people."""

    OPACITY = "transparency"  # how transparent the image is, planned, fitted and rounded before its colours
    PLAN = "plan"  # short fits tell how many Gaussians the goal needs
    FIT = "fit"
    ROUND = "quantise"  # Gaussians become integers, perhaps several times until the goal is met


class Event(StrEnum):
    """How the population of a fit has changed; the values are shown to people."""

    GROWN = "grown"
    RELOCATED = "relocated"
    PRUNED = "pruned"


@dataclass(frozen=True)
class EncodeProgress:
    """Where an encode stands."""

    stage: Stage
    step: int  # of this stage, from 1 on
    steps: int  # of this stage
    gaussians: Gaussians  # a snapshot: it does not change afterwards
    goal_count: int  # Gaussians when the fit is done
    psnr: float  # dB before clipping
    error: float | None  # what a fit makes small, the sum of weighted squared errors; None while rounding
    seconds: float  # since the encode began, pauses excluded
    fraction: float  # of all the work, 0 to 1, as far as it can be known
    event: Event | None = None  # how the population of a fit has changed since the record before
    attempt: int = 1  # which fit this is, or which rounding: a goal may take several
    best: Encoded | None = None  # the best file so far: what there is where the encode ends here
    checkpoint: Callable[[], Any] | None = None  # of a fit, as of `FitProgress`
    born: np.ndarray | None = None  # (N,) likewise; None where it is not known
    opacity: Any = None  # `job.Opacity` of a transparent image, once it is decided: `packing.pack` takes it


class Clock:
    """Seconds of work: a generator's time outside its driver, which may have paused it.

    Args:
        spent: seconds that count as worked before.
    """

    def __init__(self, spent: float = 0.0):
        self._since = time.perf_counter() - spent

    def seconds(self) -> float:
        return time.perf_counter() - self._since

    def outside(self, waiting_since: float) -> None:
        """Takes out what has passed since that moment of `time.perf_counter`."""
        self._since += time.perf_counter() - waiting_since


def drive(generator: Generator[Record, None, Result], report: Callable[[Record], None] | None = None) -> Result:
    """Runs a generator of records to its end, for callers that never pause.

    Args:
        report: is given every record.

    Returns:
        What the generator returns.
    """
    while True:
        try:
            record = next(generator)
        except StopIteration as end:
            return end.value
        if report:
            report(record)


def retold(
    generator: Generator[Record, None, Result], retell: Callable[[Record], Other]
) -> Generator[Other, None, Result]:
    """The same work with other records, for a part of something larger.

    >>> def counting():
    ...     yield 1
    ...     yield 2
    ...     return "done"
    >>> told = []
    >>> drive(retold(counting(), lambda count: count / 4), told.append), told
    ('done', [0.25, 0.5])

    Args:
        retell: makes the record that is yielded of each.
    """
    while True:
        try:
            record = next(generator)
        except StopIteration as end:
            return end.value
        yield retell(record)
