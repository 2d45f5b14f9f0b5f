"""What can be undone of an edit: that it begins, and every change, a selection included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daub.app.model.editing.change import Change

if TYPE_CHECKING:
    from daub.app.model.editing.session import Session


@dataclass(frozen=True, eq=False)
class BeginEdit:
    """A row of edited Gaussians is there, on side B."""

    session: Session
    label: str

    def do(self, subject: object) -> None:
        """Shows it."""
        self.session.show_row(True)

    def undo(self, subject: object) -> None:
        """Shows what it was made of again."""
        self.session.show_row(False)

    def merged(self, later: object) -> None:
        """Never: it is done once."""
        return None


@dataclass(frozen=True, eq=False)
class Edit:
    """A change of edited Gaussians.

    Args:
        kind: changes of one kind that follow each other closely are undone as one, "" for none.
    """

    session: Session
    label: str
    change: Change
    kind: str = ""

    @property
    def memory(self) -> int:
        """About the bytes that it takes."""
        return self.change.memory

    def do(self, subject: object) -> None:
        """Changes them."""
        self.session.become(self.change.forward(self.session.population))

    def undo(self, subject: object) -> None:
        """Brings them back, to the bit."""
        self.session.become(self.change.backward(self.session.population))

    def merged(self, later: object) -> Edit | None:
        """A nudge after a nudge, or one slider that goes on."""
        if not isinstance(later, Edit) or not self.kind or (later.session, later.kind) != (self.session, self.kind):
            return None
        both = self.change.then(later.change)
        return None if both is None else Edit(self.session, later.label, both, self.kind)
