"""Landing on a size or a PSNR by the step of the quantiser: both fall as it grows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from codec.errors import DaubError
from codec.rate import Goal

# Steps worth trying, as indices of the header: d = 1/256 .. 8.
FINEST, COARSEST = 0, 704


@dataclass(frozen=True)
class Landing:
    """A goal, and how far tries miss it. A try is a step index and what came of it: bytes, or dB."""

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

    def hit(self, value: float) -> bool:
        """Within half a percent below the limit, or 0.05 dB either way."""
        if self.on_bytes:
            return 0.995 * self.aim <= value <= self.aim
        return abs(value - self.aim) <= 0.05

    def next_index(self, tries: dict[int, float]) -> int:
        """Where the line through the two tries nearest the goal meets it; the usual slope when there is one try."""
        goal = self._scale(0.9975 * self.aim if self.on_bytes else self.aim)
        values = {index: self._scale(value) for index, value in tries.items()}
        slope = -0.34 / 64 if self.on_bytes else -1.3 / 64  # octaves of size, or dB, per step of the index
        nearest = sorted(values, key=lambda index: abs(values[index] - goal))[:2]
        if len(nearest) == 2:
            measured = (values[nearest[0]] - values[nearest[1]]) / (nearest[0] - nearest[1])
            slope = min(max(measured, 3 * slope), slope / 3)  # noise must not send the step far away
        index = nearest[0] + round((goal - values[nearest[0]]) / slope)
        return min(max(index, FINEST), COARSEST)

    def best(self, tries: dict[int, float]) -> int:
        """The index of the try that lands best.

        Raises:
            DaubError: all are larger than the limit.
        """
        if not self.on_bytes:
            # The nearest, but rather far too good than far too bad.
            return min(
                tries, key=lambda index: (tries[index] < self.aim - 1, abs(self._scale(tries[index]) - self.aim))
            )
        fitting = {index: size for index, size in tries.items() if size <= self.aim}
        if not fitting:
            raise DaubError(
                f"{self.aim:g} bytes cannot be reached",
                f"the smallest file found takes {min(tries.values())}",
                "allow more bytes",
            )
        return max(fitting, key=fitting.get)

    def _scale(self, value: float) -> float:
        """Sizes change by ratios; a PSNR is a logarithm already, and infinite for an image met exactly."""
        return math.log2(value) if self.on_bytes else min(value, 100.0)
