"""What is drawn over the picture of its Gaussians: each of them, coloured by a property and filtered, or a map.

    sides of the picture ---> Overlay --- what is wanted ---> Background: overlay_reading, picture_maps
                                 ^                                 |
                                 +------ reading, map <------------+
    viewport, histogram, legend, inspector <--- changed

Nothing is worked out while nobody looks, and one piece of work at a time: of what changes faster, as Gaussians do while
a fit runs, only the newest counts.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.gaussians.file_bits import FilesBits
from daub.app.model.gaussians.overlay_reading import Reading, read
from daub.app.model.gaussians.picture_maps import MapKind, PictureMap, density_of, map_of
from daub.app.model.gaussians.properties import Property, Subject, why_not
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.view.view import Mode, View
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.newest import Newest
from daub.app.model.work.signal import Signal
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Account

STYLES = ("centres", "ellipses", "filled")
_REST = 3  # times as long as it took is left to a fit that runs, before the next


class Overlay:
    """See above.

    Args:
        files: what is known of the bits of files.
        view: which side is looked at.

    Attributes:
        styles: which of STYLES are drawn.
        which: the property that colours say and the histogram counts.
        filters: ranges of properties; a Gaussian outside of any is not drawn.
        map_kind: the map that lies over the picture, None for none.
        reading: what there is to draw, None before it has been worked out.
        map: likewise.
        subject: the Gaussians that are looked at, None where there are none.
    """

    def __init__(self, background: Background, files: FilesBits, view: View):
        self.changed = Signal()  # something else is to be drawn
        self.failed = Signal()  # Failure
        self.styles: frozenset[str] = frozenset()
        self.which = Property.LIGHT
        self.filters: dict[Property, tuple[float, float]] = {}
        self.map_kind: MapKind | None = None
        self.reading: Reading | None = None
        self.map: PictureMap | None = None
        self.subject: Subject | None = None
        self._watchers: set[str] = set()  # who looks at values: the histogram, the inspector
        self._files, self._view = files, view
        self._sides: Sides = None, None
        self._source: np.ndarray | None = None
        self._asked: tuple = ()  # what the newest reading, or one under way, is of
        self._asked_map: tuple = ()
        self._not_before = 0.0  # while a fit runs
        self._possible: tuple[bool, ...] = ()  # which properties were known when that was told last
        self._readings = Newest(background, self._take, self._fail)
        self._maps = Newest(background, self._take_map, self._fail)
        files.changed.connect(self._follow)
        view.changed.connect(self._follow)

    # What is looked at.

    def show(self, sides: Sides, source: np.ndarray | None = None) -> None:
        """The sides of the picture are these now. Args: source: as of `Subject`."""
        self._sides, self._source = sides, source
        self._follow()

    def watch_for(self, who: str, on: bool) -> None:
        """Somebody looks at the values, whatever is drawn, or no longer."""
        if on != (who in self._watchers):
            self._watchers ^= {who}
            self._refresh()

    @property
    def side(self) -> CompareSource | None:
        """The side whose Gaussians are looked at: the one that is seen, otherwise the one that has some."""
        a, b = self._sides
        order = (a, b) if self._view.mode is Mode.A else (b, a)
        return next((side for side in order if side is not None and side.gaussians is not None), None)

    def why_not(self, which: Property) -> str:
        """Why nothing can be coloured by that, "" where it can."""
        if which is Property.BITS and self.side is not None and self.side.document is not None:
            return ""  # it only has to be worked out
        return why_not(which, self.subject)

    @property
    def is_drawn(self) -> bool:
        """There are Gaussians to draw over the picture."""
        return bool(self.styles) and self.reading is not None

    # What is wanted.

    def toggle(self, style: str) -> None:
        """Draws that, or no longer. Args: style: one of STYLES."""
        self.styles = self.styles ^ {style}
        self._refresh()

    def colour_by(self, which: Property) -> None:
        """Colours say that from now on, and the histogram counts it."""
        self.which = which
        self._refresh()

    def show_map(self, kind: MapKind | None) -> None:
        """Lays that over the picture; what lies there already goes."""
        self.map_kind = None if kind is self.map_kind else kind
        self._refresh()

    def keep(self, low: float, high: float) -> None:
        """Draws only Gaussians whose property lies between these."""
        self.filters[self.which] = (low, high)
        self._refresh()

    def keep_all(self, which: Property | None = None) -> None:
        """Takes a filter away. Args: which: its property; by default all of them."""
        self.filters = {} if which is None else {each: ends for each, ends in self.filters.items() if each is not which}
        self._refresh()

    # What is known of a file.

    @property
    def account(self) -> Account | None:
        """What the bits of the file that is looked at are spent on; None where there is none, or not yet."""
        return None if self.side is None else self._files.account(self.side.document)

    @property
    def _wants_account(self) -> bool:
        wanted = Property.BITS in (self.which, *self.filters) or self.map_kind is MapKind.BITS
        return bool(self._watchers) or (wanted and bool(self.styles or self.map_kind))

    # Working it out.

    def _follow(self) -> None:
        side = self.side
        other = next((each for each in self._sides if each is not None and each is not side), None)
        if side is None:
            self.subject = self.reading = self.map = None
            self._asked = self._asked_map = ()
        else:
            self.subject = self._subject(side, other)
        # While a fit runs this comes often: who looks at nothing is told only of what could be looked at.
        possible = tuple(not self.why_not(which) for which in Property)
        if self.is_looked_at or possible != self._possible:
            self._refresh()
        self._possible = possible

    @property
    def is_looked_at(self) -> bool:
        """Somebody wants to see Gaussians, or what is known of them."""
        return bool(self.styles or self._watchers or self.map_kind)

    def _subject(self, side: CompareSource, other: CompareSource | None) -> Subject:
        document = side.document
        width, height = self._view.camera.image if document is None else (document.width, document.height)
        reference = None if other is None else other.pixels if other.pixels is not None else other.gaussians
        born, source = side.born, self._source
        if source is not None and source.shape[:2] != (height, width):
            source = None
        return Subject(
            side.gaussians, width, height, self._bits_of(side) if self._wants_account else None,
            born if born is not None and len(born) == len(side.gaussians) else None, reference, side.is_live,
            side.document if side.has_stages else None, source,
        )  # fmt: skip

    def _bits_of(self, side: CompareSource) -> np.ndarray | None:
        """(N,) that each of its Gaussians has cost, None where that is not known: then it is being worked out."""
        account = self._files.account(side.document)
        return account.total if account is not None and len(account) == len(side.gaussians) else None

    def _refresh(self) -> None:
        """Has worked out what is looked at and not known yet."""
        side = self.side
        if self.subject is not None and self.subject.bits is None and self._wants_account:
            self.subject = replace(self.subject, bits=self._bits_of(side))
        subject = self.subject
        if subject is not None and self.is_looked_at:
            self._want_reading(subject)
            self._want_map(subject, side)
        if self.map_kind is None or side is None:
            self.map, self._asked_map = None, ()
        self.changed.emit()

    def _want_reading(self, subject: Subject) -> None:
        if not (self.styles or self._watchers):
            return
        what = subject.gaussians, subject.bits, subject.born, self.which, dict(self.filters), subject.width
        if Property.ERROR in (self.which, *self.filters):
            what = *what, subject.reference
        if _same(what, self._asked):
            return
        if subject.is_live and time.perf_counter() < self._not_before and _same(what[3:5], self._asked[3:5]):
            return
        self._asked = what
        known = {}
        if self.reading is not None and self.reading.subject.gaussians is subject.gaussians:
            known = {
                each: values
                for each, values in self.reading.known.items()
                if each is not Property.ERROR or self.reading.subject.reference is subject.reference
            }
        self._readings.want(partial(_timed, partial(read, subject, self.which, dict(self.filters), known)))

    def _want_map(self, subject: Subject, side: CompareSource) -> None:
        if self.map_kind is MapKind.DENSITY:
            what = (MapKind.DENSITY, subject.gaussians)
            work = partial(density_of, subject.gaussians, subject.width, subject.height)
        elif self.map_kind is MapKind.BITS:
            bits = self._files.bits(side.document)
            if bits is None:  # the map there is, if any, is of another file
                self.map, self._asked_map = None, ()
                return
            what, work = (MapKind.BITS, bits), partial(map_of, bits)
        else:
            return
        if _same(what, self._asked_map) or (subject.is_live and self._maps.is_busy):
            return
        self._asked_map = what
        self._maps.want(work)

    def _take(self, timed: tuple[Reading, float]) -> None:
        reading, seconds = timed
        self._not_before = time.perf_counter() + _REST * seconds
        if self.subject is not None:
            self.reading = reading
            self._refresh()  # something newer may be wanted by now

    def _take_map(self, found: PictureMap) -> None:
        if found.kind is self.map_kind:
            self.map = found
        self._refresh()

    def _fail(self, failure: Failure) -> None:
        self.failed.emit(failure)


def _same(one: tuple, other: tuple) -> bool:
    """Whether all their parts are the same ones, or plain things that are equal."""
    return len(one) == len(other) and all(
        a is b
        or (not isinstance(a, (np.ndarray, Gaussians)) and isinstance(a, (dict, int, Property, MapKind)) and a == b)
        for a, b in zip(one, other, strict=True)
    )


def _timed(work: partial) -> tuple[Reading, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began
