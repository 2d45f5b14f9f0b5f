"""What was done, so that it can be undone and done again: one queue of operations, and a cursor in it.

    done ... done | undone ... undone
                  cursor: `undo` goes back over the last one done, `redo` forth over the first one undone

Operations are small: they hold what changes, not copies of everything. One that is done while others lie undone takes
their place. Where all of them together take more memory than they may, the oldest can be undone no more.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Move:
    ...     label: str
    ...     by: int
    ...     def do(self, place): place[0] += self.by
    ...     def undo(self, place): place[0] -= self.by
    ...     def merged(self, later): return Move(self.label, self.by + later.by)
    >>> place = [0]
    >>> history = History(place)
    >>> history.do(Move("step", 1)); history.do(Move("step", 2))
    >>> place, history.undo_label
    ([3], 'step')
    >>> history.undo()  # both at once: they followed each other closely
    >>> place, history.redo_label
    ([0], 'step')
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from daub.app.model.work.signal import Signal

MERGED_WITHIN = 1.0  # seconds between two edits of the same thing that are undone as one, such as a dragged slider
LONGEST = 500  # operations that are kept ...
BUDGET = 256_000_000  # ... and the bytes that they may take together; the newest is kept whatever it takes


class Operation(Protocol):
    """One thing that was done to a subject."""

    label: str  # what is undone, as in "Undo quality"

    def do(self, subject: Any) -> None:
        """Does it, also after it was undone."""

    def undo(self, subject: Any) -> None:
        """Brings back what was before."""

    # And where that says more than the label, `title`: what was done, in a list; and where it holds more than some
    # numbers, `memory`: about the bytes that it takes.

    def merged(self, later: Any) -> Operation | None:
        """This and the operation that was done right after it as one; None where they are two things."""


class History:
    """Operations on one subject.

    Args:
        subject: what the operations work on.
        clock: seconds; a person's pace decides what is merged.
        budget: bytes.
    """

    def __init__(self, subject: Any, clock: Callable[[], float] = time.monotonic, budget: int = BUDGET):
        self.changed = Signal()  # what can be undone or redone
        self._subject, self._clock, self._budget = subject, clock, budget
        self._operations: list[Operation] = []
        self._cursor = 0  # operations before it are done, those from it on undone
        self._edited: float | None = None  # when the last one was done, None after anything else

    def do(self, operation: Operation) -> None:
        """Does it and remembers it; where that raises, nothing is remembered."""
        operation.do(self._subject)
        del self._operations[self._cursor :]
        merged, now = None, self._clock()
        if self._operations and self._edited is not None and now - self._edited <= MERGED_WITHIN:
            merged = self._operations[-1].merged(operation)
        if merged is not None:
            self._operations[-1] = merged
        else:
            self._operations = [*self._operations, operation]
        self._forget_oldest()
        self._cursor, self._edited = len(self._operations), now
        self.changed.emit()

    def undo(self) -> None:
        """Takes the last one back; nothing where there is none. Where that raises, it still counts as done."""
        if self.next_undo is not None:
            self.next_undo.undo(self._subject)
            self._moved(-1)

    def redo(self) -> None:
        """Does the last one that was undone again; nothing where there is none."""
        if self.next_redo is not None:
            self.next_redo.do(self._subject)
            self._moved(1)

    @property
    def titles(self) -> tuple[str, ...]:
        """Of all operations, the oldest first: `position` of them are done, and the others undone."""
        return tuple(getattr(operation, "title", operation.label) for operation in self._operations)

    @property
    def position(self) -> int:
        """How many are done."""
        return self._cursor

    @property
    def memory(self) -> int:
        """About the bytes that all of them take."""
        return sum(memory_of(operation) for operation in self._operations)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All of them, as `titles`."""
        return tuple(self._operations)

    def restore(self, done: Sequence[Operation], undone: Sequence[Operation]) -> None:
        """Remembers operations of another time: some that are done already, behind those that are, and some that lie
        undone, in the place of those that do here."""
        self._operations[self._cursor :] = [*done, *undone]
        self._cursor += len(done)
        self._edited = None
        self.changed.emit()

    def seal(self) -> None:
        """What comes next is undone by itself."""
        self._edited = None

    @property
    def next_undo(self) -> Operation | None:
        """What `undo` takes back."""
        return self._operations[self._cursor - 1] if self._cursor else None

    @property
    def next_redo(self) -> Operation | None:
        """What `redo` does again."""
        return self._operations[self._cursor] if self._cursor < len(self._operations) else None

    @property
    def undo_label(self) -> str:
        """Of what `undo` takes back, "" for nothing."""
        return self.next_undo.label if self.next_undo is not None else ""

    @property
    def redo_label(self) -> str:
        """Of what `redo` does again, "" for nothing."""
        return self.next_redo.label if self.next_redo is not None else ""

    def _forget_oldest(self) -> None:
        spare, kept = self._budget, 0
        for operation in reversed(self._operations[-LONGEST:]):
            spare -= memory_of(operation)
            if spare < 0 and kept:
                break
            kept += 1
        del self._operations[: len(self._operations) - kept]

    def _moved(self, by: int) -> None:
        self._cursor += by
        self._edited = None
        self.changed.emit()


def memory_of(operation: Operation) -> int:
    """About the bytes that an operation takes; nothing worth counting where it does not say."""
    return getattr(operation, "memory", 0)
