"""How far an encode is within a step, of which it tells only at the end: of a large picture one takes a second."""

from __future__ import annotations

from collections.abc import Hashable

_MOST = 0.9  # share of a step, or of all that is left, that is told before it has ended: the next one may be shorter
_FIRST, _ASKED = 0.01, 50  # share of all that is left that a step is taken for of which nothing is known, and asks


class WithinStep:
    """Counts how often the work asks whether to go on (`render.interruption`): in a step about as often as in the last.

    >>> within = WithinStep()
    >>> within.mark(0.5), [round(within.asked(), 4) for _ in range(4)]  # nothing is known of the first step
    (0.5, [0.5001, 0.5002, 0.5003, 0.5004])
    >>> within.mark(0.6), [round(within.asked(), 3) for _ in range(6)]
    (0.6, [0.625, 0.65, 0.675, 0.69, 0.69, 0.69])
    >>> within.mark(0.65)  # what has been told is not taken back
    0.69
    """

    def __init__(self):
        self._fraction = self._rise = self._told = 0.0
        self._asked = self._usual = 0
        self._stretch: Hashable = None
        self._is_known = self._has_begun = False

    def mark(self, fraction: float, stretch: Hashable = None) -> float:
        """Notes the end of a step.

        Args:
            fraction: of all the work done, 0 to 1; less than before where it begins anew.
            stretch: such as a stage: steps of another one say nothing of those that come.

        Returns:
            What is to be told.
        """
        self._is_known = self._has_begun and stretch == self._stretch and fraction >= self._fraction and self._asked > 0
        self._rise = min(fraction - self._fraction, 1 - fraction) if self._is_known else _FIRST * (1 - fraction)
        self._told = max(fraction, self._told) if fraction >= self._fraction else fraction
        self._fraction, self._stretch, self._has_begun = fraction, stretch, True
        self._usual, self._asked = self._asked, 0
        return self._told

    def asked(self) -> float:
        """Notes that the work goes on. Returns: what is to be told."""
        if not self._has_begun:
            self.mark(0.0)
        self._asked += 1
        usual = self._usual if self._is_known else self._asked + _ASKED
        self._told = max(self._told, self._fraction + min(self._asked / usual, _MOST) * self._rise)
        return self._told
