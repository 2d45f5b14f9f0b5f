"""Edits that follow a hand and take more than a moment: a thread makes the newest state of each, and the last is kept.

    begin --- follow, follow, ... --- end          one thing to undo
                 |
                 +--- thread: of what came meanwhile only the newest ---> seen while the hand goes on

Several may wait: a stroke that begins before the one before it is made is made of what that one leaves. What is edited
otherwise meanwhile is no loss, either: the edit is made anew, of what is there then. Only on another canvas, where a
step of the history leads, what was drawn has no place any more.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.editing.editing import Editing
from daub.app.model.editing.population import Population
from daub.app.model.editing.session import Session
from daub.app.model.work.failure import Failure, failure_of_work
from daub.app.model.work.newest import Newest
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError


@dataclass(frozen=True, eq=False)
class Made:
    """What a edit makes of a population.

    Args:
        population: after it.
        origin: as of `Change.between`.
        count: of the Gaussians that it is about.
    """

    population: Population
    origin: np.ndarray | None
    count: int


if TYPE_CHECKING:
    from daub.codec.editing.refit import RefitProgress

_ELSEWHERE = "an edit under way was given up", "the canvas has become another", "undo that, or do it again"
_LONGEST = 10.0  # seconds that a fit may take which nobody watches

Make = Callable[[Population], Made]  # takes its time, on a thread


@dataclass(eq=False)
class PendingEdit:
    """One of them.

    Args:
        session: of what is edited.
        label: what is undone, of the number of Gaussians.
        make: the newest.
        version: how many have been wanted so far.
        shown: which of them is seen.
        is_over: the hand has let go.
        then: called with what it has come to, once that can be undone.
        is_done: it can be undone, or was given up.
    """

    session: Session
    label: Callable[[int], str]
    make: Make | None = None
    version: int = 0
    shown: int = 0
    is_over: bool = field(default=False, init=False)
    then: Callable[[Made], object] = field(default=lambda made: None, init=False)
    is_done: bool = field(default=False, init=False)

    def __post_init__(self):
        self._canvas = self.session.population.canvas

    @property
    def is_where_it_began(self) -> bool:
        """The canvas is still that on which a hand has drawn it."""
        return self.session.population.canvas == self._canvas


class PendingEdits:
    """See above. All is called on the thread of the model.

    Attributes:
        changed: another state is seen, or one is done.
    """

    def __init__(self, workspace: Workspace, editing: Editing):
        self.changed = Signal()
        self._workspace, self._editing = workspace, editing
        self._queue: deque[PendingEdit] = deque()  # the first is being made
        self._newest = Newest(workspace.background, self._take, self._fail)

    @property
    def is_busy(self) -> bool:
        """One is under way, or waits."""
        return bool(self._queue)

    @property
    def edits(self) -> tuple[PendingEdit, ...]:
        """All of them, the one under way first."""
        return tuple(self._queue)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the rows that they are about."""
        return tuple(edit.session.name for edit in self._queue)

    def has_time(self) -> bool:
        """No other waits, and it was not given up, so that one may take longer; from any thread."""
        return len(self._queue) == 1

    def begin(self, label: Callable[[int], str]) -> PendingEdit | None:
        """One begins; None where nothing can be edited, as is told. Args: as of `PendingEdit`."""
        if self._editing.begin() is None:
            return None
        edit = PendingEdit(self._editing.session, label)
        self._queue.append(edit)
        return edit

    def follow(self, edit: PendingEdit, make: Make) -> None:
        """The hand has gone on."""
        edit.make, edit.version = make, edit.version + 1
        self._go_on_with(edit)

    def end(
        self, edit: PendingEdit, make: Make | None = None, then: Callable[[Made], object] = lambda made: None
    ) -> None:
        """The hand has let go.

        Args:
            make: takes longer, and is done in the place of what is seen; None: that is done.
            then: as of `PendingEdit`.
        """
        edit.is_over, edit.then = True, then
        if make is not None:
            edit.make, edit.version = make, edit.version + 1
        self._go_on_with(edit)

    def give_up(self, edit: PendingEdit) -> None:
        """It has not been."""
        if edit in self._queue:
            was_seen = self._queue[0] is edit
            self._drop(edit)
            if was_seen:
                edit.session.move(None)
            self._go_on()

    def take_back(self) -> bool:
        """Gives up the last one; False where there is none."""
        if self._queue:
            self.give_up(self._queue[-1])
            return True
        return False

    def close(self) -> None:
        """None is wanted any more: a fit under way ends with its next step."""
        self._newest.drop()
        while self._queue:
            self._queue.popleft().is_done = True

    def _go_on_with(self, edit: PendingEdit) -> None:
        """Unless others are before it."""
        if self._queue and self._queue[0] is edit:
            self._go_on()

    def _go_on(self) -> None:
        """Makes the first one, as it is now."""
        if self._queue:
            first = self._queue[0]
            if not first.is_where_it_began:
                self._fail(failure_of_work(DaubError(*_ELSEWHERE)))
            elif first.make is not None:
                population = first.session.population
                self._newest.want(partial(_made, first, first.version, first.make, population))
            elif first.is_over:
                self._drop(first)
                self._go_on()

    def _take(self, outcome: tuple[PendingEdit, int, Population, Made]) -> None:
        edit, version, before, made = outcome
        if edit.is_done:
            return
        if not edit.session.is_there:
            self._drop(edit)
        elif edit.session.population is not before:  # something else was edited meanwhile
            self._go_on()
            return
        elif edit.is_over and version == edit.version:
            try:
                self._editing.apply(edit.label(made.count), made.population, made.origin, session=edit.session)
                edit.then(made)
            finally:
                self._drop(edit)
        else:
            edit.shown = version
            edit.session.move(made.population)
            self.changed.emit()
            return
        self._go_on()

    def _drop(self, edit: PendingEdit) -> None:
        edit.is_done = True
        self._queue.remove(edit)
        self.changed.emit()

    def _fail(self, failure: Failure) -> None:
        """What is under way comes to nothing; the others go on."""
        if self._queue:
            self.give_up(self._queue[0])
        self._workspace.failed.emit(failure)


def fitted(
    records: Generator[RefitProgress, None, RefitProgress], may_go_on: Callable[[], bool]
) -> RefitProgress | None:
    """What a fit comes to; None where there is no time for it. Args: may_go_on: asked between two steps."""
    begun = time.monotonic()
    while may_go_on() and time.monotonic() - begun < _LONGEST:
        try:
            next(records)
        except StopIteration as end:
            return end.value
    return None


def _made(edit: PendingEdit, version: int, make: Make, before: Population) -> tuple[PendingEdit, int, Population, Made]:
    return edit, version, before, make(before)
