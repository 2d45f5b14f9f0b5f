"""How fast a fit goes and how long it still takes, from the last second or so of work."""

from __future__ import annotations

from collections import deque

_WINDOW = 1.5  # seconds: long enough to be steady, short enough to follow growth


class Pace:
    """Pauses are left out by calling `interrupt` before going on."""

    def __init__(self):
        self._marks: deque[tuple[float, int, float]] = deque()

    def interrupt(self) -> None:
        self._marks.clear()

    def mark(self, now: float, step: int, fraction: float) -> None:
        """Args: now in seconds; fraction of all the work done, 0 to 1."""
        self._marks.append((now, step, fraction))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW:
            self._marks.popleft()

    @property
    def steps_per_second(self) -> float | None:
        seconds, steps, _ = self._span()
        return steps / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        seconds, _, fraction = self._span()
        if seconds <= 0 or fraction <= 0:
            return None
        return (1 - self._marks[-1][2]) * seconds / fraction

    def _span(self) -> tuple[float, int, float]:
        if len(self._marks) < 2:
            return 0.0, 0, 0.0
        first, last = self._marks[0], self._marks[-1]
        return last[0] - first[0], last[1] - first[1], last[2] - first[2]
