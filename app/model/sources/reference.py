"""The image that everything is held against, and how close files are to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from daub.app.model.picture.picture import Picture, closeness
from daub.app.model.sources.source import Figures, Kind

if TYPE_CHECKING:
    from daub.app.model.sources.at_hand import AtHand
    from daub.app.model.sources.rows import SourceRows
    from daub.app.model.workspace.workspace import Workspace


class Reference:
    """What is open, or an image beside a .daub that is open.

    Args:
        tell: called when a file has been measured.

    Attributes:
        key: of the row of an image beside a .daub, None where there is none.
    """

    def __init__(self, workspace: Workspace, rows: SourceRows, at_hand: AtHand, tell: Callable[[], None]):
        self.key: str | None = None
        self._workspace, self._rows, self._at_hand, self._tell = workspace, rows, at_hand, tell
        self._measuring: set[str] = set()  # keys of files

    @property
    def picture(self) -> Picture | None:
        """The image itself, None where there is none."""
        if self._workspace.can_fit:
            return self._workspace.picture
        return None if self.key is None else self._at_hand.picture_of(self.key)

    def refer_to(self, key: str | None) -> None:
        """Another image: what was measured against the one before is forgotten."""
        self.key = key
        for row in tuple(self._rows):
            if row.kind in (Kind.PICTURE, Kind.FILE):
                self._rows.measured(row.key, None)

    def figures_of(self, picture: Picture) -> Figures:
        """How close a file is to it, as far as that is known."""
        key = self._rows.file_of(picture.key)
        return (None if key is None else self._rows.figures_of(key)) or Figures()

    def measure(self, key: str, picture: Picture) -> None:
        """Has it worked out how close a file is."""
        reference = self.picture
        if reference is None or picture is reference or key in self._measuring:
            return
        if self._rows.figures_of(key) is not None or reference.pixels.shape[:2] != (picture.height, picture.width):
            return
        self._measuring.add(key)

        def deliver(found: tuple[float, float]) -> None:
            self._measuring.discard(key)
            if self.picture is reference:
                self._rows.measured(key, Figures(*found))
                self._tell()

        self._workspace.background.run(partial(closeness, reference.pixels, picture), deliver)
