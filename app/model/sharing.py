"""How the time of a machine is shared between fitting and drawing what has been fitted."""

from __future__ import annotations

from daub.app.model.fit_worker import FitWorker
from daub.app.model.signal import Signal

USUAL = 0.25  # share of the time that drawing may take while a fit runs
LEAST, MOST = 0.05, 0.75
_STEP = 0.1


class Sharing:
    """Both compete for the same processor, or the same graphics card.

    Args:
        worker: whose device may render frames.

    Attributes:
        viewing: share of the time that drawing may take while a fit runs, LEAST..MOST.
    """

    def __init__(self, worker: FitWorker):
        self.changed = Signal()
        self._worker = worker
        self.viewing = USUAL
        self.choose(USUAL)

    def choose(self, viewing: float) -> None:
        """Another share; what is out of range is taken for its end."""
        viewing = min(max(viewing, LEAST), MOST)
        self._worker.share_frames(viewing)
        if viewing != self.viewing:
            self.viewing = viewing
            self.changed.emit()

    def shift(self, by: int) -> None:
        """More for drawing, or less. Args: by: steps."""
        self.choose(round(self.viewing + _STEP * by, 2))

    @property
    def rest(self) -> float:
        """How many times as long as a painting the fit has to itself after it."""
        return (1 - self.viewing) / self.viewing
