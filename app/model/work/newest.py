"""Work beside the model of which only the newest counts: one piece at a time, and of what came meanwhile the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure

T = TypeVar("T")


class Newest(Generic[T]):
    """Does one piece of work after another.

    Args:
        background: runs it.
        deliver: gets what came of each that was not overtaken, on the thread of the model.
        on_failure: is told of the others.
    """

    def __init__(self, background: Background, deliver: Callable[[T], None], on_failure: Callable[[Failure], None]):
        self._background, self._deliver, self._on_failure = background, deliver, on_failure
        self._next: Callable[[], T] | None = None
        self._busy = False
        self._dropped = False  # what is under way is of no use any more

    @property
    def is_busy(self) -> bool:
        """Something is under way, or waits."""
        return self._busy

    def want(self, work: Callable[[], T]) -> None:
        """Does that, next; what waits is left out, and what is under way is delivered still."""
        self._next = work
        if not self._busy:
            self._start()

    def drop(self) -> None:
        """Nothing that has been wanted so far is wanted any more."""
        self._next, self._dropped = None, self._busy

    def _start(self) -> None:
        work, self._next, self._busy, self._dropped = self._next, None, True, False
        self._background.run(work, lambda outcome: self._end(self._deliver, outcome), self._fail)

    def _fail(self, failure: Failure) -> None:
        self._end(self._on_failure, failure)

    def _end(self, tell: Callable[[object], None], outcome: object) -> None:
        self._busy = False
        dropped = self._dropped
        if self._next is not None:
            self._start()
        if not dropped:
            tell(outcome)
