"""How fast an encode goes and how long it still takes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Hashable

_WINDOW = 1.5  # seconds that the speed is taken over: long enough to be steady, short enough to follow growth
_TREND = 3.0, 0.4  # seconds, and share of the work so far, that the time left is taken over, whichever is longer
_KNOWN_AFTER = 0.5  # seconds of work before which nobody can say how long it takes
_SMOOTHING = 2.0  # seconds in which the time left follows two thirds of a change


class Pace:
    """Speed from the last second or so; time left from a longer stretch, smoothed so that it runs down like a clock.

    Pauses are left out by calling `interrupt` before going on.
    """

    def __init__(self):
        self._steps: deque[tuple[float, int]] = deque()  # (seconds, step) of one stretch
        self._fractions: deque[tuple[float, float]] = deque()  # (seconds, fraction)
        self._stretch: Hashable = None
        self._worked = 0.0
        self._last: float | None = None  # when the last mark was, None after an interruption
        self._left: float | None = None

    def interrupt(self) -> None:
        """Time until the next mark does not count."""
        self._steps.clear()
        self._fractions.clear()
        self._last = None

    def mark(self, now: float, step: int, fraction: float, stretch: Hashable = None) -> None:
        """Notes how far it is.

        Args:
            now: seconds, of any clock that only goes forward.
            step: of this stretch.
            fraction: of all the work done, 0 to 1.
            stretch: such as a stage: steps are counted anew in each.
        """
        if stretch != self._stretch:
            self._stretch = stretch
            self._steps.clear()
        passed = 0.0 if self._last is None else now - self._last
        self._last = now
        self._worked += passed
        self._steps.append((now, step))
        _forget(self._steps, now - _WINDOW)
        self._fractions.append((now, fraction))
        _forget(self._fractions, now - max(_TREND[0], _TREND[1] * self._worked))
        self._follow(passed)

    @property
    def steps_per_second(self) -> float | None:
        """Of this stretch, 0 or more; None while nothing is known."""
        if len(self._steps) < 2:
            return None
        (began, first), (now, last) = self._steps[0], self._steps[-1]
        return max(last - first, 0) / (now - began) if now > began else None

    @property
    def seconds_left(self) -> float | None:
        """Until everything is done; None while nothing is known."""
        return None if self._last is None or self._worked < _KNOWN_AFTER else self._left

    def _follow(self, passed: float) -> None:
        (began, first), (now, last) = self._fractions[0], self._fractions[-1]
        if last <= first or now <= began:
            return
        left = (1 - last) * (now - began) / (last - first)
        if self._left is None or self._worked < _KNOWN_AFTER:
            self._left = left
            return
        ticked = max(self._left - passed, 0.0)
        self._left = ticked + (left - ticked) * (1 - math.exp(-passed / _SMOOTHING))


def _forget(marks: deque, since: float) -> None:
    """Drops what is older, but for two marks."""
    while len(marks) > 2 and marks[0][0] < since:
        marks.popleft()


def about(seconds: float) -> str:
    """A time that nobody knows exactly, rounded as people say it: 4 s, 25 s, 3 min 20 s, 25 min, 2 h 5 min."""
    if seconds < 600:
        step = 1 if seconds < 20 else 5 if seconds < 60 else 10
        seconds = max(step * round(seconds / step), 1)
        if seconds < 60:
            return f"{seconds} s"
        return f"{seconds // 60} min {seconds % 60} s" if seconds % 60 else f"{seconds // 60} min"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
