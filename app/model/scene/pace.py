"""How coarse a picture has to be so that it follows a hand, learned from how long the last ones took.

>>> pace = Pace(0.04)
>>> pace.note(1.0, 0.16)   # a whole picture took four times as long as it may: half as many pixels a side
>>> pace.coarseness
2.0
>>> pace.note(2.0, 0.08)   # what does not depend on the pixels takes long, too
>>> round(pace.coarseness, 2)
2.83
>>> pace.note(2.83, 0.001)  # a view of nothing: it becomes finer step by step, for the next may be of everything
>>> round(pace.coarseness, 2)
1.41
"""

from __future__ import annotations

import math

_COARSEST = 4.0  # pixels of the screen a side: sixteen fewer of them, and what is left does not depend on pixels
_MOST = 2.0  # factor by which one picture can change the pace


class Pace:
    """Args: seconds: that a picture may take while something moves.

    Attributes:
        coarseness: pixels of the screen a side for each of the picture, 1 or more.
    """

    def __init__(self, seconds: float):
        self._seconds = seconds
        self.coarseness = 1.0

    def note(self, coarseness: float, seconds: float) -> None:
        """A picture that was so coarse has taken so long."""
        change = min(max(math.sqrt(seconds / self._seconds), 1 / _MOST), _MOST)
        self.coarseness = min(max(coarseness * change, 1.0), _COARSEST)
