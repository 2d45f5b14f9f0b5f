"""What stands behind the rows of the sources: pictures, pixels and files, as far as they are in memory."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.sources.rows import ticket_of
from daub.app.model.sources.source import Kind, Source
from daub.codec.files import SUFFIX

if TYPE_CHECKING:
    from daub.app.model.picture.picture import Picture
    from daub.app.model.sources.rows import Edited, File, Rival, SourceRows
    from daub.app.model.workspace.result import Result
    from daub.app.model.workspace.workspace import Workspace
    from daub.codec.container import Document


class AtHand:
    """Finds it, and has it read again where it is not in memory any more.

    Args:
        rows: whose rows they are.
    """

    def __init__(self, workspace: Workspace, rows: SourceRows):
        self._workspace, self._rows = workspace, rows
        self._pictures: dict[str, Picture] = {}  # of files that are kept: the shelf may drop them
        self._images: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # pixels and texels of rivals that are kept

    def result_of(self, key: str | None) -> Result | None:
        """What stands behind a row of a result, None for other rows."""
        return None if key is None else self._rows.result(key)

    def file_of(self, key: str) -> File | None:
        """What is known of a row of a file, None for other rows."""
        return self._rows.file(key)

    def rival_of(self, key: str) -> Rival | None:
        """What stands behind a row of another codec, None for other rows."""
        return self._rows.rival(key)

    def edited_of(self, key: str | None) -> Edited | None:
        """What stands behind a row of edited Gaussians, None for other rows."""
        return self._rows.edited(key)

    def picture_of(self, key: str) -> Picture | None:
        """What stands behind a row of a file; None for other rows, and where it must be read again."""
        file = self._rows.file(key)
        if file is None:
            return None
        opened = self._workspace.picture
        if opened is not None and file.is_of(opened.key):
            return opened
        return self._pictures.get(key) or self._workspace.picture_at_hand(file.picture)

    def image_of(self, key: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Pixels (H, W, 3) float32 in [0, 1] and texels of a rival that is kept; None for what is not."""
        return self._images.get(key)

    def pixels8_of(self, key: str) -> np.ndarray | None:
        """The picture of a rival, (H, W, 3) uint8; None for other rows."""
        rival = self._rows.rival(key)
        return None if rival is None else rival.pixels8

    def data_of(self, key: str) -> bytes | None:
        """The file of a result, a rival, or a .daub; None for other rows, and while it is not at hand."""
        rival, result, picture = self._rows.rival(key), self.result_of(key), self.picture_of(key)
        if rival is not None:
            return rival.data
        if result is not None:
            return None if result.encoded is None else result.encoded.data
        return None if picture is None else picture.data

    def document_of(self, key: str) -> Callable[[], Document] | None:
        """What gives the file of a row of a result, as `Results.document_of`; None for other rows."""
        ticket = ticket_of(key)
        return None if ticket is None else self._workspace.results.document_of(ticket)

    def suffix_of(self, key: str) -> str:
        """That of a row's file, as ".daub"; "" where it is not known."""
        rival = self._rows.rival(key)
        return SUFFIX if rival is None else rival.suffix

    def have_ready(self, row: Source, then: Callable[[], object]) -> None:
        """Calls `then` once what stands behind a row is at hand: it may have to be read again."""
        if row.kind is Kind.RIVAL and row.key not in self._images:

            def deliver(pair: tuple[np.ndarray, np.ndarray]) -> None:
                self._images[row.key] = pair
                then()

            self._workspace.background.run(partial(_floating, self.pixels8_of(row.key)), deliver)
        elif row.kind is Kind.FILE and self.picture_of(row.key) is None:

            def take(picture: Picture) -> None:
                if picture.key == row.picture:
                    self._pictures[row.key] = picture
                    then()
                else:
                    line = f"{row.name} cannot be shown any more: it has changed on the disk since"
                    self._workspace.noticed.emit(line)

            self._workspace.opening.read_beside(row.picture.origin, take, row.picture.background)
        elif row.kind is Kind.RESULT:
            self._workspace.results.load(ticket_of(row.key), lambda _: then())
        else:
            then()

    def keep(self, keys: Set[str]) -> dict[str, Picture]:
        """Keeps what stands behind these rows, and nothing else; returns the pictures among it, by key."""
        self._images = {key: pair for key, pair in self._images.items() if key in keys}
        found = {key: self.picture_of(key) for key in keys}
        self._pictures = {key: picture for key, picture in found.items() if picture is not None}
        return self._pictures


def _floating(pixels8: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (H, W, 3) float32 in [0, 1] of uint8 ones, which are their own texels."""
    return pixels8 / np.float32(255), pixels8
