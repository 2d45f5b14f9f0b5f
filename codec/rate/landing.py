"""Landing on a size or a PSNR by turning a knob: both fall as it grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from daub.codec.errors import DaubError
from daub.codec.rate.plan import Goal


@dataclass(frozen=True)
class Knob:
    """What is turned, by integers, and what a turn by one usually does."""

    lowest: int
    highest: int
    octaves: float  # of the file's size
    decibels: float


STEP_KNOB = Knob(0, 704, -0.34 / 64, -1.3 / 64)  # of the quantiser, as indices of the header: d = 1/256 .. 8
# The price of a bit, in 1/64 octaves around the usual one: for the last percents.
PRICE_KNOB = Knob(-96, 96, -0.13 / 64, -0.26 / 64)


@dataclass(frozen=True)
class Landing:
    """A goal, and how far tries miss it. A try is an index of a knob and what came of it: bytes, or dB."""

    aim: float  # bytes, or dB
    on_bytes: bool

    @staticmethod
    def of(goal: Goal, area: int) -> Landing | None:
        """None where any step will do."""
        if goal.kind == "psnr":
            return Landing(goal.value, False)
        if goal.kind in ("bytes", "bpp"):
            return Landing(goal.bytes_for(area), True)
        return None

    def value(self, encoded) -> float:
        """What the goal is about, of an `Encoded` file."""
        return len(encoded.data) if self.on_bytes else encoded.psnr

    def hit(self, value: float) -> bool:
        """Within half a percent below the limit, or 0.05 dB either way."""
        if self.on_bytes:
            return 0.995 * self.aim <= value <= self.aim
        return abs(value - self.aim) <= 0.05

    def next_index(self, tries: dict[int, float], knob: Knob) -> int:
        """Where the line through the two tries nearest the goal meets it; the usual slope when there is one try."""
        goal = self._scale(0.9975 * self.aim if self.on_bytes else self.aim)
        values = {index: self._scale(value) for index, value in tries.items()}
        slope = knob.octaves if self.on_bytes else knob.decibels
        nearest = sorted(values, key=lambda index: abs(values[index] - goal))[:2]
        if len(nearest) == 2:
            measured = (values[nearest[0]] - values[nearest[1]]) / (nearest[0] - nearest[1])
            slope = min(max(measured, 3 * slope), slope / 3)  # noise must not send the step far away
        index = nearest[0] + round((goal - values[nearest[0]]) / slope)
        # Values fall with the index. Where tries on both sides enclose the goal, it lies between them, cliff or not.
        too_high = max((i for i in values if values[i] > goal), default=None)
        too_low = min((i for i in values if values[i] <= goal), default=None)
        if too_high is not None and too_low is not None and not too_high < index < too_low:
            share = (values[too_high] - goal) / (values[too_high] - values[too_low])
            index = round(too_high + share * (too_low - too_high))
        return min(max(index, knob.lowest), knob.highest)

    def best(self, values: Sequence[float]) -> int:
        """Which of the values lands best.

        Raises:
            DaubError: all are larger than the limit.
        """
        if not self.on_bytes:
            # The nearest, but rather far too good than far too bad.
            return min(
                range(len(values)), key=lambda i: (values[i] < self.aim - 1, abs(self._scale(values[i]) - self.aim))
            )
        fitting = [i for i, size in enumerate(values) if size <= self.aim]
        if not fitting:
            raise DaubError(
                f"{self.aim:g} bytes cannot be reached",
                f"the smallest file found takes {min(values)}",
                "allow more bytes",
            )
        return max(fitting, key=lambda i: values[i])

    def _scale(self, value: float) -> float:
        """Sizes change by ratios; a PSNR is a logarithm already, and infinite for an image met exactly."""
        return math.log2(value) if self.on_bytes else min(value, 100.0)
