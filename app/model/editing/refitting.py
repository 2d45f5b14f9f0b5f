"""Fits that are edits: refit what is selected, more or less detail there, remove and fill. One at a time, beside the
window; it is watched while it goes on, can be given up, and is undone as one.

    start ---> thread: records of codec.editing ---> move, now and then: what is seen
                                                ---> apply, at the end: what can be undone
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from daub.app.model.editing.drawn import Drawn
from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.population import Population
from daub.app.model.editing.session import Session
from daub.app.model.sources.sources import Sources
from daub.app.model.work.failure import Failure, failure_of_work
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.table import MOST_MORE
from daub.codec.errors import DaubError
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

_EVERY = 0.1  # seconds between two states that are shown
_SHARE = 0.25  # of the Gaussians in a region that more or less detail adds or takes
_LEAST = 4  # Gaussians, likewise


class What(Enum):
    """What is fitted: a name for a person, and whether the source is needed."""

    REFIT = ("Refitting", True)
    MORE = ("More detail", True)
    LESS = ("Less detail", True)
    FILL = ("Removing and filling", False)

    @property
    def words(self) -> str:
        """What goes on."""
        return self.value[0]

    @property
    def needs_source(self) -> bool:
        """There has to be an image to fit to."""
        return self.value[1]


@dataclass(frozen=True, eq=False)
class _Task:
    """What the thread is given, and what must still be so when it is done."""

    what: What
    session: Session
    population: Population
    drawn: Drawn | None  # where; None: where the selected ones are
    source: np.ndarray | None  # (H, W, 3)
    given_up: threading.Event
    holds_size: bool
    more: int


class Refitting:
    """See above.

    Args:
        editing: what is selected, and gets what comes of it.
        sources: know the image that is fitted to.

    Attributes:
        holds_size: more or less detail in one place leaves the size of the file as it is.
        more: Gaussians that a refit adds, where the picture is farthest from the source.
    """

    def __init__(self, workspace: Workspace, editing: Editing, sources: Sources):
        self.changed = Signal()
        self._workspace, self._editing, self._sources = workspace, editing, sources
        self.holds_size = False
        self.more = 0
        self._task: _Task | None = None
        self._fraction = 0.0

    def hold_size(self, on: bool) -> None:
        """From now on more detail in one place takes it from the others, and less gives it to them; or not any more."""
        self.holds_size = on
        self.changed.emit()

    def add_more(self, count: int) -> None:
        """From now on a refit adds so many Gaussians, at most MOST_MORE."""
        self.more = min(max(count, 0), MOST_MORE)
        self.changed.emit()

    @property
    def is_on(self) -> bool:
        """One is under way."""
        return self._task is not None

    @property
    def under_way(self) -> object | None:
        """Another object for each that is begun; None where none is."""
        return self._task

    @property
    def names(self) -> tuple[str, ...]:
        """Of the row that it is about."""
        return () if self._task is None else (self._task.session.name,)

    @property
    def progress(self) -> str:
        """What goes on, and how far it is; "" for nothing."""
        return "" if self._task is None else f"{self._task.what.words}: {100 * self._fraction:.0f} %"

    @property
    def words(self) -> str:
        """The same, and what gives it up."""
        return "" if self._task is None else f"{self.progress}, Esc gives it up"

    def why_not(self, what: What) -> str:
        """Why that cannot begin, "" where it can."""
        editing = self._editing
        if self.is_on:
            return "another one is under way"
        if editing.session is None or not (editing.count or editing.drawn is not None):
            return "nothing is selected"
        if what.needs_source and self._source is None:
            return "there is no image with the same pixels to fit to"
        return ""

    def start(self, what: What) -> None:
        """Begins with that, on what is selected, or in the shape by which it was."""
        if self.why_not(what):
            return
        population, session = self._editing.population, self._editing.session
        source = self._source if what.needs_source else None
        task = _Task(
            what, session, population, self._editing.drawn, source, threading.Event(), self.holds_size, self.more
        )  # fmt: skip
        self._task, self._fraction = task, 0.0
        self._workspace.background.run_alone(
            lambda: self._work(task), lambda done: self._finish(task, done), lambda failure: self._fail(task, failure)
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Gives up the one under way: everything is as it was."""
        task, self._task = self._task, None
        if task is not None:
            task.given_up.set()
            task.session.move(None)
            self.changed.emit()

    @property
    def _source(self) -> np.ndarray | None:
        picture, population = self._sources.reference.picture, self._editing.population
        if picture is None or picture.pixels is None or population is None:
            return None
        return population.registration.pixels(picture.pixels, (population.width, population.height))

    # On the thread.

    def _work(self, task: _Task) -> tuple[Gaussians, np.ndarray] | None:
        """What came of it, and the origin of each; None where it was given up."""
        shown, last, rasteriser = time.monotonic(), None, self._editing.open_device()
        try:
            for record in _records(task, rasteriser):
                if task.given_up.is_set():
                    return None
                last = record
                if time.monotonic() - shown >= _EVERY:
                    shown = time.monotonic()
                    after = task.population.redrawn(record.gaussians, record.origin)
                    self._tell(task, after, record.step / max(record.steps, 1))
            return last.gaussians, last.origin
        finally:
            rasteriser.release()

    def _tell(self, task: _Task, population: Population, fraction: float) -> None:
        self._workspace.background.tell(lambda: self._show(task, population, fraction))

    # On that of the model.

    def _show(self, task: _Task, population: Population, fraction: float) -> None:
        if self._task is task and task.session.population.is_like(task.population):
            self._fraction = fraction
            task.session.move(population)
            self.changed.emit()

    def _finish(self, task: _Task, done: tuple[Gaussians, np.ndarray] | None) -> None:
        if self._task is not task:
            return
        self._task = None
        if task.session.is_there and task.session.population.is_like(task.population):
            gaussians, origin = done
            count = int((origin < 0).sum())
            label = f"{task.what.words.lower()} ({gaussian_words(len(gaussians))}, {count:,} new)"
            after = task.session.population.redrawn(gaussians, origin)
            self._editing.apply(label, after, origin, session=task.session)
            if task.drawn is not None and task.what is not What.FILL:  # the next one is about the same place
                self._editing.keep_drawn(task.session, task.drawn)
            self._tell_of_room(task, len(gaussians) - len(task.population))
        else:
            task.session.move(None)
            why = "something else was edited meanwhile"
            error = DaubError(f"{task.what.words} came to nothing", why, "begin again")
            self._workspace.failed.emit(failure_of_work(error))
        self.changed.emit()

    def _tell_of_room(self, task: _Task, added: int) -> None:
        from daub.codec.editing.births_inside import told_of_room

        told = told_of_room(task.more, added) if task.what is What.REFIT else ""
        if told:
            self._workspace.noticed.emit(told)

    def _fail(self, task: _Task, failure: Failure) -> None:
        if self._task is task:
            self.cancel()
            self._workspace.failed.emit(failure)


