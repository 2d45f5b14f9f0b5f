"""The same small part of the picture from every source, side by side: that under the pointer.

    view.hovered ---> ContactStrip ---> background: a crop of each row ---> crops

It stays where the pointer was last, so that one can go and look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from daub.app.model.figures.crops import Crop, crop_of
from daub.app.model.figures.reread import Reread
from daub.app.model.picture.box import Box
from daub.app.model.sources.source import Kind, Source
from daub.app.model.sources.sources import Sources
from daub.app.model.view.view import View
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.signal import Signal
from daub.codec.errors import DaubError

NAME = "Contact strip"  # of its tab
SIDE = 96  # pixels of the picture that a crop has in each direction


class ContactStrip:
    """See above.

    Args:
        is_seen: whether somebody looks; nothing is made for nobody.
        on_failure: is told of what nobody foresaw.
        reread: has what is in memory no more.

    Attributes:
        box: which part of the picture the crops are of, None before there are any.
    """

    def __init__(
        self, sources: Sources, view: View, background: Background, is_seen: Callable[[], bool],
        on_failure: Callable[[Failure], None], reread: Reread,
    ):  # fmt: skip
        self.changed = Signal()
        self.box: Box | None = None
        self._sources, self._view, self._background, self._is_seen = sources, view, background, is_seen
        self._on_failure, self._reread = on_failure, reread
        self._place: tuple[int, int] | None = None  # pixel in the middle
        self._crops: dict[str, np.ndarray] = {}  # of the box, by key of the row
        self._rows: list[Source] | None = None
        self._busy = self._stale = False
        view.hovered.connect(self._follow)
        sources.changed.connect(self._take_rows)

    @property
    def entries(self) -> tuple[tuple[Source, np.ndarray | None], ...]:
        """Rows that lie on the canvas as they are, with their crops (H, W, 3) uint8 as far as there are any."""
        if self._rows is None:
            pair = self._sources.pair
            rows = self._sources.rows if self._view.has_picture else ()
            self._rows = [row for row in rows if pair.can_compare(row.key) and pair.canvas_of(row.key) == pair.canvas]
        return tuple((row, self._crops.get(row.key)) for row in self._rows)

    def refresh(self) -> None:
        """Brings the crops up to date, where somebody looks."""
        self._stale = True
        self.changed.emit()
        if self._busy or not self._is_seen() or not self._view.has_picture:
            return
        box, work = self._wanted_box(), {}
        for row, crop in self.entries:
            if crop is None or box != self.box or row.kind in (Kind.LIVE, Kind.EDITED):
                make = crop_of(self._sources, row, box) or self._reread.crop_of(row, box)
                if make is not None:
                    work[row.key] = make
                else:
                    self._reread.want(row, self.refresh)
        self._stale = False
        if work or box != self.box:
            self._busy = True
            self._background.run(lambda: _made(work), lambda made: self._take(box, made), self._fail)

    def start_anew(self) -> None:
        """Another picture is open."""
        self._place, self.box, self._crops = None, None, {}
        self._take_rows()

    def put(self, key: str) -> None:
        """Shows that row on B."""
        self._sources.pair.put(key, "b")

    def _take_rows(self) -> None:
        self._rows = None
        self._reread.keep({row.key for row in self._sources.rows})
        self.refresh()

    def _follow(self) -> None:
        if self._view.pixel is not None:
            self._place = self._view.pixel
            if self._is_seen():
                self.refresh()

    def _wanted_box(self) -> Box:
        width, height = self._view.camera.image
        x, y = self._place or (width // 2, height // 2)
        wide, high = min(SIDE, width), min(SIDE, height)
        left = min(max(x - wide // 2, 0), width - wide)
        top = min(max(y - high // 2, 0), height - high)
        return Box(left, top, left + wide, top + high)

    def _take(self, box: Box, made: dict[str, np.ndarray]) -> None:
        self._busy = False
        self._crops = made if box != self.box else self._crops | made
        self.box = box
        self.changed.emit()
        if self._stale or self._wanted_box() != box:
            self.refresh()

    def _fail(self, failure: Failure) -> None:
        self._busy = False
        self._on_failure(failure)


def _made(work: dict[str, Crop]) -> dict[str, np.ndarray]:
    made = {}
    for key, make in work.items():
        with suppress(DaubError):  # who puts that row on a side is told
            made[key] = make()
    return made
