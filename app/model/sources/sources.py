"""All that can be compared, and which two of it are: pictures, the fit under way, results, files, other codecs' files.

Workspace: picture, state, results ---> SourceRows ---> Sources
                                                          |-- Pair: sides A and B ---> viewport, read-out, plots
                                                          |-- Reference: what everything is held against
                                                          |-- AtHand: what stands behind rows
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from daub.app.model.fit.state import FitState
from daub.app.model.picture.origin import Origin
from daub.app.model.picture.picture import Picture, PictureKey
from daub.app.model.picture.registration import SAME, Registration
from daub.app.model.sources.at_hand import AtHand
from daub.app.model.sources.operations import DeleteSources, RenameSource, StarSource
from daub.app.model.sources.pair import Pair, SideName
from daub.app.model.sources.reference import Reference
from daub.app.model.sources.rows import Edited, Rival, SourceRows, ticket_of
from daub.app.model.sources.source import LIVE, Figures, Kind, Source
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace


@dataclass(frozen=True)
class Offer:
    """Something that a side can have which is not there yet, such as another codec's file of as many bytes.

    Args:
        text: in the menu of its kind.
        take: has it made and put on that side.
        kind: title of the menu in which those of one kind stand together.
        is_possible: it can be had now; otherwise it is not offered.
    """

    text: str
    take: Callable[[SideName], None]
    kind: str
    is_possible: Callable[[], bool] = lambda: True


class Sources:
    """The rows, and which of them are compared.

    Args:
        workspace: what it all comes from.

    Attributes:
        at_hand: what stands behind rows.
        reference: the image that everything is held against.
        pair: the two rows that are compared.
        selected: key of the row that commands are about, None where there is none.
        offers: what a side can have besides the rows.
    """

    def __init__(self, workspace: Workspace):
        self.changed = Signal()  # the rows, what is known of one, or which one is selected
        self.renaming = Signal()  # key of a row that a person wants to give another name
        self.selected: str | None = None
        self.offers: Sequence[Offer] = ()
        self._workspace = workspace
        self._list = SourceRows(workspace)
        self.at_hand = AtHand(workspace, self._list)
        self.reference = Reference(workspace, self._list, self.at_hand, self._tell)
        self.pair = Pair(workspace, self._list, self.at_hand, self.reference, self._tell)
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

    def has_edited(self, key: str | None) -> bool:
        """There is a row of edited Gaussians of that key."""
        return self._list.has_edited(key)

    def add_rival(
        self,
        name: str,
        data: bytes,
        pixels8: np.ndarray,
        remark: str = "",
        figures: Figures | None = None,
        suffix: str = "",
        registration: Registration = SAME,
    ) -> str:
        """Adds what another codec has made of the picture that is open.

        Args:
            name: as in "AVIF".
            data: the file.
            pixels8: (H, W, 3) uint8, what its decoder gives.
            remark: its settings, in words.
            figures: how close it is to the picture.
            suffix: of such a file, as ".avif".
            registration: of what it was given, where the picture lies on that.

        Returns:
            The key of its row.
        """
        rival = Rival(self._workspace.picture.key, data, pixels8, remark, figures, suffix, registration)
        key = self._list.take_rival(name, rival)
        self.changed.emit()
        return key

    def add_edited(self, name: str, edited: Edited) -> str:
        """Adds a row of Gaussians that are to be edited, which is not seen until `note_edited_row`; its key."""
        return self._list.take_edited(name, edited)

    def show_edited(self, key: str, edited: Edited, is_done: bool = True) -> None:
        """A row has other Gaussians. Args: is_done: False while a hand still moves them."""
        self._list.edit(key, edited)
        if is_done:
            self._tell()
        else:
            self.pair.changed.emit()

    def add(self, origins: Sequence[Origin], side: SideName | None = None) -> None:
        """Reads files and adds rows of them; what is open stays.

        Args:
            side: where the first is put.
        """
        for index, origin in enumerate(origins):
            self._workspace.opening.read_beside(origin, partial(self._take_added, side=side if index == 0 else None))

    def key_of(self, picture: PictureKey) -> str | None:
        """Key of the row of a picture, on whatever background; None where there is none."""
        key = self._list.file_of(picture)
        return None if self.get(key) is None else key

    def size_of(self, picture: PictureKey) -> tuple[int, int] | None:
        """Width and height of a picture that there is a row of, pixels; None where there is none."""
        file = self._list.file(self._list.file_of(picture) or "")
        return None if file is None else (file.width, file.height)

    def fill(self, fill: Callable[[SourceRows], object]) -> None:
        """Puts rows into the list that nobody has made here, as a project does."""
        fill(self._list)
        self._tell()

    # Operations.

    def select(self, key: str | None) -> None:
        """Commands are about that row from now on."""
        if key != self.selected:
            self.selected = key
            self.changed.emit()

    def look_at(self, key: str) -> None:
        """Selects a row and shows it on B, where it can be compared and is on no side yet."""
        self.select(key)
        if self.pair.can_compare(key) and key not in (self.pair.on("a"), self.pair.on("b")):
            self.pair.put(key, "b")

    def step(self, by: int) -> None:
        """Shows another row on B: so many below, or above, the one that is there."""
        keys = [row.key for row in self.rows if self.pair.can_compare(row.key) and row.key != self.pair.on("a")]
        if keys:
            here = keys.index(self.pair.on("b")) if self.pair.on("b") in keys else -by
            key = keys[(here + by) % len(keys)]
            self.select(key)
            self.pair.put(key, "b")

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
        result = self.at_hand.result_of(key)
        if row.kind is Kind.FILE:
            self._workspace.opening.open_again(row.picture)
        elif result is not None and self._list.file_of(row.picture) == self._list.open_file:
            self._workspace.go_back_to(result, row.name)
        elif self.pair.can_compare(key):
            self.pair.put(key, "b")

    # For operations.

    def note_name(self, key: str, name: str) -> None:
        """It is called that from now on."""
        self._list.call(key, name)
        self._tell()

    def note_star(self, key: str, on: bool) -> None:
        """It has a star, or none."""
        self._list.star(key, on)
        self._tell()

    def note_edited_row(self, key: str, instead_of: str, there: bool) -> None:
        """A row of edited Gaussians is there, on side B in the place of the one that they come of; or it is gone."""
        self._list.delete((key,), not there)
        if there:
            self.pair.put(key, "b")
        else:
            self.pair.leave((key,))
            if self.get(instead_of) is not None:
                self.pair.put(instead_of, "b")
        if self.selected in (key, instead_of):
            self.selected = key if there else instead_of
        self._tell()

    def note_deleted(self, keys: tuple[str, ...], deleted: bool) -> None:
        """Their rows are gone, or there again."""
        workspace = self._workspace
        tickets = [ticket for key in keys if (ticket := ticket_of(key)) is not None]
        self._list.delete(keys, deleted)
        if deleted:
            self.pair.leave(keys)
            if self.reference.key in keys:
                self.reference.refer_to(None)
            if self.selected in keys:
                self.selected = None
            workspace.results.delete(tickets)
            for ticket in tickets:
                workspace.fitting.leave(ticket)
        else:
            workspace.results.bring_back(tickets)
            workspace.fitting.come_back()
        self._tell()

    # Inside.

    def _take_opened(self, picture: Picture) -> None:
        """Another picture is open: it has a row, and is compared as usual."""
        key = self._list.take_file(picture)
        self.reference.refer_to(None)
        self.pair.start_anew()
        self._shown = (self._workspace.state.ticket, False)
        self.selected = key
        self._tell()

    def _take_added(self, picture: Picture, side: SideName | None) -> None:
        """A file is there that is not to be opened; beside a .daub that has no reference an image becomes that."""
        workspace = self._workspace
        key = self._list.take_file(picture)
        for notice in picture.notices:
            workspace.noticed.emit(f"{picture.name}: {notice}")
        opened = workspace.picture
        if opened is None:
            workspace.opening.open_again(picture.key)
            return
        lacks_one = not workspace.can_fit and self.reference.key is None
        if lacks_one and picture.can_be_fitted and self.pair.can_compare(key):
            self.reference.refer_to(key)
            self.pair.keep_what_is_seen()
        if side is not None:
            self.pair.put(key, side)
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
        self.pair.changed.emit()

    def _keep_up(self, ticket: int, has_file: bool) -> None:
        self.pair.keep_up(ticket, has_file, is_another=ticket != self._shown[0])
        if self.selected == LIVE and has_file:
            self.selected = f"result:{ticket}"
        self._shown = (ticket, has_file)

    def _tell(self) -> None:
        self.changed.emit()
        self.pair.changed.emit()
