"""Files whose pictures are in memory no more, read again for a part of them: one after another, kept in little room.

shelf, which has dropped it --> Reread.want --> read beside --> its Gaussians, or its pixels in 8 bits --> crop_of
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.figures.crops import Crop, of_document
from daub.app.model.picture.box import Box
from daub.app.model.sources.source import Kind, Source
from daub.app.model.workspace.workspace import Workspace
from daub.render.eight_bit import to_8bit

if TYPE_CHECKING:
    from daub.app.model.picture.picture import Picture
    from daub.codec.container import Document

BUDGET = 256_000_000  # bytes of pixels: some seven photos of twelve megapixels


class Reread:
    """See above.

    Args:
        workspace: reads them.
        budget: bytes; a file beyond it is not kept, and not read a second time.
    """

    def __init__(self, workspace: Workspace, budget: int = BUDGET):
        self._workspace, self._budget = workspace, budget
        self._asked: set[str] = set()  # keys of rows, also of those that came to nothing
        self._kept: dict[str, np.ndarray | Document] = {}

    def crop_of(self, row: Source, box: Box) -> Crop | None:
        """What gives that part of a file, None for what was not read again."""
        kept = self._kept.get(row.key)
        if kept is None:
            return None
        return (lambda: kept[box.slices].copy()) if isinstance(kept, np.ndarray) else partial(of_document, kept, box)

    def want(self, row: Source, then: Callable[[], None]) -> None:
        """Calls `then` once there is something of it; never for what is no file, or cannot be read, or has changed."""
        if row.kind is not Kind.FILE or row.key in self._asked:
            return
        self._asked.add(row.key)
        opening = self._workspace.opening
        opening.read_beside(row.picture.origin, partial(self._take, row, then), row.picture.background)

    def keep(self, keys: Set[str]) -> None:
        """Forgets all but these rows."""
        self._asked &= keys
        self._kept = {key: kept for key, kept in self._kept.items() if key in keys}

    def _take(self, row: Source, then: Callable[[], None], picture: Picture) -> None:
        if row.key not in self._asked or picture.key != row.picture:
            return

        def deliver(kept: np.ndarray | Document) -> None:
            room = self._budget - sum(each.nbytes for each in self._kept.values() if isinstance(each, np.ndarray))
            if row.key in self._asked and (not isinstance(kept, np.ndarray) or kept.nbytes <= room):
                self._kept[row.key] = kept
                then()

        if picture.document is not None:
            deliver(picture.document)
        else:
            self._workspace.background.run(partial(to_8bit, picture.pixels), deliver)
