"""All that can be compared, and which two of it are: pictures, the fit under way, results, files, other codecs' files.

    Workspace: picture, state, results ---> SourceRows ---> Sources: sides A and B ---> viewport, read-out, plots
    put, swap, rename, star, delete, add --------------------->

Each row can be put on a side, A or B, where it has as many pixels as what is open. Until somebody puts another row
there, A is the source, and B what the workspace shows: the fit under way, or its result. A fit that begins comes to B
again in the place of a result: whoever changes a setting wants to see what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from daub.app.model.background import failure_of_work
from daub.app.model.compare import CompareSource, Sides, of_fit, of_picture, of_pixels
from daub.app.model.fit_state import FitState
from daub.app.model.origin import Origin
from daub.app.model.picture import Picture, closeness
from daub.app.model.result import Result
from daub.app.model.signal import Signal
from daub.app.model.source import LIVE, Figures, Kind, Source
from daub.app.model.source_operations import DeleteSources, RenameSource, StarSource
from daub.app.model.source_rows import Rival, SourceRows, ticket_of
from daub.app.model.workspace import Workspace
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX

SideName = Literal["a", "b"]
OTHER: dict[SideName, SideName] = {"a": "b", "b": "a"}


@dataclass(frozen=True)
class Offer:
    """Something that a side can have which is not there yet, such as another codec's file of as many bytes.

    Args:
        text: in the menu of a side.
        take: has it made and put on that side.
    """

    text: str
    take: Callable[[SideName], None]


class Sources:
    """The rows, and which of them are compared.

    Args:
        workspace: what it all comes from.

    Attributes:
        selected: key of the row that commands are about, None where there is none.
        offers: what a side can have besides the rows.
    """

    def __init__(self, workspace: Workspace):
        self.changed = Signal()  # the rows, what is known of one, or which one is selected
        self.sides_changed = Signal()  # what is compared
        self.renaming = Signal()  # key of a row that a person wants to give another name
        self.selected: str | None = None
        self.offers: Sequence[Offer] = ()
        self._workspace = workspace
        self._list = SourceRows(workspace)
        self._chosen: dict[SideName, str | None] = {"a": None, "b": None}  # None: as usual
        self._wanted: dict[SideName, str | None] = {"a": None, "b": None}  # that is on its way to a side
        self._pictures: dict[str, Picture] = {}  # of files on the sides: the shelf may drop them
        self._images: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # pixels and texels of rivals on the sides
        self._reference: str | None = None  # the image beside a .daub that is open
        self._measuring: set[str] = set()  # keys of files
        self._shown = (workspace.state.ticket, False)  # fit that was shown last, and whether it had its file
        workspace.opened.connect(self._take_opened)
        workspace.changed.connect(self._follow)
        workspace.results.changed.connect(self._take_results)

    # Rows.

    @property
    def rows(self) -> tuple[Source, ...]:
        """All of them: each file, and below it what was made of it, the newest first."""
        return tuple(self._list)

    def get(self, key: str | None) -> Source | None:
        """The row of that key, None where there is none."""
        return self._list.get(key)

    def result_of(self, key: str | None) -> Result | None:
        """What stands behind a row of a result, None for other rows."""
        return None if key is None else self._list.result(key)

    def picture_of(self, key: str) -> Picture | None:
        """What stands behind a row of a file; None for other rows, and where it must be read again."""
        file = self._list.file(key)
        if file is None:
            return None
        opened = self._workspace.picture
        if opened is not None and file.is_of(opened.key):
            return opened
        return self._pictures.get(key) or self._workspace.picture_at_hand(file.picture)

    def figures_of(self, picture: Picture) -> Figures:
        """How close a file is to the reference, as far as that is known."""
        key = self._list.file_of(picture.key)
        return (None if key is None else self._list.figures_of(key)) or Figures()

    def pixels8_of(self, key: str) -> np.ndarray | None:
        """The picture of a rival, (H, W, 3) uint8; None for other rows."""
        rival = self._list.rival(key)
        return None if rival is None else rival.pixels8

    def data_of(self, key: str) -> bytes | None:
        """The file of a result, a rival, or a .daub; None for other rows, and while it is not at hand."""
        rival, result, picture = self._list.rival(key), self.result_of(key), self.picture_of(key)
        if rival is not None:
            return rival.data
        if result is not None:
            return None if result.encoded is None else result.encoded.data
        return None if picture is None else picture.data

    def suffix_of(self, key: str) -> str:
        """That of a row's file, as ".daub"; "" where it is not known."""
        rival = self._list.rival(key)
        return SUFFIX if rival is None else rival.suffix

    def add_rival(
        self,
        name: str,
        data: bytes,
        pixels8: np.ndarray,
        remark: str = "",
        figures: Figures | None = None,
        suffix: str = "",
    ) -> str:
        """Adds what another codec has made of the picture that is open.

        Args:
            name: as in "AVIF".
            data: the file.
            pixels8: (H, W, 3) uint8, what its decoder gives.
            remark: its settings, in words.
            figures: how close it is to the picture.
            suffix: of such a file, as ".avif".

        Returns:
            The key of its row.
        """
        key = self._list.take_rival(name, Rival(self._workspace.picture.key, data, pixels8, remark, figures, suffix))
        self.changed.emit()
        return key

    def add(self, origins: Sequence[Origin], side: SideName | None = None) -> None:
        """Reads files and adds rows of them; what is open stays.

        Args:
            side: where the first is put.
        """
        for index, origin in enumerate(origins):
            self._workspace.read_beside(origin, partial(self._take_added, side=side if index == 0 else None))

    # Operations.

    def select(self, key: str | None) -> None:
        """Commands are about that row from now on."""
        if key != self.selected:
            self.selected = key
            self.changed.emit()

    def look_at(self, key: str) -> None:
        """Selects a row and shows it on B, where it can be compared and is on no side yet."""
        self.select(key)
        if self.can_compare(key) and key not in (self.on("a"), self.on("b")):
            self.put(key, "b")

    def rename(self, key: str, name: str) -> None:
        """Calls a row that; nothing where the name is empty or the row is the fit under way."""
        row = self.get(key)
        if row is not None and row.kind is not Kind.LIVE and name.strip() not in ("", row.name):
            self._workspace.history.do(RenameSource(self, key, row.name, name.strip()))

    def star(self, key: str) -> None:
        """Puts a star on a row, or takes it off."""
        row = self.get(key)
        if row is not None and row.kind is not Kind.LIVE:
            self._workspace.history.do(StarSource(self, key, not row.starred))

    def can_delete(self, key: str | None) -> bool:
        """What is open stays, and a fit under way is cancelled rather than deleted."""
        row = self.get(key)
        return row is not None and row.kind not in (Kind.PICTURE, Kind.LIVE)

    def delete(self, key: str) -> None:
        """Deletes a row, and with a file what was made of it; that can be undone."""
        if self.can_delete(key):
            keys = (key, *self._list.below(key))
            self._workspace.history.do(DeleteSources(self, keys, f"deleting {self.get(key).name}"))

    def go_to(self, key: str) -> None:
        """Opens a file of the list; of a result takes over its settings, and shows it; of others shows them on B."""
        row = self.get(key)
        if row is None:
            return
        result = self.result_of(key)
        if row.kind is Kind.FILE:
            self._workspace.open_again(row.picture)
        elif result is not None and self._list.file_of(row.picture) == self._list.open_file:
            self._workspace.go_back_to(result, row.name)
        elif self.can_compare(key):
            self.put(key, "b")

    # Sides.

    @property
    def sides(self) -> Sides:
        """A and B, None where there is nothing yet."""
        return self._side_named("a"), self._side_named("b")

    def on(self, side: SideName) -> str | None:
        """Key of the row that is on a side, None where there is nothing."""
        return self._chosen[side] or self._usual(side)

    def can_compare(self, key: str | None) -> bool:
        """A row has as many pixels as what is open."""
        row, picture = self.get(key), self._workspace.picture
        return row is not None and picture is not None and row.size == (picture.width, picture.height)

    def put(self, key: str, side: SideName) -> None:
        """Puts a row on a side, once its picture is at hand; what is on the other side already changes places.

        A row with another number of pixels than what is open is refused, which is told.
        """
        row, picture = self.get(key), self._workspace.picture
        if row is None or picture is None:
            return
        if not self.can_compare(key):
            self._workspace.failed.emit(failure_of_work(_other_size(row, picture)))
            return
        self._wanted[side] = key
        self.have_ready(row, lambda: self._wanted[side] == key and self._place(key, side))

    def swap(self) -> None:
        """A becomes B, and B becomes A."""
        a, b = self.on("a"), self.on("b")
        if a is not None and b is not None:
            self._chosen = {"a": b, "b": a}
            self._tell()

    def step(self, by: int) -> None:
        """Shows another row on B: so many below, or above, the one that is there."""
        keys = [row.key for row in self.rows if self.can_compare(row.key) and row.key != self.on("a")]
        if keys:
            here = keys.index(self.on("b")) if self.on("b") in keys else -by
            key = keys[(here + by) % len(keys)]
            self.select(key)
            self.put(key, "b")

    def side(self, key: str) -> CompareSource | None:
        """A row as one side; None where it is not at hand, or there is nothing to see of it yet."""
        row = self.get(key)
        if row is None:
            return None
        if row.kind is Kind.LIVE:
            return of_fit(row, self._workspace.state)
        result = self.result_of(key)
        if result is not None:
            return of_fit(row, result.state)
        if key in self._images:
            return of_pixels(row, *self._images[key], row.name, row.name)
        picture = self.picture_of(key)
        if picture is None:
            return None
        title = "Source" if picture is self.reference else row.name
        return of_picture(row, picture, title)

    @property
    def reference(self) -> Picture | None:
        """The image that everything is held against: what is open, or an image beside a .daub that is open."""
        if self._workspace.can_fit:
            return self._workspace.picture
        return None if self._reference is None else self.picture_of(self._reference)

    # For operations.

    def note_name(self, key: str, name: str) -> None:
        """It is called that from now on."""
        self._list.call(key, name)
        self._tell()

    def note_star(self, key: str, on: bool) -> None:
        """It has a star, or none."""
        self._list.star(key, on)
        self._tell()

    def note_deleted(self, keys: tuple[str, ...], deleted: bool) -> None:
        """Their rows are gone, or there again."""
        workspace = self._workspace
        tickets = [ticket for key in keys if (ticket := ticket_of(key)) is not None]
        self._list.delete(keys, deleted)
        if deleted:
            for side, key in self._chosen.items():
                self._chosen[side] = None if key in keys else key
            if self._reference in keys:
                self._refer_to(None)
            if self.selected in keys:
                self.selected = None
            workspace.results.delete(tickets)
            for ticket in tickets:
                workspace.leave(ticket)
        else:
            workspace.results.bring_back(tickets)
            workspace.come_back()
        self._tell()

    # Inside.

    def _side_named(self, side: SideName) -> CompareSource | None:
        key = self.on(side)
        return None if key is None else self.side(key)

    def _usual(self, side: SideName) -> str | None:
        """On A the source, where there is one; on B what the workspace shows."""
        workspace = self._workspace
        if side == "a":
            return self._list.open_file if workspace.can_fit else self._reference
        if not workspace.can_fit:
            return self._list.open_file
        return LIVE if workspace.state.encoded is None else f"result:{workspace.state.ticket}"

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

            self._workspace.read_beside(row.picture.origin, take, row.picture.background)
        elif row.kind is Kind.RESULT:
            self._workspace.results.load(ticket_of(row.key), lambda _: then())
        else:
            then()

    def _place(self, key: str, side: SideName) -> None:
        self._wanted[side] = None
        before, other = self.on(side), OTHER[side]
        if self.on(other) == key and before is not None:
            self._chosen[other] = before
        self._chosen[side] = None if key == self._usual(side) else key
        self._keep_what_is_seen()
        self._tell()

    def _keep_what_is_seen(self) -> None:
        """What stands behind the sides and the reference stays at hand, and nothing else."""
        keys = {self.on("a"), self.on("b"), self._reference} - {None}
        self._hold_results()
        self._images = {key: pair for key, pair in self._images.items() if key in keys}
        found = {key: self.picture_of(key) for key in keys}
        self._pictures = {key: picture for key, picture in found.items() if picture is not None}
        for key, picture in found.items():
            if picture is not None:
                self._measure(key, picture)

    def _hold_results(self) -> None:
        tickets = {ticket_of(self.on(side)) for side in ("a", "b")} - {None}
        self._workspace.results.hold(tickets | {self._workspace.state.ticket})

    def _measure(self, key: str, picture: Picture) -> None:
        """How close a file on a side is to the reference."""
        reference = self.reference
        if reference is None or picture is reference or key in self._measuring:
            return
        if self._list.figures_of(key) is not None or reference.pixels.shape[:2] != (picture.height, picture.width):
            return
        self._measuring.add(key)

        def deliver(found: tuple[float, float]) -> None:
            self._measuring.discard(key)
            if self.reference is reference:
                self._list.measured(key, Figures(*found))
                self._tell()

        self._workspace.background.run(partial(closeness, reference.pixels, picture), deliver)

    def _refer_to(self, key: str | None) -> None:
        """Another reference: what was measured against the one before is forgotten."""
        self._reference = key
        for row in self.rows:
            if row.kind in (Kind.PICTURE, Kind.FILE):
                self._list.measured(row.key, None)

    def _take_opened(self, picture: Picture) -> None:
        """Another picture is open: it has a row, and is compared as usual."""
        key = self._list.take_file(picture)
        self._refer_to(None)
        self._chosen = {"a": None, "b": None}
        self._wanted = {"a": None, "b": None}
        self._shown = (self._workspace.state.ticket, False)
        self.selected = key
        self._keep_what_is_seen()
        self._tell()

    def _take_added(self, picture: Picture, side: SideName | None) -> None:
        """A file is there that is not to be opened; beside a .daub that has no reference an image becomes that."""
        workspace = self._workspace
        key = self._list.take_file(picture)
        for notice in picture.notices:
            workspace.noticed.emit(f"{picture.name}: {notice}")
        opened = workspace.picture
        if opened is None:
            workspace.open_again(picture.key)
            return
        lacks_one = not workspace.can_fit and self._reference is None
        if lacks_one and picture.can_be_fitted and self.can_compare(key):
            self._refer_to(key)
            self._keep_what_is_seen()
        if side is not None:
            self.put(key, side)
        self._tell()

    def _take_results(self) -> None:
        self._list.take_results()
        self._tell()

    def _follow(self, state: FitState) -> None:
        """The workspace shows something newer."""
        shown = (state.ticket, state.encoded is not None)
        if shown != self._shown:
            self._keep_up(*shown)
            self.changed.emit()
        self.sides_changed.emit()

    def _keep_up(self, ticket: int, has_file: bool) -> None:
        for side, key in self._chosen.items():
            if key == LIVE and has_file:
                self._chosen[side] = f"result:{ticket}"
        if ticket != self._shown[0] and ticket_of(self._chosen["b"]) is not None:
            self._chosen["b"] = None
        if self.selected == LIVE and has_file:
            self.selected = f"result:{ticket}"
        self._shown = (ticket, has_file)
        self._hold_results()

    def _tell(self) -> None:
        self.changed.emit()
        self.sides_changed.emit()


def _floating(pixels8: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (H, W, 3) float32 in [0, 1] and texels float16 of uint8 ones."""
    pixels = pixels8 / np.float32(255)
    return pixels, pixels.astype(np.float16)


def _other_size(row: Source, picture: Picture) -> DaubError:
    what = f"{row.name} cannot be compared with {picture.name}"
    why = f"it has {row.width} × {row.height} pixels, not {picture.width} × {picture.height}"
    return DaubError(what, why, "open it by itself")
