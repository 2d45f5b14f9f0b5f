"""The history of a fit, for the live plots: count and PSNR against step, and where the population changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.app.model.fit.reel import Budget, Reel
from daub.codec.progress import Event


@dataclass(frozen=True)
class Moment:
    """One step of a fit."""

    step: int
    count: int
    psnr: float  # dB
    event: Event | None  # how the population changed before it
    gained: int  # Gaussians since the step before, negative where some went


@dataclass(frozen=True)
class Pin:
    """A mark that stays at a step: a file was exported there, or the fit went on from there."""

    step: int
    words: str  # as in "photo.daub"


class Timeline:
    """Written by the worker, read by the window at any time: a length is raised only after its row is written.

    Args:
        steps: of the whole fit, beyond which it may go on.
        reel: the states that are kept of it.

    Attributes:
        pins: what was exported of it, and where it went on from another.
    """

    def __init__(self, steps: int, reel: Reel | None = None):
        self.steps = steps
        self.reel = Reel(Budget()) if reel is None else reel
        self.pins: tuple[Pin, ...] = ()
        self._rows = np.zeros((max(steps, 1), 3), np.float64)  # step, count, PSNR in dB
        self._length = self._begun = 0  # rows, and how many of them are those of the fit that this one goes on from
        self._events: list[tuple[int, Event]] = []

    def branch(self, step: int, steps: int, budget: Budget) -> Timeline:
        """The history of a fit that goes on from a step of this one, so far.

        Args:
            steps: of the new fit.
            budget: of its states.
        """
        states = tuple(kept for kept in self.reel.states if kept.step <= step)
        timeline = Timeline(max(steps, step), Reel(budget, states))
        length = int(np.searchsorted(self._rows[: self._length, 0], step, side="right"))
        timeline._rows[:length] = self._rows[:length]
        timeline._length = timeline._begun = length
        timeline._events = [each for each in list(self._events) if each[0] <= step]
        timeline.pins = (*(pin for pin in self.pins if pin.step <= step), Pin(step, "went on from here"))
        return timeline

    def pin(self, step: int, words: str) -> None:
        """Marks a step for good."""
        self.pins = (*self.pins, Pin(step, words))

    def record(self, step: int, count: int, psnr: float, event: Event | None) -> None:
        """One step more; a step that has been there already begins another fit, from the start or the branch."""
        if self._begun and step <= self._rows[self._begun - 1, 0]:
            return  # what it goes on from was at its end: no step is left to take
        if self._length and step <= self._rows[self._length - 1, 0]:
            begun = self._begun
            self._length = begun  # an encoder that missed its goal fits again
            since = self._rows[begun - 1, 0] if begun else 0
            self._events = [each for each in self._events if each[0] <= since]
            self.reel.clear()
        if self._length == len(self._rows):  # a fit that goes on beyond its steps, as one with foresight does
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._length] = step, count, psnr
        self._length += 1
        if event is not None:
            self._events.append((step, event))

    @property
    def step(self) -> int:
        """The newest that was recorded, 0 before the first."""
        length = self._length
        return int(self._rows[length - 1, 0]) if length else 0

    def __len__(self) -> int:
        return self._length

    def curves(self, points: int) -> np.ndarray:
        """(3, M) float64, M <= points + 1: step, count, PSNR, thinned evenly, the newest always among them.

        A plot of 200 000 points would cost 300 ms a frame in software rendering.
        """
        rows = self._rows[: self._length]
        stride = max(1, -(-len(rows) // points))
        thinned = rows[::stride]
        if len(rows) and (len(rows) - 1) % stride:
            thinned = np.concatenate([thinned, rows[-1:]])
        return np.ascontiguousarray(thinned.T)

    def events(self, kind: Event) -> np.ndarray:
        """(M,) float64: the steps before which the population changed in that way."""
        return np.array([step for step, event in list(self._events) if event == kind], np.float64)

    def moment(self, step: float, reach: float) -> Moment | None:
        """What was nearest to a step; None where nothing is recorded.

        Args:
            reach: steps within which a change of the population goes before a nearer row without one.
        """
        rows = self._rows[: self._length]
        if not len(rows):
            return None
        changes = [each for each in list(self._events) if abs(each[0] - step) <= reach]
        change = min(changes, key=lambda each: abs(each[0] - step), default=None)
        row = int(np.abs(rows[:, 0] - (step if change is None else change[0])).argmin())
        at, count, psnr = rows[row]
        gained = count - rows[row - 1, 1] if row else 0
        return Moment(int(at), int(count), float(psnr), None if change is None else change[1], int(gained))