def _records(task: _Task, rasteriser: Rasteriser) -> Generator:
    """The records of what is asked for."""
    from daub.codec.editing.detail import held_detail, less_detail, more_detail
    from daub.codec.editing.filling import remove_and_fill
    from daub.codec.editing.refit import refit, support_of, within

    population, may = task.population, task.population.may_change
    source = None if task.source is None else np.ascontiguousarray(task.source)
    drawing = Drawing(population.shown(), population.width, population.height)
    selected = population.selected & may
    region = support_of(drawing, selected, rasteriser) if task.drawn is None else task.drawn.pixels
    if task.what is What.FILL:
        return remove_and_fill(drawing, region, rasteriser, may)
    inside = within(drawing.gaussians, region, rasteriser) & may
    if task.what is What.REFIT:
        free = selected if selected.any() else inside
        return refit(drawing, source, region, free, rasteriser, task.more)
    number = max(round(_SHARE * inside.sum()), _LEAST)
    if task.holds_size:
        count = number if task.what is What.MORE else -number
        return held_detail(drawing, source, region, count, rasteriser, _size_of(task.session), may)
    change: Callable[..., Generator] = more_detail if task.what is What.MORE else less_detail
    return change(drawing, source, region, number, rasteriser, may)


def _size_of(session: Session) -> Callable[[Drawing], int]:
    """What tells about the bytes of a file, as the row does."""
    from daub.codec.editing.to_file import estimated_size

    document = session.document
    return lambda drawing: estimated_size(drawing, document)
