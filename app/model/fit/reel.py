"""States of fits that are kept on the way, so that a person can look back at them and go on from any.

A fit keeps one at every growth and at even steps, as long as there is room: all reels of a window share a budget of
memory. Where that runs out, the oldest reels go down to their last state, which a fit may still go on from; then the
newest is thinned, even steps first.

    >>> from daub.render.gaussians import Gaussians
    >>> from daub.app.model.fit.state import Snapshot
    >>> reel = Reel(Budget(1 << 20))
    >>> for step in range(1, 101):
    ...     if reel.wants(step, steps=100, event=None):
    ...         reel.keep(Kept(step, Snapshot(Gaussians.empty(5), 5), nbytes=160))
    >>> [kept.step for kept in reel.states][:4], reel.at(51).step
    ([1, 2, 4, 6], 50)
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daub.codec.progress import Event

if TYPE_CHECKING:
    from daub.app.model.fit.state import Snapshot
    from daub.codec.encoder import Start

BUDGET = 256 << 20  # bytes, of all states of a window
_EVEN = 40  # states of a whole fit, besides those at growths


@dataclass(frozen=True, eq=False)
class Kept:
    """A fit as it was after a step.

    Args:
        step: of the fit.
        snapshot: what there was to see, and what was known of it.
        start: what an encode can go on from, None where there is nothing but the picture.
        nbytes: of memory that it takes.
        grown: the population had just grown, or the fit had come to its end: kept in preference.
    """

    step: int
    snapshot: Snapshot
    start: Start | None = None
    nbytes: int = 0
    grown: bool = False

    @property
    def can_go_on(self) -> bool:
        """A fit can go on from here."""
        return self.start is not None


class Budget:
    """What the reels of a window may take together.

    Args:
        limit: bytes.
    """

    def __init__(self, limit: int = BUDGET):
        self._limit = limit
        self._reels: list[Reel] = []  # the oldest first
        self.lock = threading.Lock()  # held while states come and go

    def add(self, reel: Reel) -> None:
        """From now on it counts."""
        with self.lock:
            self._reels.append(reel)

    def make_room(self) -> None:
        """Lets states go until the rest fits. The lock is held."""
        reels = list(self._reels)
        for reel in reels[:-1]:
            if self.taken <= self._limit:
                break
            reel.leave_the_last()
        self._reels = [reel for reel in self._reels if len(reel) or reel is reels[-1]]
        while self.taken > self._limit and reels[-1].thin():
            pass

    @property
    def taken(self) -> int:
        """Bytes."""
        return sum(reel.nbytes for reel in self._reels)


class Reel:
    """The states of one fit. The worker keeps them, the window looks at them.

    Args:
        budget: of all reels.
        states: of the fit that this one goes on from, up to where it does.
    """

    def __init__(self, budget: Budget, states: tuple[Kept, ...] = ()):
        self._budget = budget
        self._begun = states  # always there
        self._states = states
        budget.add(self)

    def __len__(self) -> int:
        return len(self._states)

    @property
    def states(self) -> tuple[Kept, ...]:
        """In the order of their steps."""
        return self._states

    @property
    def nbytes(self) -> int:
        """Of all states together."""
        return sum(kept.nbytes for kept in self._states)

    @property
    def last(self) -> Kept | None:
        """The newest, None before the first."""
        return self._states[-1] if self._states else None

    def at(self, step: float) -> Kept | None:
        """The state nearest to a step; None where there is none."""
        return min(self._states, key=lambda kept: abs(kept.step - step), default=None)

    def beside(self, step: float, by: int) -> Kept | None:
        """The next state after a step, or the one before it; None beyond the ends. Args: by: 1 or -1."""
        steps = [kept.step for kept in self._states]
        index = bisect_left(steps, step) - 1 if by < 0 else bisect_left(steps, step + 1)
        return self._states[index] if 0 <= index < len(steps) else None

    def wants(self, step: int, steps: int, event: Event | None) -> bool:
        """Whether a state is to be kept now: at growths, at even steps and at the end."""
        every, last = max(1, round(steps / _EVEN)), self.last
        before = last.step if last is not None and last.step < step else 0
        return event is Event.GROWN or step in (1, steps) or step // every > before // every

    def keep(self, kept: Kept) -> None:
        """One more, in the place of what there is of the same step or of later ones."""
        with self._budget.lock:
            self._states = (*(each for each in self._states if each.step < kept.step), kept)
            self._budget.make_room()

    def clear(self) -> None:
        """The fit begins anew."""
        with self._budget.lock:
            self._states = self._begun

    def leave_the_last(self) -> None:
        """All others go. The lock of the budget is held."""
        self._states = self._states[-1:]
        self._begun = self._states if self._states == self._begun[-1:] else ()

    def thin(self) -> bool:
        """Every other state goes, those at growths later than others; False where only the last is left."""
        first, last = self._states[:-1], self._states[-1:]
        even = [kept for kept in first if not kept.grown]
        gone = {id(kept) for kept in (even or first)[::2]}
        self._begun = tuple(kept for kept in self._begun if id(kept) not in gone)
        self._states = (*(kept for kept in first if id(kept) not in gone), *last)
        return bool(gone)
