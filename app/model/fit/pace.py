"""How fast an encode goes and how long it still takes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Hashable
from statistics import median

_WINDOW = 1.5  # seconds that the speed is taken over: long enough to be steady, short enough to follow growth
_TREND = 3.0, 0.3  # seconds, and share of the work so far, that the trend is taken over, whichever is longer
_KNOWN_AFTER = 0.5, 0.01  # seconds, and share of the work, before which nobody can say how long it takes
_SMOOTHING = 2.0  # seconds at least in which the time left follows two thirds of a change ...
_OF_WORKED, _OF_LEFT = 0.1, 0.5  # ... and shares of what has passed, and of what is left, of which the shorter counts
_RISE = 0.25  # share of what has passed in which the time left may grow to 2.7 times as much ...
_RISE_AT_ONCE = 0.1  # ... and share of itself by which it may grow from one mark to the next ...
_LEAST = 1.0  # ... and seconds that it counts as at least, to grow from
_TOLD = 0.1  # share by which it has to be longer than what was told before something longer is told
_USUAL = 9  # marks, by which it is known how far they are apart
_APART = 10, 1.0  # times as far, and seconds, beyond which a wait is not work: something was compiled
_LATE = 0.8  # what the trend counts against the whole
_A_FEW = 5  # seconds: less is not counted


class Pace:
    """Speed from the last second or so; one time left for all that is to come.

    That is between what the whole time since the beginning lets expect and what the last part of it does, smoothed so
    that it runs down like a clock: shares of the work are known to a fifth, so that the trend alone would jump where
    one stage ends and another begins. Of a large picture they are known worse, and its steps take seconds: what is
    expected is followed the more slowly the longer it all takes, most of all upwards, and what was told is told again
    until it is clearly too little. Pauses are left out by calling `interrupt` before going on, and so is most of a wait
    that is much longer than usual.
    """

    def __init__(self):
        self._steps: deque[tuple[float, int]] = deque()  # (seconds, step) of one stretch
        self._fractions: deque[tuple[float, float]] = deque()  # (seconds worked, fraction)
        self._first: tuple[float, float] | None = None  # likewise, at the beginning
        self._apart: deque[float] = deque(maxlen=_USUAL)  # seconds between marks
        self._stretch: Hashable = None
        self._worked = 0.0
        self._last: float | None = None  # when the last mark was, None after an interruption
        self._left: float | None = None
        self._told: float | None = None

    def interrupt(self) -> None:
        """Time until the next mark does not count."""
        self._steps.clear()
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
        passed = 0.0 if self._last is None else self._counted(now - self._last)
        self._last = now
        self._worked += passed
        self._steps.append((now, step))
        _forget(self._steps, now - _WINDOW)
        self._first = self._first or (self._worked, fraction)
        self._fractions.append((self._worked, fraction))
        _forget(self._fractions, self._worked - max(_TREND[0], _TREND[1] * self._worked))
        self._follow(passed)

    def _counted(self, apart: float) -> float:
        """What counts of the seconds between two marks."""
        usual = median(self._apart) if len(self._apart) == _USUAL else math.inf
        self._apart.append(apart)
        return min(apart, _APART[0] * usual + _APART[1])

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
        return self._told if self._last is not None and self._is_known else None

    @property
    def _is_known(self) -> bool:
        done = self._fractions[-1][1] - self._first[1]
        return self._worked >= _KNOWN_AFTER[0] and done >= _KNOWN_AFTER[1]

    def _follow(self, passed: float) -> None:
        now = self._fractions[-1]
        whole, of_late = (_expected(since, now) for since in (self._first, self._fractions[0]))
        if whole is None:
            return
        left = whole if of_late is None else (1 - _LATE) * whole + _LATE * of_late
        if self._left is None or self._told is None:
            self._left = left
        else:
            ticked = max(self._left - passed, 0.0)
            smoothing = max(_SMOOTHING, min(_OF_WORKED * self._worked, _OF_LEFT * left))
            followed = ticked + (left - ticked) * (1 - math.exp(-passed / smoothing))
            growth = min(passed / max(_SMOOTHING, _RISE * self._worked), _RISE_AT_ONCE)
            self._left = min(followed, max(self._left, _LEAST) * math.exp(growth))
        if self._is_known and (self._told is None or not self._told < self._left <= (1 + _TOLD) * self._told):
            self._told = self._left


def _expected(since: tuple[float, float], now: tuple[float, float]) -> float | None:
    """Seconds that the rest takes at the rate from one mark to another; None where nothing was done between them."""
    seconds, done = now[0] - since[0], now[1] - since[1]
    return (1 - now[1]) * seconds / done if done > 0 and seconds > 0 else None


def _forget(marks: deque, since: float) -> None:
    """Drops what is older, but for two marks."""
    while len(marks) > 2 and marks[0][0] < since:
        marks.popleft()


def about(seconds: float) -> str:
    """A time that nobody knows exactly, as people say it.

    >>> [about(seconds) for seconds in (2, 13, 58, 80, 440, 9000)]
    ['a few seconds', 'about 15 s', 'about 1 min', 'about 1 min 30 s', 'about 7 min', 'about 2 h 30 min']
    """
    if seconds < _A_FEW:
        return "a few seconds"
    unit = 5 if seconds < 57.5 else 30 if seconds < 285 else 60 if seconds < 3570 else 600
    rounded = max(unit * round(seconds / unit), _A_FEW)
    hours, minutes, rest = rounded // 3600, rounded % 3600 // 60, rounded % 60
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return "about " + " ".join(f"{value} {name}" for value, name in parts if value)
