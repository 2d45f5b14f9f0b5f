"""What a hand has begun comes to its end first: a file that is written, and what changes the canvas, wait for it.

before(what, act) --- nothing is under way ---> act, at once
                  --- a stroke or a fit is ---> words, until all that had begun by then is done ---> act
                                                cancel: act never comes, and what is under way goes on
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daub.app.model.editing.brushing import Brushing
from daub.app.model.editing.pending import PendingEdit, PendingEdits
from daub.app.model.editing.refitting import Refitting
from daub.app.model.work.signal import Signal


@dataclass(frozen=True, eq=False)
class _Waiting:
    """What waits. Args: edits, fit: what it waits for; fit: as of `Refitting.under_way`."""

    what: str
    act: Callable[[], object]
    edits: tuple[PendingEdit, ...]
    fit: object | None


class Unfinished:
    """See above. All is called on the thread of the model.

    Args:
        notice: is told what was given up, in a line.

    Attributes:
        changed: something waits, has got further, or waits no more.
    """

    def __init__(
        self, brushing: Brushing, pending: PendingEdits, refitting: Refitting, notice: Callable[[str], object]
    ):
        self.changed = Signal()
        self._brushing, self._pending, self._refitting = brushing, pending, refitting
        self._notice = notice
        self._waiting: list[_Waiting] = []
        for work in (pending, refitting):
            work.changed.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Something has begun that is not in the Gaussians yet."""
        return self._pending.is_busy or self._refitting.is_on

    @property
    def names(self) -> tuple[str, ...]:
        """Of the rows that it is about."""
        return tuple(dict.fromkeys((*self._pending.names, *self._refitting.names)))

    @property
    def words(self) -> str:
        """What is waited for, and what comes then; "" where nothing waits."""
        if not self._waiting:
            return ""
        first = self._waiting[0]
        others = f", {len(self._waiting) - 1} more" if len(self._waiting) > 1 else ""
        return f"{self._doing(first)}, then {first.what}{others}"

    def before(self, what: str, act: Callable[[], object]) -> None:
        """Has it done once all that has begun by now is done: a stroke under the hand ends where it is.

        Args:
            what: is done, as in "writing photo.daub".
        """
        self._brushing.end()
        self._waiting.append(_Waiting(what, act, self._pending.edits, self._refitting.under_way))
        self._look()

    def cancel(self) -> None:
        """What waits is not done; what it waits for goes on."""
        given_up, self._waiting = self._waiting, []
        for each in given_up:
            self._notice(f"Gave up {each.what}")
        self.changed.emit()

    def close(self) -> None:
        """Nobody waits any more."""
        self._waiting = []

    def _look(self) -> None:
        """Does what need not wait any longer, one after the other."""
        while self._waiting and not self._left(self._waiting[0]):
            self._waiting.pop(0).act()
        self.changed.emit()

    def _left(self, waiting: _Waiting) -> int:
        """How many it still waits for."""
        fit = waiting.fit is not None and self._refitting.under_way is waiting.fit
        return sum(not edit.is_done for edit in waiting.edits) + fit

    def _doing(self, waiting: _Waiting) -> str:
        if waiting.fit is not None and self._refitting.under_way is waiting.fit:
            return self._refitting.progress
        left = self._left(waiting)
        return f"Making {left} edit{'' if left == 1 else 's'}"
