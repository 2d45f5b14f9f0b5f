"""The edit of one row of the sources: what it has become so far, the row that shows it, and the file that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.editing.following import Following
from daub.app.model.editing.population import Population
from daub.app.model.picture.picture import PictureKey
from daub.app.model.picture.registration import SAME, Registration
from daub.app.model.sources.edited_file import FileToMake, Known, MadeOf
from daub.app.model.sources.rows import Edited
from daub.app.model.sources.source import Figures
from daub.app.model.sources.sources import Sources
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.newest import Newest
from daub.app.model.work.signal import Signal
from daub.codec.editing.drawing import Drawing
from daub.render.devices import Failover

if TYPE_CHECKING:
    from daub.codec.container import Document

_FILES = 8  # of states that were seen last, which are known when somebody comes back to them


@dataclass(frozen=True, eq=False)
class Origin:
    """What is edited comes of that.

    Args:
        key: of the row, "" where that is gone.
        picture: that it was made of.
        document: its file, None where there is none.
        look: of what it was at first, as `Population.look`.
        before: it was that, None where nobody knows any more.
        bytes: of its file, or about those; None until that is known.
        figures: of its file, None where nobody knows.
    """

    key: str
    picture: PictureKey
    document: Document | None
    look: bytes
    before: Drawing | None
    bytes: int | None = None
    figures: Figures | None = None

    @property
    def file(self) -> Known | None:
        """What is known of its file; None where it has none."""
        is_file = self.document is not None and bool(self.document.chunks)
        return Known(self.bytes, self.figures) if is_file and self.bytes is not None else None


@dataclass(frozen=True)
class Around:
    """What a session needs of the window.

    Args:
        sources: gets a row.
        background: where sizes and files are worked out.
        source: the image that a picture of that key was fitted to, as it lies on the canvas of a population, (H, W, 3);
            None where there is none.
        device: opens what files are made with, on the thread that calls it.
        is_busy: no file is to be made now, as something else needs the machine; from any thread.
    """

    sources: Sources
    background: Background
    source: Callable[[PictureKey, Population], np.ndarray | None]
    device: Callable[[], Failover]
    is_busy: Callable[[], bool]


class Session:
    """See above. The row that it was made of stays as it is.

    Args:
        around: see there.
        origin: what is edited.
        population: as it is now.
        name: of its row.

    Attributes:
        key: of its own row.
        population: what is edited, as it is now; while a hand moves something, as it was before.
        moving: what it would become if the hand let go now, None while nothing is moved.
        last: (N,) bool, what was selected before the selection of the population; None for nothing.
    """

    def __init__(self, around: Around, origin: Origin, population: Population, name: str):
        self.changed = Signal()
        self.population, self.origin = population, origin
        self.moving: Population | None = None
        self.last: np.ndarray | None = None
        self._around, self._sources = around, around.sources
        # By what they look like, and what they are held against; the last one seen behind.
        self._files: dict[tuple[bytes, Registration], FileToMake] = {}
        self._edited = Edited(
            origin.picture, origin.document, population.shown(), population.width, population.height,
            self._written, self._file(), origin.bytes, population.registration, is_as_it_was=self.is_as_it_was,
        )  # fmt: skip
        self._drawn = self.population  # what the row shows
        self._sizes = Newest(around.background, self._take_size, self._fail)
        self._following = Following(around.background, around.is_busy, self._take_file)
        self.key = self._sources.add_edited(name, self._edited)

    @property
    def name(self) -> str:
        """Of its row."""
        row = self._sources.get(self.key)
        return "" if row is None else row.name

    @property
    def is_there(self) -> bool:
        """Its row is in the list."""
        return self._sources.has_edited(self.key)

    @property
    def document(self) -> Document | None:
        """The file that it comes of, None where there is none."""
        return self.origin.document

    @property
    def seen(self) -> Population:
        """What is drawn: what it is, or would become."""
        return self.population if self.moving is None else self.moving

    @property
    def is_changed(self) -> bool:
        """Something else is seen than at the beginning."""
        return self.population.look != self.origin.look

    @property
    def is_as_it_was(self) -> bool:
        """Its Gaussians are those of its file, which says what each has cost."""
        document, count = self.origin.document, len(self.population)
        is_file = document is not None and bool(document.chunks) and len(document) == count
        return is_file and self.population.canvas[2] == SAME and not self.is_changed

    @property
    def is_unwritten(self) -> bool:
        """That is in no file yet."""
        return self.is_changed and not self._edited.file.is_exported

    @property
    def bytes(self) -> int | None:
        """Of the file, or about those that it would take; None until that is known."""
        return self._edited.bytes

    @property
    def file(self) -> FileToMake:
        """That of what is edited, as it is now."""
        return self._edited.file

    def show_row(self, there: bool) -> None:
        """Its row is there, or gone. For operations."""
        self.moving = None
        self._sources.note_edited_row(self.key, self.origin.key, there)
        if not there:
            self._following.stop()

    def become(self, population: Population) -> None:
        """It is that from now on. For operations."""
        self.moving, self.population = None, population
        if self._show(population, is_done=True):
            self.follow()
        self.changed.emit()

    def move(self, population: Population | None) -> None:
        """A hand holds something: this is what would become of it. Args: population: None where it gives that up."""
        self.moving = population
        self._show(self.seen, is_done=population is None)
        if population is not None:
            self._following.stop()
        elif self._edited.file.made is None and self.is_changed:
            self._following.want(self._edited.file)
        self.changed.emit()

    def follow(self) -> None:
        """Works out about the bytes of the file at once, and makes it when nothing was done for a while."""
        if self._edited.file.made is not None:
            self._following.stop()
            return
        self._sizes.want(partial(_size, self._written(), self.document))
        self._following.want(self._edited.file)

    def close(self) -> None:
        """Nothing is made any more."""
        self._following.stop()

    def _show(self, population: Population, is_done: bool) -> bool:
        """Returns whether there is anything else to be seen."""
        if population.shows_as(self._drawn):
            self._drawn = population
            return False
        self._drawn = population
        changed = {name: getattr(population, name) for name in ("width", "height", "registration")}
        changed["is_moving"], changed["is_as_it_was"] = not is_done, is_done and self.is_as_it_was
        if is_done:
            changed["file"] = self._file()
        self._edited = replace(self._edited, gaussians=population.shown(), drawing=self._written, **changed)
        self._sources.show_edited(self.key, self._edited, is_done)
        return True

    def _file(self) -> FileToMake:
        """That of what is edited, as it is now: the same for the same."""
        population, origin = self.population, self.origin
        seen = population.look, population.registration
        file = self._files.pop(seen, None)
        if file is None:
            source = self._around.source(origin.picture, population)
            before = None if origin.before is None else partial(_on_canvas, origin.before, population)
            is_changed = population.look != origin.look
            opacity = None
            if origin.document is not None and origin.document.opacity is not None:
                opacity = partial(_opacity_on_canvas, origin.document, population)
            made_of = MadeOf(population.written, before, is_changed, origin.document, source, opacity)
            file = FileToMake(made_of, self._around.device, None if is_changed else origin.file)
        made = {key: each for key, each in self._files.items() if each.made is not None}  # others hold many Gaussians
        self._files = dict(list(made.items())[1 - _FILES :]) | {seen: file}
        return file

    def _written(self) -> Drawing:
        return self.population.written()

    def _take_file(self, file: FileToMake) -> None:
        if file is self._edited.file:
            self._sources.show_edited(self.key, self._edited)
            self.changed.emit()

    def _take_size(self, size: int | None) -> None:
        self._edited = replace(self._edited, estimate=size)
        self._sources.show_edited(self.key, self._edited)
        self.changed.emit()

    def _fail(self, failure: Failure) -> None:
        """An estimate that cannot be made is none."""
        self._take_size(None)


def _on_canvas(before: Drawing, population: Population) -> Drawing:
    """What an edit began with, as it lies on the canvas by now."""
    registration = population.registration
    gaussians = before.gaussians if registration == SAME else registration.gaussians(before.gaussians)
    return Drawing(gaussians, population.width, population.height)


def _opacity_on_canvas(document: Document, population: Population) -> Drawing:
    from daub.codec.editing.drawing import Drawing

    return _on_canvas(Drawing.of(document.opacity), population)


def _size(drawing: Drawing, document: Document | None) -> int | None:
    """About the bytes of its file."""
    from daub.codec.editing.to_file import estimated_size

    return estimated_size(drawing, document) if len(drawing) else None
