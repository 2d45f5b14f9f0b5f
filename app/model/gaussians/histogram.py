"""How often each value of a property occurs, and the range of values that is dragged out of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

BINS = 64


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of finite values.

    Args:
        edges: (BINS + 1,) ascending; equal factors apart on a logarithmic axis.
        counts: (BINS,) how many values each bin holds.
        kept: (BINS,) how many of them pass the filters.
    """

    edges: np.ndarray
    counts: np.ndarray
    kept: np.ndarray

    @staticmethod
    def of(values: np.ndarray, kept: np.ndarray, logarithmic: bool) -> Histogram | None:
        """Of values (N,) and which of them are kept (N,) bool; None where there is nothing to count.

        >>> Histogram.of(np.array([1.0, 10, 100]), np.array([True, True, False]), logarithmic=True).counts.sum()
        np.int64(3)
        """
        counted = np.isfinite(values) & ((values > 0) if logarithmic else True)
        if not counted.any():
            return None
        values, kept = values[counted], kept[counted]
        low, high = float(values.min()), float(values.max())
        if low == high:  # one bar in the middle
            low, high = (low / 1.1, high * 1.1) if logarithmic else (low - 0.5, high + 0.5)
        edges = np.geomspace(low, high, BINS + 1) if logarithmic else np.linspace(low, high, BINS + 1)
        edges[0], edges[-1] = low, high  # not rounded off
        counts, passed = (np.histogram(each, edges)[0] for each in (values, values[kept]))
        return Histogram(edges, counts, passed)


def log_ticks(low: float, high: float) -> list[float]:
    """Numbers to write at a logarithmic axis, powers of ten; where those are few, also 2, 3 and 5 times as much.

    >>> log_ticks(0.03, 400.0), log_ticks(2.0, 31.0)
    ([0.1, 1.0, 10.0, 100.0], [2.0, 3.0, 5.0, 10.0, 20.0, 30.0])
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1,), (1, 2, 3, 5)):
        found = [float(f"{factor}e{power}") for power in powers for factor in factors]
        ticks = [tick for tick in found if low <= tick <= high]
        if len(ticks) > 3:
            break
    return ticks


class RangeDrag:
    """A range of an axis under the mouse: an end is taken hold of where it is near, otherwise a new range begins.

    Positions are on the screen, values on the axis; `to_value` makes the one of the other. A press that moves nothing
    takes the range away.

    Args:
        grip: how far from an end it can be taken hold of, logical pixels; a press may move by as much.
    """

    def __init__(self, grip: float = 5.0):
        self._grip = grip
        self._fixed: float | None = None  # position of the end that stays
        self._pressed: float | None = None  # where a new range began
        self._moved = False

    @property
    def is_dragging(self) -> bool:
        """The mouse has hold of it."""
        return self._fixed is not None

    def press(self, x: float, ends: tuple[float, float] | None) -> None:
        """The button goes down. Args: ends: positions of those of the range there is."""
        self._pressed, self._moved = x, False
        near = [] if ends is None else sorted((abs(end - x), 1 - which) for which, end in enumerate(ends))
        self._fixed = ends[near[0][1]] if near and near[0][0] <= self._grip else x

    def move(self, x: float) -> tuple[float, float] | None:
        """Positions of both ends now; None while nothing has moved."""
        if self._fixed is None:
            return None
        self._moved = self._moved or abs(x - self._pressed) > self._grip
        return (min(self._fixed, x), max(self._fixed, x)) if self._moved else None

    def release(self) -> bool:
        """The button goes up. Returns whether it was a click, that moved nothing."""
        clicked = self._fixed is not None and not self._moved
        self._fixed = self._pressed = None
        return clicked
