"""One Gaussian is picked and looked into: by a click on the picture, or by going through those that lie there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.picking import Inspection, Shape, document_without, gaussians_without, inspect, ranked
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.view.view import View
from daub.app.model.work.background import Background
from daub.app.model.work.newest import Newest
from daub.app.model.work.signal import Signal
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document

_NEAR = 1.5  # logical pixels that two clicks at one place may be apart


@dataclass(frozen=True, eq=False)
class _Hidden:
    """What is picked, the file that it is of, all Gaussians but it, and a file of those."""

    picked: tuple[Gaussians, int]
    file: Document | None
    others: Gaussians
    document: Document | None


class Inspector:
    """What is picked. While a fit runs that is a Gaussian of the moment at which it was picked.

    Attributes:
        is_on: a click on the picture picks, rather than nothing.
        picked: the Gaussians at the time of picking, and which of them; None for none.
        found: what there is to say of it, None before it has been worked out.
        hides: the picture is shown without it.
        rank: its place among those at the point that was picked, from 0 on, and how many they are.
    """

    def __init__(self, background: Background, overlay: Overlay, view: View):
        self.changed = Signal()
        self.was_picked = Signal()  # by a click, or in place of one
        self.is_on = False
        self.picked: tuple[Gaussians, int] | None = None
        self.shape: Shape | None = None
        self.found: Inspection | None = None
        self.hides = False
        self.rank = 0, 0
        self._overlay, self._view = overlay, view
        self._here: np.ndarray = np.empty(0, np.intp)  # all at the point, the strongest first
        self._point: tuple[float, float] | None = None
        self._hidden: _Hidden | None = None
        self._live = False  # what was picked is of a fit that ran
        self._work = Newest(background, self._take, overlay.failed.emit)
        overlay.changed.connect(self._follow)

    def switch(self, on: bool) -> None:
        """Takes the tool that picks, or puts it away."""
        self.is_on = on
        self._overlay.watch_for("inspector", on or self.picked is not None)
        self.changed.emit()

    def pick(self, x: float, y: float) -> None:
        """Picks at an image position, (0, 0) being the corner of the first pixel; there again, the next of them."""
        subject = self._overlay.subject
        if subject is None:
            return
        reach = _NEAR * self._view.scale / self._view.camera.zoom
        again = (
            self._point is not None
            and self.picked is not None
            and self.picked[0] is subject.gaussians
            and max(abs(self._point[0] - x), abs(self._point[1] - y)) <= reach
        )
        if again:
            self.step(1)
            self.was_picked.emit()
            return
        reading = self._overlay.reading
        filtered = self._overlay.styles and reading is not None and reading.subject.gaussians is subject.gaussians
        self._here = ranked(subject.gaussians, x - 0.5, y - 0.5, reading.kept if filtered else None)
        self._point = x, y
        if len(self._here):
            self._choose(subject.gaussians, 0, subject.is_live)
            self.was_picked.emit()
        else:
            self.drop()

    def pick_here(self) -> None:
        """Picks under the pointer, or in the middle of what is seen of the picture."""
        if self._view.pixel is not None:
            column, row = self._view.pixel
            self.pick(column + 0.5, row + 0.5)
            return
        left, top, right, bottom = self._view.camera.visible()
        self.pick((left + right) / 2, (top + bottom) / 2)

    def step(self, by: int) -> None:
        """Another of those at the same point. Args: by: 1 for the next weaker one, -1 for the next stronger one."""
        if self.picked is not None and len(self._here):
            self._choose(self.picked[0], (self.rank[0] + by) % len(self._here), self._live)

    def drop(self) -> None:
        """Nothing is picked."""
        self.picked = self.shape = self.found = None
        self.hides, self.rank = False, (0, 0)
        self._work.drop()
        self._overlay.watch_for("inspector", self.is_on)
        self.changed.emit()

    def hide(self, on: bool) -> None:
        """Shows the picture without it, or with it again."""
        self.hides = on and self.picked is not None
        self.changed.emit()

    def seen(self, sides: Sides) -> Sides:
        """The sides as they are to be drawn, and decoded: a file with stages is one with another picture."""
        if not self.hides:
            return sides
        return tuple(
            self._without_it(side) if side is not None and side.gaussians is self.picked[0] else side for side in sides
        )

    def _without_it(self, side: CompareSource) -> CompareSource:
        """The same objects each time: what is decoded or measured of them is kept."""
        known = self._hidden
        if known is None or known.picked is not self.picked or known.file is not side.document:
            others = gaussians_without(*self.picked)
            document = None if side.document is None else document_without(side.document, others)
            known = self._hidden = _Hidden(self.picked, side.document, others, document)
        return replace(side, gaussians=known.others, document=known.document, frame=None)

    def _choose(self, gaussians: Gaussians, place: int, live: bool) -> None:
        index = int(self._here[place])
        self.picked, self.rank, self._live = (gaussians, index), (place, len(self._here)), live
        self.shape, self.found = Shape.of(gaussians, index), None
        self._overlay.watch_for("inspector", True)
        self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        subject, (gaussians, index) = self._overlay.subject, self.picked
        if subject is None or subject.gaussians is not gaussians:
            return
        account = self._overlay.account
        known = account is not None and len(account) == len(gaussians)
        bits = (account.parts, account.bits) if known else ()
        self._work.want(partial(inspect, subject, index, *bits))

    def _take(self, found: Inspection) -> None:
        if self.picked is not None and self.picked[0] is found.subject.gaussians and self.picked[1] == found.index:
            self.found = found
            self._follow()
            self.changed.emit()

    def _follow(self) -> None:
        """Other Gaussians are looked at, or more is known of these."""
        if self.picked is None:
            return
        subject = self._overlay.subject
        if subject is not None and subject.gaussians is self.picked[0]:
            asked = self.found is not None and self.found.subject
            if asked and any(
                getattr(asked, name) is not getattr(subject, name) for name in ("bits", "reference", "source")
            ):
                self._ask()
        elif subject is None or not (self._live and subject.is_live):
            self.drop()
