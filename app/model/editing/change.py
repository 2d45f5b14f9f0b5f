"""The difference of two states of an edit, small, and exact to the bit in both directions.

    before   0 1 2 3 4         those that go are kept with their places,
             | x | | |         those that stay with what has changed of them,
    after    0   1 2 3 4 5     and newborn ones stand behind.

>>> from daub.codec.editing.drawing import Drawing
>>> before = Population.of(Drawing(Gaussians.empty(3), 20, 10))
>>> change = Change.between(before, before.selecting(np.array([False, True, False])))
>>> change.forward(before).selected.tolist(), change.backward(change.forward(before)).selected.tolist()
([False, True, False], [False, False, False])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from daub.app.model.editing.population import Population, Sheet
from daub.render.gaussians import Gaussians

_COLUMNS: tuple[Callable[[Population], np.ndarray], ...] = (
    lambda population: population.gaussians.parameters,
    lambda population: population.flags,
    lambda population: population.group,
)


@dataclass(frozen=True, eq=False)
class ColumnChange:
    """Other values in one column of those that stay.

    Args:
        rows: (C,) int32, counted after the change.
        old, new: (C, ...) values.
    """

    rows: np.ndarray
    old: np.ndarray
    new: np.ndarray

    @staticmethod
    def between(before: np.ndarray, after: np.ndarray) -> ColumnChange:
        """Args: before, after: (S, ...) of those that stay."""
        if before is after or not len(before):
            return ColumnChange(np.empty(0, np.int32), before[:0], after[:0])
        # By their bits, so that 0 and -0 are two things, and what is not a number is equal to itself.
        bits = [np.ascontiguousarray(each).reshape(len(each), -1).view(np.uint8) for each in (before, after)]
        rows = np.flatnonzero((bits[0] != bits[1]).any(1)).astype(np.int32)
        return ColumnChange(rows, before[rows], after[rows])

    def then(self, later: ColumnChange) -> ColumnChange:
        """Both at once."""
        rows = np.union1d(self.rows, later.rows).astype(np.int32)
        old = np.empty((len(rows), *self.old.shape[1:]), self.old.dtype)
        new = np.empty_like(old)
        for each, first in ((later, False), (self, True)):  # the first one's old values, and the last one's new ones
            at = np.searchsorted(rows, each.rows)
            old[at] = each.old
            if first:
                untouched = ~np.isin(each.rows, later.rows)
                new[at[untouched]] = each.new[untouched]
            else:
                new[at] = each.new
        return ColumnChange(rows, old, new)

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.rows.nbytes + self.old.nbytes + self.new.nbytes


@dataclass(frozen=True, eq=False)
class Change:
    """What has become another thing.

    Args:
        gone: (G,) int32, places of those that went.
        lost: their values in each column.
        stayed: what changed of the others, in each column.
        born: values of newborn ones in each column.
        before, after: the canvas, and the groups.
    """

    gone: np.ndarray
    lost: tuple[np.ndarray, ...]
    stayed: tuple[ColumnChange, ...]
    born: tuple[np.ndarray, ...]
    before: Sheet
    after: Sheet

    @staticmethod
    def between(before: Population, after: Population, origin: np.ndarray | None = None) -> Change:
        """From one to the other.

        Args:
            origin: (M,) which one of before each is, ascending, and -1 for newborn ones, which stand behind; None: all
                are at their places.
        """
        if origin is None:
            left, stays = np.arange(len(before)), len(before)
            gone = np.empty(0, np.int32)
        else:
            stays = int((origin >= 0).sum())
            left = origin[:stays]
            missing = np.ones(len(before), bool)
            missing[left] = False
            gone = np.flatnonzero(missing).astype(np.int32)
        lost, stayed, born = [], [], []
        for column in _COLUMNS:
            old, new = column(before), column(after)
            lost.append(old[gone])
            same = old is new and origin is None
            stayed.append(ColumnChange.between(old if origin is None else old[left], old if same else new[:stays]))
            born.append(new[stays:].copy())
        return Change(gone, tuple(lost), tuple(stayed), tuple(born), before.sheet, after.sheet)

    def forward(self, population: Population) -> Population:
        """After it."""
        return _made(population, self._ahead, self.after)

    def backward(self, population: Population) -> Population:
        """Before it."""
        return _made(population, self._back, self.before)

    def _ahead(self, place: int, column: np.ndarray) -> np.ndarray:
        change, born = self.stayed[place], self.born[place]
        if not (len(self.gone) or len(change.rows) or len(born)):
            return column
        after = np.delete(column, self.gone, 0) if len(self.gone) else column.copy()
        after[change.rows] = change.new
        return np.concatenate([after, born]) if len(born) else after

    def _back(self, place: int, column: np.ndarray) -> np.ndarray:
        change, born = self.stayed[place], self.born[place]
        if not (len(self.gone) or len(change.rows) or len(born)):
            return column
        stayed = column[: len(column) - len(born)].copy()
        stayed[change.rows] = change.old
        if not len(self.gone):
            return stayed
        before = np.empty((len(stayed) + len(self.gone), *column.shape[1:]), column.dtype)
        there = np.ones(len(before), bool)
        there[self.gone] = False
        before[there], before[self.gone] = stayed, self.lost[place]
        return before

    def then(self, later: Change) -> Change | None:
        """Both at once; None where Gaussians come or go."""
        if any(len(change.gone) or len(change.born[0]) for change in (self, later)):
            return None
        stayed = tuple(one.then(other) for one, other in zip(self.stayed, later.stayed, strict=True))
        return Change(self.gone, self.lost, stayed, self.born, self.before, later.after)

    @property
    def is_nothing(self) -> bool:
        """Everything is as it was."""
        same = self.before == self.after and not len(self.gone) and not len(self.born[0])
        return same and not any(len(change.rows) for change in self.stayed)

    @property
    def memory(self) -> int:
        """About the bytes that it takes."""
        arrays = sum(array.nbytes for array in (self.gone, *self.lost, *self.born))
        return arrays + sum(change.memory for change in self.stayed)


def _made(population: Population, change: Callable[[int, np.ndarray], np.ndarray], sheet: Sheet) -> Population:
    parameters, flags, group = (change(place, column(population)) for place, column in enumerate(_COLUMNS))
    same = parameters is population.gaussians.parameters
    gaussians = population.gaussians if same else Gaussians(parameters)
    return Population(gaussians, flags, group, *sheet)
