"""Landing on a size, a PSNR or an MS-SSIM: files are tried until one does, by turning two knobs.

Sizes and, in dB, both measures fall as a knob is turned up. The step of the quantiser decides roughly and takes a new
rounding of everything; what is left of the way, the price of a bit can go, which costs a tenth of the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daub.codec.goal import Goal
from daub.codec.rate.measure import HIGHEST, Measure, measure_of

if TYPE_CHECKING:
    from daub.codec.rate.encoded import Encoded

ROUNDS = 8  # steps to try, and prices for each


@dataclass(frozen=True)
class Knob:
    """What is turned, by integers, and what a turn by one usually does.

    Args:
        lowest, highest: ends of its scale.
        octaves: change of the file's size, in log2 of bytes.
        decibels: change of the PSNR, and about that of the MS-SSIM.
    """

    lowest: int
    highest: int
    octaves: float
    decibels: float


STEP_KNOB = Knob(0, 704, -0.34 / 64, -1.3 / 64)  # the quantiser's step as an index of the header: d = 1/256 .. 8
# The price of a bit, in 1/64 octaves around the usual one: for the last two percents. Farther off, a step that suits
# it costs less: on kodim06, of 14.6 kB, half an octave either way costs 0.02 to 0.04 dB at equal size.
PRICE_KNOB = Knob(-16, 16, -0.13 / 64, -0.26 / 64)


@dataclass(frozen=True)
class Landing:
    """A goal, and how far tries miss it.

    Args:
        aim: bytes, an upper limit, or dB.
        measure: what it is dB of; None where it is bytes.
    """

    aim: float
    measure: Measure | None = None

    @property
    def on_bytes(self) -> bool:
        """Whether the aim is bytes."""
        return self.measure is None

    @staticmethod
    def of(goal: Goal, area: int) -> Landing | None:
        """That of a goal for an image of `area` pixels; None where any step will do."""
        limit = goal.limit(area)
        if limit is not None:
            return Landing(limit)
        measure = measure_of(goal)
        return None if measure is None else Landing(measure.decibels_of(goal.value), measure)

    def value(self, encoded: Encoded) -> float:
        """What the goal is about, of a file: bytes, or dB."""
        return len(encoded.data) if self.on_bytes else self.measure.decibels_of(self.measure.of_file(encoded))

    def hit(self, value: float) -> bool:
        """Within half a percent below the limit, or 0.05 dB either way."""
        if self.on_bytes:
            return 0.995 * self.aim <= value <= self.aim
        return abs(value - self.aim) <= 0.05

    def next_index(self, tries: dict[int, float], knob: Knob) -> int:
        """Where the line through the two tries nearest the goal meets it; the usual slope when there is one try.

        Args:
            tries: index of the knob to what came of it, bytes or dB.
        """
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
        """Which of the values lands best: the largest within a limit, or else the smallest; the nearest in dB."""
        if self.on_bytes:
            return max(range(len(values)), key=lambda i: (values[i] <= self.aim, -abs(values[i] - self.aim)))
        # The nearest, but rather far too good than far too bad.
        return min(range(len(values)), key=lambda i: (values[i] < self.aim - 1, abs(self._scale(values[i]) - self.aim)))

    def _scale(self, value: float) -> float:
        """Sizes change by ratios; dB are logarithms already, and infinite for an image met exactly."""
        return math.log2(value) if self.on_bytes else min(value, HIGHEST)


@dataclass(frozen=True)
class Trial:
    """A file to try.

    Args:
        step_index: index of the quantiser's step in the header.
        price_index: of PRICE_KNOB; 0 is the usual price of a bit.
    """

    step_index: int
    price_index: int = 0


class Search:
    """Which files to try until one lands on the goal, one after another.

        while search.trial is not None:
            search.tell(make_file(search.trial))
        best = search.best

    Args:
        landing: the goal; None where the first file will do.
        step_index: of the first try.

    Attributes:
        trial: the file to try next, None when the search is over.
        best: the best file so far, None before the first.
    """

    def __init__(self, landing: Landing | None, step_index: int):
        self._landing = landing
        self.trial: Trial | None = Trial(step_index)
        self.best: Encoded | None = None
        self._tries: list[Encoded] = []
        self._by_step: dict[int, float] = {}  # values at the usual price
        self._by_price: dict[int, float] = {}  # values at the step of the trial

    def tell(self, encoded: Encoded) -> None:
        """What came of the trial; chooses the next."""
        landing, trial = self._landing, self.trial
        if landing is None:
            self.best, self.trial = encoded, None
            return
        self._tries.append(encoded)
        value = self._by_price[trial.price_index] = landing.value(encoded)
        if landing.hit(value):
            self.best, self.trial = encoded, None
            return
        self.best = self._tries[landing.best([landing.value(each) for each in self._tries])]
        price = landing.next_index(self._by_price, PRICE_KNOB)
        too_far = price in (PRICE_KNOB.lowest, PRICE_KNOB.highest)
        if too_far or price in self._by_price or len(self._by_price) == ROUNDS:
            self.trial = self._next_step(trial.step_index)
        else:
            self.trial = Trial(trial.step_index, price)

    def _next_step(self, step_index: int) -> Trial | None:
        self._by_step[step_index] = self._by_price[0]
        self._by_price = {}
        step = self._landing.next_index(self._by_step, STEP_KNOB)
        return None if step in self._by_step or len(self._by_step) == ROUNDS else Trial(step)
