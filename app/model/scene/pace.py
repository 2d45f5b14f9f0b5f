"""How coarse a picture has to be so that it follows a hand, learned from how long the last ones took.

Some of that time goes to every Gaussian, whatever the pixels are, and some to the pixels: to have fewer of them saves
the second part alone, and is worth it only until that is small beside the first.

>>> pace = Pace(0.04)
>>> pace.note(1.0, 0.01, 0.12)  # the pixels took four times as long as they may: half as many of them a side
>>> pace.coarseness
2.0
>>> pace.note(2.0, 0.01, 0.001)  # a view of nothing: finer step by step, as the next may be of everything
>>> pace.coarseness
1.0
>>> pace.note(1.0, 0.08, 0.08)  # half goes to a million Gaussians: no picture is so coarse that it comes in time
>>> pace.coarseness
2.0
>>> pace.note(2.0, 0.08, 0.02)  # and a coarser one would hardly come sooner
>>> pace.coarseness
2.0
"""

from __future__ import annotations

import math

_COARSEST = 4.0  # pixels of the screen a side that one of the picture may cover
_MOST = 2.0  # factor by which one picture can change the pace
_LITTLE = 0.25  # of the time that goes to the Gaussians: what pixels may take in any case


class Pace:
    """Args: seconds: that a picture may take while something moves.

    Attributes:
        coarseness: pixels of the screen a side for each of the picture, 1 or more.
    """

    def __init__(self, seconds: float):
        self._seconds = seconds
        self.coarseness = 1.0

    def note(self, coarseness: float, of_gaussians: float, of_pixels: float) -> None:
        """A picture that was so coarse has taken so many seconds for its Gaussians, and so many for its pixels."""
        allowed = max(self._seconds - of_gaussians, _LITTLE * of_gaussians)
        change = min(max(math.sqrt(of_pixels / allowed), 1 / _MOST), _MOST)
        self.coarseness = min(max(coarseness * change, 1.0), _COARSEST)
