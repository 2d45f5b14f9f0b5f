"""A slider on which equal distances are equal ratios."""

from __future__ import annotations

import math


def to_slider(value: float, smallest: float, largest: float, ticks: int = 1000) -> int:
    """The tick of a value, 0 to `ticks`; values beyond the ends lie at the ends."""
    value = min(max(value, smallest), largest)
    return round(ticks * math.log(value / smallest) / math.log(largest / smallest))


def from_slider(position: int, smallest: float, largest: float, ticks: int = 1000) -> float:
    """The value there, to two significant digits, as people would choose it."""
    value = smallest * (largest / smallest) ** (position / ticks)
    digit = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return min(max(round(value / digit) * digit, smallest), largest)
