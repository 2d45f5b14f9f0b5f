"""What can be undone of the sources: another name, a star, rows that are deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daub.app.model.sources.sources import Sources


@dataclass(frozen=True, eq=False)
class RenameSource:
    """Another name of a row."""

    sources: Sources
    key: str
    before: str
    after: str
    label: str = "renaming"

    def do(self, subject: object) -> None:
        """Calls it by the new one."""
        self.sources.note_name(self.key, self.after)

    def undo(self, subject: object) -> None:
        """Calls it by the old one."""
        self.sources.note_name(self.key, self.before)

    def merged(self, later: object) -> None:
        """Never: each name is typed."""
        return None


@dataclass(frozen=True, eq=False)
class StarSource:
    """A star on a row, or off it."""

    sources: Sources
    key: str
    on: bool

    @property
    def label(self) -> str:
        """What is undone."""
        return "star" if self.on else "taking off a star"

    def do(self, subject: object) -> None:
        """Puts it on, or takes it off."""
        self.sources.note_star(self.key, self.on)

    def undo(self, subject: object) -> None:
        """The other way round."""
        self.sources.note_star(self.key, not self.on)

    def merged(self, later: object) -> None:
        """Never: each is one click."""
        return None


@dataclass(frozen=True, eq=False)
class DeleteSources:
    """Rows that are gone, and what was made of them with them.

    Args:
        keys: of the rows.
    """

    sources: Sources
    keys: tuple[str, ...]
    label: str

    def do(self, subject: object) -> None:
        """Takes them out of the list."""
        self.sources.note_deleted(self.keys, True)

    def undo(self, subject: object) -> None:
        """Puts them back into their places."""
        self.sources.note_deleted(self.keys, False)

    def merged(self, later: object) -> None:
        """Never: each is one key."""
        return None
