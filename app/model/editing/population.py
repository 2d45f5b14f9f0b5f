"""What is edited, at one moment: Gaussians, which of them are selected, hidden or locked, their groups, and the canvas.

>>> one = Gaussians.build([[4, 3], [9, 3]], [np.eye(2)] * 2, [[1, 0, 0]] * 2)
>>> whole = Population.of(Drawing(one, 20, 10))
>>> some = whole.selecting(np.array([True, False])).flagged(Flag.HIDDEN, True)
>>> some.selected.tolist(), some.editable.tolist(), some.shown().coefficient.any(1).tolist()
([False, False], [False, True], [False, True])
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import IntFlag
from functools import cached_property
from typing import NamedTuple

import numpy as np

from daub.app.model.picture.registration import SAME, Registration
from daub.codec.editing.drawing import Drawing, inherited
from daub.codec.editing.groups import NO_GROUP, Group, editable, shown
from daub.render.gaussians import COEFFICIENT, Gaussians


class Flag(IntFlag):
    """What is noted of a Gaussian besides its numbers."""

    SELECTED = 1
    HIDDEN = 2
    LOCKED = 4


class Sheet(NamedTuple):
    """What is around Gaussians: the canvas, and the groups; as the attributes of `Population`."""

    width: int
    height: int
    groups: tuple[Group, ...] = ()
    registration: Registration = SAME


@dataclass(frozen=True, eq=False)
class Population:
    """One state of an edit. Its arrays are never written to.

    Args:
        gaussians: (N, 8).
        flags: (N,) uint8 of `Flag`.
        group: (N,) int32, the number of the group of each, NO_GROUP where it is in none.
        width, height: of the canvas, pixels.
        groups: the layers, by number.
        registration: of the canvas, where what the edit comes of lies on it.
    """

    gaussians: Gaussians
    flags: np.ndarray
    group: np.ndarray
    width: int
    height: int
    groups: tuple[Group, ...] = ()
    registration: Registration = SAME

    @staticmethod
    def of(drawing: Drawing) -> Population:
        """Nothing is selected, hidden or locked, and there are no groups."""
        count = len(drawing)
        return Population(
            drawing.gaussians, np.zeros(count, np.uint8), np.full(count, NO_GROUP, np.int32), *drawing.size
        )

    def __len__(self) -> int:
        """How many Gaussians there are."""
        return len(self.gaussians)

    @property
    def drawing(self) -> Drawing:
        """The Gaussians on their canvas, those that are hidden included."""
        return Drawing(self.gaussians, self.width, self.height)

    @property
    def sheet(self) -> Sheet:
        """All that does not belong to single Gaussians."""
        return Sheet(self.width, self.height, self.groups, self.registration)

    @property
    def canvas(self) -> tuple[int, int, Registration]:
        """Its width and height, pixels, and where what the edit comes of lies on it."""
        return self.width, self.height, self.registration

    def has(self, flag: Flag) -> np.ndarray:
        """(N,) bool: of which that is noted."""
        return (self.flags & flag) != 0

    @cached_property
    def selected(self) -> np.ndarray:
        """(N,) bool."""
        selected = self.has(Flag.SELECTED)
        selected.flags.writeable = False
        return selected

    @cached_property
    def count(self) -> int:
        """How many are selected."""
        return int(np.count_nonzero(self.selected))

    @cached_property
    def noted(self) -> Flag:
        """What is noted of any."""
        return Flag(int(np.bitwise_or.reduce(self.flags, initial=0)))

    @property
    def editable(self) -> np.ndarray:
        """(N,) bool: those that a hand may select and change, which are neither hidden nor locked."""
        return ~self.has(Flag.HIDDEN | Flag.LOCKED) & editable(self.groups, self.group)

    @property
    def may_change(self) -> np.ndarray:
        """(N,) bool: those of them that are drawn as they are, and not with the strength of a group."""
        strengths = np.array([*(group.strength for group in self.groups), 1.0])
        return self.editable & (strengths[self.group] == 1)

    @property
    def visible(self) -> np.ndarray:
        """(N,) bool: those that are seen."""
        return ~self.has(Flag.HIDDEN) & editable([replace(each, locked=False) for each in self.groups], self.group)

    def shown(self) -> Gaussians:
        """(N, 8): what is drawn, in their places; what is hidden adds nothing, and groups have their strength."""
        gaussians, hidden = shown(self.gaussians, self.groups, self.group), self.has(Flag.HIDDEN)
        if not hidden.any():
            return gaussians
        parameters = gaussians.parameters.copy()
        parameters[hidden, COEFFICIENT] = 0
        return Gaussians(parameters)

    def shows_as(self, other: Population) -> bool:
        """What is drawn of both is the same."""
        return self is other or (
            self.gaussians is other.gaussians
            and self.sheet == other.sheet
            and (not self.groups or np.array_equal(self.group, other.group))
            and np.array_equal(self.has(Flag.HIDDEN), other.has(Flag.HIDDEN))
        )

    def is_like(self, other: Population) -> bool:
        """All but what is selected is the same: what a fit makes of one, it makes of the other."""
        flags = (self.flags ^ other.flags) & np.uint8(~np.uint8(Flag.SELECTED))
        return self is other or (self.shows_as(other) and not flags.any() and np.array_equal(self.group, other.group))

    @cached_property
    def work(self) -> bytes:
        """A digest of all but what is selected: equal for equal work, whichever way it has come about."""
        flags = self.flags & np.uint8(~np.uint8(Flag.SELECTED))
        return _digest(self.gaussians.parameters, flags, self.group, said=self.sheet)

    @cached_property
    def look(self) -> bytes:
        """A digest of what a file of it would be made of."""
        drawing = self.written()
        return _digest(drawing.gaussians.parameters, said=drawing.size)

    def written(self) -> Drawing:
        """What a file is made of: all that is seen, with the strength of its group."""
        gaussians, visible = self.shown(), self.visible
        if not visible.all():  # mostly they are: a copy of 50 000 would be felt at each undo
            gaussians = Gaussians(gaussians.parameters[visible])
        return Drawing(gaussians, self.width, self.height)

    def picked(self) -> Drawing:
        """What is selected alone, as it is seen, on the whole canvas."""
        rows = self.selected & self.visible
        return Drawing(Gaussians(self.shown().parameters[rows]), self.width, self.height)

    # Others like it.

    def selecting(self, selected: np.ndarray) -> Population:
        """With another selection. Args: selected: (N,) bool."""
        return replace(self, flags=_with(self.flags, Flag.SELECTED, selected))

    def flagged(self, flag: Flag, on: bool) -> Population:
        """With that noted of the selected ones, or not any more. What is passed over now is not selected."""
        rows = self.selected
        flags = np.where(rows, self.flags | flag if on else self.flags & ~np.uint8(flag), self.flags).astype(np.uint8)
        after = replace(self, flags=flags)
        return after.selecting(after.selected & after.editable)

    def unflagged(self, flag: Flag) -> Population:
        """With that noted of none."""
        return replace(self, flags=self.flags & np.uint8(~np.uint8(flag)))

    def with_gaussians(self, gaussians: Gaussians) -> Population:
        """As many others in their places. Args: gaussians: (N, 8)."""
        return replace(self, gaussians=gaussians)

    def with_groups(self, groups: tuple[Group, ...], group: np.ndarray | None = None) -> Population:
        """Other groups. Args: group: (N,) int32; None: as before. What is passed over now is not selected."""
        after = replace(self, groups=groups, group=self.group if group is None else group)
        return after.selecting(after.selected & after.editable)

    def following(self, gaussians: Gaussians, origin: np.ndarray) -> Population:
        """After the population has changed; newborn ones are selected, and in no group.

        Args:
            gaussians: (M, 8).
            origin: (M,) which one of these each is, -1 for newborn ones.
        """
        flags, group = inherited(self.flags, origin, Flag.SELECTED), inherited(self.group, origin, NO_GROUP)
        return replace(self, gaussians=gaussians, flags=flags, group=group)

    def redrawn(self, gaussians: Gaussians, origin: np.ndarray | None = None) -> Population:
        """After what was drawn of it has changed: what may not change keeps its own numbers.

        Args:
            gaussians: (M, 8), made of those that `shown` gives.
            origin: as of `following`; None: all are at their places.
        """
        origin = np.arange(len(self)) if origin is None else origin
        parameters = gaussians.parameters.copy()
        held = np.flatnonzero(~inherited(self.may_change, origin, True))
        parameters[held] = self.gaussians.parameters[origin[held]]
        return self.following(Gaussians(parameters), origin)

    def without(self, gone: np.ndarray) -> Population:
        """Those that are left. Args: gone: (N,) bool."""
        left = ~gone
        return replace(
            self, gaussians=Gaussians(self.gaussians.parameters[left]), flags=self.flags[left], group=self.group[left]
        )


def _digest(*arrays: np.ndarray, said: object) -> bytes:
    digest = hashlib.blake2b(repr(said).encode(), digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


def _with(flags: np.ndarray, flag: Flag, on: np.ndarray) -> np.ndarray:
    return np.where(on, flags | np.uint8(flag), flags & np.uint8(~np.uint8(flag))).astype(np.uint8)
