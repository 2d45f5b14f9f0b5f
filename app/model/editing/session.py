"""The edit of one row of the sources: what it has become so far, and the row that shows it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from daub.app.model.editing.population import Population
from daub.app.model.sources.rows import Edited
from daub.app.model.sources.source import Source
from daub.app.model.sources.sources import Sources
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.newest import Newest
from daub.app.model.work.signal import Signal
from daub.codec.editing.drawing import Drawing

if TYPE_CHECKING:
    from daub.codec.container import Document


class Session:
    """See above. The row that it was made of stays as it is.

    Args:
        sources: gets a row.
        background: where sizes are worked out.
        row: what is edited.
        drawing: its Gaussians.
        document: the file that they come of, None where there is none.

    Attributes:
        key: of its own row.
        population: what is edited, as it is now; while a hand moves something, as it was before.
        moving: what it would become if the hand let go now, None while nothing is moved.
    """

    def __init__(
        self, sources: Sources, background: Background, row: Source, drawing: Drawing, document: Document | None
    ):
        self.changed = Signal()
        self.population = Population.of(drawing)
        self.moving: Population | None = None
        self.document = document
        self._sources, self._of = sources, row.key
        self._edited = Edited(row.picture, document, drawing.gaussians, *drawing.size, self._written, row.bytes)
        self._drawn = self._begun = self.population  # what the row shows, and what it showed at first
        self._sizes = Newest(background, self._take_size, self._fail)
        self.key = sources.add_edited(f"{row.name}, edited", self._edited)

    @property
    def name(self) -> str:
        """Of its row."""
        row = self._sources.get(self.key)
        return "" if row is None else row.name

    @property
    def is_there(self) -> bool:
        """Its row is in the list."""
        return self._sources.get(self.key) is not None

    @property
    def seen(self) -> Population:
        """What is drawn: what it is, or would become."""
        return self.population if self.moving is None else self.moving

    @property
    def is_changed(self) -> bool:
        """Something else is seen than at the beginning."""
        return not self.population.shows_as(self._begun)

    @property
    def bytes(self) -> int | None:
        """About those that a file would take; None until that is known."""
        return self._edited.bytes

    def show_row(self, there: bool) -> None:
        """Its row is there, or gone. For operations."""
        self.moving = None
        self._sources.note_edited_row(self.key, self._of, there)

    def become(self, population: Population) -> None:
        """It is that from now on. For operations."""
        self.moving, self.population = None, population
        if self._show(population, is_done=True):
            self._sizes.want(partial(_size, self._written(), self.document))
        self.changed.emit()

    def move(self, population: Population | None) -> None:
        """A hand holds something: this is what would become of it. Args: population: None where it gives that up."""
        self.moving = population
        self._show(self.seen, is_done=population is None)
        self.changed.emit()

    def _show(self, population: Population, is_done: bool) -> bool:
        """Returns whether there is anything else to be seen."""
        same_size = (population.width, population.height) == (self._drawn.width, self._drawn.height)
        if population.shows_as(self._drawn) and same_size:
            self._drawn = population
            return False
        self._drawn = population
        size = {"width": population.width, "height": population.height}
        self._edited = replace(self._edited, gaussians=population.shown(), drawing=self._written, **size)
        self._sources.show_edited(self.key, self._edited, is_done)
        return True

    def _written(self) -> Drawing:
        return self.population.written()

    def _take_size(self, size: int | None) -> None:
        self._edited = replace(self._edited, bytes=size)
        self._sources.show_edited(self.key, self._edited)
        self.changed.emit()

    def _fail(self, failure: Failure) -> None:
        """An estimate that cannot be made is none."""
        self._take_size(None)


def _size(drawing: Drawing, document: Document | None) -> int | None:
    """Bytes of a file that is rounded plainly."""
    from daub.codec.editing.to_file import grid_for, plain_file

    return len(plain_file(drawing, grid_for(drawing, document), document)) if len(drawing) else None
