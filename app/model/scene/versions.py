"""All versions of the scene that is open, and which two of them are compared.

Until somebody puts another one there, B is the original, and A nothing; once B is another version, A is the original.
"""

from __future__ import annotations

from typing import Literal

from daub.app.model.scene.version import ORIGINAL, Version
from daub.app.model.work.signal import Signal

SideName = Literal["a", "b"]
OTHER: dict[SideName, SideName] = {"a": "b", "b": "a"}


class Versions:
    """See above."""

    def __init__(self):
        self.changed = Signal()  # there are others, or others are compared
        self._rows: list[Version] = []
        self._chosen: dict[SideName, str | None] = {"a": None, "b": None}  # keys; None: as usual
        self._number = 0  # of the newest
        self._saved: set[str] = set()  # keys of those made here that are in a file by now

    def start_anew(self, original: Version) -> None:
        """Another scene is open."""
        self._rows = [original]
        self._saved.discard(original.key)
        self._chosen = {"a": None, "b": None}
        self.changed.emit()

    def replace(self, version: Version) -> None:
        """The one of that key has become this one."""
        self._rows = [version if each.key == version.key else each for each in self._rows]
        self.changed.emit()

    @property
    def rows(self) -> tuple[Version, ...]:
        """All of them, the original first."""
        return tuple(self._rows)

    def get(self, key: str | None) -> Version | None:
        """The one of that key, None where there is none."""
        return next((each for each in self._rows if each.key == key), None)

    @property
    def original(self) -> Version | None:
        """What was opened."""
        return self.get(ORIGINAL)

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Names of those that were made here and are in no file."""
        return tuple(each.name for each in self._rows if not self.is_saved(each))

    def is_saved(self, version: Version) -> bool:
        """It is in a file: it came from one, or was written to one."""
        return not version.is_growing and (version.data is None or version.key in self._saved)

    def note_saved(self, key: str) -> None:
        """It is in a file now."""
        self._saved.add(key)
        self.changed.emit()

    def new_key(self) -> str:
        """For a version that will come."""
        self._number += 1
        return f"version {self._number}"

    def add(self, version: Version, side: SideName = "b") -> None:
        """It is there now, and seen on that side."""
        self._rows.append(version)
        self.put(version.key, side)

    def remove(self, key: str) -> None:
        """It is gone, and the original in its place; the original itself stays."""
        if key != ORIGINAL and self.get(key) is not None:
            self._rows = [each for each in self._rows if each.key != key]
            self._settle({side: ORIGINAL if chosen == key else chosen for side, chosen in self._chosen.items()})

    # What is compared.

    def on(self, side: SideName) -> Version | None:
        """What is on a side, None where there is nothing."""
        if self._chosen[side] is not None:
            return self.get(self._chosen[side])
        if side == "b":
            return self.original
        b = self._chosen["b"]
        return None if b is None or b == ORIGINAL else self.original

    @property
    def compares(self) -> bool:
        """There is something on both."""
        return self.on("a") is not None and self.on("b") is not None

    def put(self, key: str, side: SideName) -> None:
        """Puts one on a side; what is there changes places with it where it is on the other one."""
        if self.get(key) is None:
            return
        here, there = self.on(side), self.on(OTHER[side])
        if there is not None and there.key == key:
            there = here
        self._settle({side: key, OTHER[side]: None if there is None else there.key})

    def _settle(self, chosen: dict[SideName, str | None]) -> None:
        """These are on the sides; the same on both is one thing to look at, and stands on B."""
        b = chosen["b"] or ORIGINAL
        self._chosen = {"a": None if chosen["a"] == b else chosen["a"], "b": b}
        self.changed.emit()

    def swap(self) -> None:
        """They change places."""
        if self.compares:
            self.put(self.on("a").key, "b")

    def step(self, by: int) -> None:
        """Another one on B: so many below, or above, the one that is there."""
        keys = [each.key for each in self._rows if self.on("a") is None or each.key != self.on("a").key]
        here = keys.index(self.on("b").key) if self.on("b") is not None and self.on("b").key in keys else -by
        if keys:
            self.put(keys[(here + by) % len(keys)], "b")
