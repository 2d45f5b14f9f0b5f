"""Which two rows of the sources are compared, A and B.

Each row can be put on a side where it has as many pixels as what is open, or is an edit of something that has. What an
edit has cropped, flipped, turned or resized is seen in the same way on the other side.

Until somebody puts another row there, A is the source, and B what the workspace shows: the fit under way or its result.
A fit that begins comes to B again in the place of a result: whoever changes a setting wants to see what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np

from daub.app.model.picture.picture import Picture, has_stages
from daub.app.model.picture.registration import SAME
from daub.app.model.sources.registered import Canvas, Registered
from daub.app.model.sources.rows import ticket_of
from daub.app.model.sources.sides import CompareSource, Sides, of_fit, of_picture, of_pixels
from daub.app.model.sources.source import LIVE, Kind, Source
from daub.app.model.work.failure import failure_of_work
from daub.app.model.work.signal import Signal
from daub.codec.errors import DaubError

if TYPE_CHECKING:
    from daub.app.model.sources.at_hand import AtHand
    from daub.app.model.sources.reference import Reference
    from daub.app.model.sources.rows import SourceRows
    from daub.app.model.workspace.workspace import Workspace

SideName = Literal["a", "b"]
OTHER: dict[SideName, SideName] = {"a": "b", "b": "a"}


class Pair:
    """See above.

    Args:
        tell: called when a side has another row.
    """

    def __init__(
        self, workspace: Workspace, rows: SourceRows, at_hand: AtHand, reference: Reference, tell: Callable[[], None]
    ):
        self.changed = Signal()  # what is compared
        self._workspace, self._rows, self._at_hand, self._reference = workspace, rows, at_hand, reference
        self._tell = tell
        self._registered = Registered(workspace, tell)
        self._chosen: dict[SideName, str | None] = {"a": None, "b": None}  # None: as usual
        self._wanted: dict[SideName, str | None] = {"a": None, "b": None}  # that is on its way to a side

    @property
    def sides(self) -> Sides:
        """A and B as they lie on the canvas, None where there is nothing yet."""
        canvas = self.canvas
        return tuple(
            None if key is None else self._registered.seen(self.side(key), self.canvas_of(key), canvas)
            for key in (self.on("a"), self.on("b"))
        )  # fmt: skip

    def why_unseen(self, side: SideName) -> str:
        """Why nothing is seen of what is on a side, though it is at hand, in two lines; "" where that is not so."""
        key, other = self.on(side), self._rows.get(self.on(OTHER[side]))
        own = None if key is None else self.side(key)
        if own is None or other is None or self._registered.can_lie(own, self.canvas_of(key), self.canvas):
            return ""
        return f"{side.upper()}: {own.title} cannot be seen:\nit ends within what {other.name} shows"

    @property
    def own_b(self) -> CompareSource | None:
        """B on its own canvas."""
        key = self.on("b")
        return None if key is None else self.side(key)

    @property
    def canvas(self) -> Canvas:
        """On which both sides are compared: that of an edit, or else what a codec was given; that of B before A's."""
        keys = [key for key in (self.on("b"), self.on("a")) if key is not None]
        edited = [key for key in keys if self._at_hand.edited_of(key) is not None]
        parts = [key for key in keys if self.canvas_of(key) != self.canvas_of(None)]
        return self.canvas_of(next(iter(edited + parts), None))

    def canvas_of(self, key: str | None) -> Canvas:
        """That of a row by itself; of what is open for all but edits, and what other codecs have made beside them."""
        edited, picture = self._at_hand.edited_of(key), self._workspace.picture
        rival = None if key is None else self._at_hand.rival_of(key)
        if edited is not None:
            return Canvas((edited.width, edited.height), edited.registration)
        if rival is not None:
            return Canvas(rival.size, rival.registration)
        return Canvas((0, 0) if picture is None else (picture.width, picture.height))

    def pixels_on_canvas(self, pixels: np.ndarray | None) -> np.ndarray | None:
        """(H, W, 3): those of what is open, as they lie on the canvas; None where they would have to be resampled."""
        return None if pixels is None else self._registered.pixels(pixels, self.canvas)

    def on(self, side: SideName) -> str | None:
        """Key of the row that is on a side, None where there is nothing."""
        return self._chosen[side] or self._usual(side)

    @property
    def chosen(self) -> dict[SideName, str | None]:
        """Keys of the rows that somebody has put on the sides, None for the usual one."""
        return dict(self._chosen)

    def can_compare(self, key: str | None) -> bool:
        """A row has as many pixels as what is open, or was made of something that has."""
        row, picture = self._rows.get(key), self._workspace.picture
        if row is None or picture is None:
            return False
        lies_elsewhere = row.kind is Kind.EDITED or self.canvas_of(key).registration != SAME
        made_of = self._rows.file(self._rows.file_of(row.picture) or "") if lies_elsewhere else row
        return made_of is not None and (made_of.width, made_of.height) == (picture.width, picture.height)

    def put(self, key: str, side: SideName) -> None:
        """Puts a row on a side, once its picture is at hand; what is on the other side already changes places.

        A row with another number of pixels than what is open is refused, which is told.
        """
        row, picture = self._rows.get(key), self._workspace.picture
        if row is None or picture is None:
            return
        if not self.can_compare(key):
            self._workspace.failed.emit(failure_of_work(_other_size(row, picture)))
            return
        self._wanted[side] = key
        self._at_hand.have_ready(row, lambda: self._wanted[side] == key and self._place(key, side))

    def swap(self) -> None:
        """A becomes B, and B becomes A."""
        a, b = self.on("a"), self.on("b")
        if a is not None and b is not None:
            self._chosen = {"a": b, "b": a}
            self._tell()

    def side(self, key: str) -> CompareSource | None:
        """A row as one side, on its own canvas; None where it is not at hand, or there is nothing to see of it yet."""
        row = self._rows.get(key)
        if row is None:
            return None
        if row.kind is Kind.LIVE:
            return of_fit(row, self._workspace.state)
        result = self._at_hand.result_of(key)
        if result is not None:
            return of_fit(row, result.state)
        edited = self._at_hand.edited_of(key)
        if edited is not None:
            # What a document with stages looks like is not what its Gaussians do, which are edited.
            is_plain = edited.is_as_it_was and not has_stages(edited.document)
            document = edited.document if is_plain else None
            return CompareSource(row.name, row.facts, gaussians=edited.gaussians, document=document, row=row)
        image = self._at_hand.image_of(key)
        if image is not None:
            return of_pixels(row, *image, row.name)
        picture = self._at_hand.picture_of(key)
        if picture is None:
            return None
        title = "Source" if picture is self._reference.picture else row.name
        return of_picture(row, picture, title)

    # For the sources.

    def start_anew(self) -> None:
        """Another picture is open: it is compared as usual."""
        self._chosen = {"a": None, "b": None}
        self._wanted = {"a": None, "b": None}
        self._registered.forget()
        self.keep_what_is_seen()

    def leave(self, keys: tuple[str, ...]) -> None:
        """These rows are gone: where one was on a side, there is the usual again."""
        for side, key in self._chosen.items():
            self._chosen[side] = None if key in keys else key

    def keep_up(self, ticket: int, has_file: bool, is_another: bool) -> None:
        """The workspace shows something newer. Args: is_another: a fit that it has not shown before."""
        for side, key in self._chosen.items():
            if key == LIVE and has_file:
                self._chosen[side] = f"result:{ticket}"
        if is_another and ticket_of(self._chosen["b"]) is not None:
            self._chosen["b"] = None
        self._hold_results()

    def keep_what_is_seen(self) -> None:
        """What stands behind the sides and the reference stays at hand, and nothing else."""
        self._hold_results()
        pictures = self._at_hand.keep({self.on("a"), self.on("b"), self._reference.key} - {None})
        for key, picture in pictures.items():
            self._reference.measure(key, picture)

    # Inside.

    def _usual(self, side: SideName) -> str | None:
        """On A the source, where there is one; on B what the workspace shows."""
        workspace = self._workspace
        if side == "a":
            return self._rows.open_file if workspace.can_fit else self._reference.key
        if not workspace.can_fit:
            return self._rows.open_file
        return LIVE if workspace.state.encoded is None else f"result:{workspace.state.ticket}"

    def _place(self, key: str, side: SideName) -> None:
        self._wanted[side] = None
        before, other = self.on(side), OTHER[side]
        if self.on(other) == key and before is not None:
            self._chosen[other] = before
        self._chosen[side] = None if key == self._usual(side) else key
        self.keep_what_is_seen()
        self._tell()

    def _hold_results(self) -> None:
        tickets = {ticket_of(self.on(side)) for side in ("a", "b")} - {None}
        self._workspace.results.hold(tickets | {self._workspace.state.ticket})


def _other_size(row: Source, picture: Picture) -> DaubError:
    what = f"{row.name} cannot be compared with {picture.name}"
    why = f"it has {row.width} × {row.height} pixels, not {picture.width} × {picture.height}"
    return DaubError(what, why, "open it by itself")
