"""Landing on a size or a PSNR by the step of the quantiser, whose size and PSNR both fall as it grows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from codec.errors import DaubError
from codec.rate import Goal


@dataclass(frozen=True)
class Landing:
    """A goal, and how far a try misses it.

    A try is anything with `data` and `psnr`: an `encoder.Encoded`.
    """

    aim: float  # bytes, or dB
    on_bytes: bool

    # Steps worth trying, as indices of the header: d = 1/32 .. 8.
    FINEST: ClassVar[int] = 192
    COARSEST: ClassVar[int] = 704
    # The part of a size that may stay unused; above the limit is never right. And dB, both ways.
    BYTES_TOLERANCE: ClassVar[float] = 0.005
    PSNR_TOLERANCE: ClassVar[float] = 0.05

    @staticmethod
    def of(goal: Goal, area: int) -> Landing | None:
        """None where any step will do."""
        if goal.kind == "psnr":
            return Landing(goal.value, False)
        if goal.kind in ("bytes", "bpp"):
            return Landing(goal.bytes_for(area), True)
        return None

    def hit(self, attempt) -> bool:
        if self.on_bytes:
            return self.aim * (1 - self.BYTES_TOLERANCE) <= len(attempt.data) <= self.aim
        return abs(attempt.psnr - self.aim) <= self.PSNR_TOLERANCE

    def next_index(self, tries: dict) -> int:
        """Where the line through the two tries nearest the goal meets it; the usual slope when there is one try."""
        goal = math.log2(self.aim * (1 - self.BYTES_TOLERANCE / 2)) if self.on_bytes else self.aim
        slope = -0.34 / 64 if self.on_bytes else -1.3 / 64  # octaves of size, or dB, per step of the index
        nearest = sorted(tries, key=lambda index: abs(self._measure(tries[index]) - goal))[:2]
        if len(nearest) == 2:
            rise = self._measure(tries[nearest[0]]) - self._measure(tries[nearest[1]])
            measured = rise / (nearest[0] - nearest[1])
            slope = min(max(measured, 3 * slope), slope / 3)  # noise must not send the step far away
        index = nearest[0] + round((goal - self._measure(tries[nearest[0]])) / slope)
        return min(max(index, self.FINEST), self.COARSEST)

    def best(self, tries: dict):
        """The try that lands best.

        Raises:
            DaubError: all are larger than the limit.
        """
        if not self.on_bytes:
            return min(tries.values(), key=lambda attempt: abs(attempt.psnr - self.aim))
        fitting = [attempt for attempt in tries.values() if len(attempt.data) <= self.aim]
        if not fitting:
            smallest = min(len(attempt.data) for attempt in tries.values())
            raise DaubError(
                f"{self.aim:g} bytes cannot be reached", f"the smallest file found takes {smallest}", "allow more bytes"
            )
        return max(fitting, key=lambda attempt: len(attempt.data))

    def _measure(self, attempt) -> float:
        return math.log2(len(attempt.data)) if self.on_bytes else min(attempt.psnr, 100.0)
