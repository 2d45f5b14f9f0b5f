"""How a fit comes over the source when its first Gaussians are there: not at once, so that one sees what becomes of it.

Whoever has told the system that nothing shall move gets no transition: Qt knows that as animations of no duration.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QStyle

SECONDS = 0.4  # of the transition


def moves() -> bool:
    """The system lets things move on the screen."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


class Fade:
    """Args: clock: seconds, ever more of them. allowed: things may move on the screen, by default what `moves` says."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, allowed: Callable[[], bool] | None = None):
        self._clock, self._allowed = clock, moves if allowed is None else allowed
        self._began: float | None = None
        self._seen = True  # the side was there in the last frame

    def follow(self, is_there: bool, is_live: bool, over_something: bool) -> None:
        """To be called once in a frame, before it is drawn.

        Args:
            is_there: the side can be drawn.
            is_live: it is a fit under way.
            over_something: the other side can be drawn.
        """
        if is_there and not self._seen and is_live and over_something and self._allowed():
            self._began = self._clock()
        elif not is_there or not over_something:
            self._began = None
        self._seen = is_there

    @property
    def opacity(self) -> float:
        """Of the side, in front of the other one, 0 to 1; slow at both ends."""
        if self._began is None:
            return 1.0
        share = (self._clock() - self._began) / SECONDS
        if share >= 1:
            self._began = None
            return 1.0
        share = max(share, 0.0)
        return share * share * (3 - 2 * share)

    @property
    def is_on(self) -> bool:
        """The next frame is to follow at once."""
        return self._began is not None
