"""All that can be compared: pictures, the fit under way, every result, other files and what other codecs have made.

    Workspace: picture, state, results ---> Sources: rows ---> sides: A and B ---> viewport, read-out, plots
    put, swap, rename, star, delete ------>

Each row can be put on a side, A or B, where it has as many pixels as what is open. Until somebody puts another row
there, A is the source, and B what the workspace shows: the fit under way, or its result. A fit that begins comes to B
again in the place of a result: whoever changes a setting wants to see what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from daub.app.model import writer
from daub.app.model.background import failure_of_work
from daub.app.model.compare import CompareSource, Sides, of_fit, of_picture, of_pixels
from daub.app.model.fit_state import FitState
from daub.app.model.picture import Picture, PictureKey
from daub.app.model.result import Result
from daub.app.model.signal import Signal
from daub.app.model.source import LIVE, Figures, Kind, Source
from daub.app.model.source_names import name_of_result, told_apart
from daub.app.model.source_operations import DeleteSources, RenameSource, StarSource
from daub.codec.errors import DaubError

if TYPE_CHECKING:
    from daub.app.model.workspace import Workspace

SideName = Literal["a", "b"]
OTHER: dict[SideName, SideName] = {"a": "b", "b": "a"}


@dataclass(frozen=True, eq=False)
class _File:
    """A picture or a .daub that was opened."""

    picture: PictureKey
    width: int
    height: int
    bytes: int | None

    def is_of(self, key: PictureKey) -> bool:
        """The same file, on whatever background."""
        return (key.origin, key.stamp) == (self.picture.origin, self.picture.stamp)


@dataclass(frozen=True, eq=False)
class _Rival:
    """What another codec has made of a picture."""

    picture: PictureKey
    data: bytes
    pixels8: np.ndarray  # (H, W, 3) uint8
    remark: str
    figures: Figures | None


class Sources:
    """The rows, and which of them are compared.

    Args:
        workspace: what it all comes from.
    """

    def __init__(self, workspace: Workspace):
        self.changed = Signal()  # the rows, or what is known of one
        self.sides_changed = Signal()  # what is compared
        self._workspace = workspace
        self._number = 0  # of the newest file or rival
        self._files: dict[str, _File] = {}
        self._rivals: dict[str, _Rival] = {}
        self._names: dict[str, str] = {}
        self._starred: set[str] = set()
        self._deleted: set[str] = set()
        self._chosen: dict[SideName, str | None] = {"a": None, "b": None}  # None: as usual
        self._wanted: dict[SideName, str | None] = {"a": None, "b": None}  # that is on its way to a side
        self._contents: dict[str, Callable[[Source], CompareSource]] = {}  # of what is on a side and was made ready
        self._shown = (workspace.state.ticket, False)  # fit that was shown last, and whether it had its file
        workspace.opened.connect(self._take_picture)
        workspace.changed.connect(self._follow)
        workspace.results.changed.connect(self._take_results)

    # Rows.

    @property
    def rows(self) -> tuple[Source, ...]:
        """All of them: each file, and below it what was made of it, the newest first."""
        return tuple(self._all_rows())

    def get(self, key: str | None) -> Source | None:
        """The row of that key, None where there is none."""
        return next((row for row in self._all_rows() if row.key == key), None)

    def result_of(self, key: str) -> Result | None:
        """What stands behind a row of a result, None for other rows."""
        kind, _, number = key.partition(":")
        return self._workspace.results.of(int(number)) if kind == "result" else None

    def data_of(self, key: str) -> bytes | None:
        """The file of a result or of a rival; None for other rows."""
        if key in self._rivals:
            return self._rivals[key].data
        result = self.result_of(key)
        return None if result is None else result.encoded.data

    def add_rival(
        self, name: str, data: bytes, pixels8: np.ndarray, remark: str = "", figures: Figures | None = None
    ) -> str:
        """Adds what another codec has made of the picture that is open.

        Args:
            name: as in "AVIF".
            data: the file.
            pixels8: (H, W, 3) uint8, what its decoder gives.
            remark: its settings, in words.
            figures: how close it is to the picture.

        Returns:
            The key of its row.
        """
        key = self._new_key("rival")
        picture = self._workspace.picture
        self._rivals[key] = _Rival(picture.key, data, pixels8, remark, figures)
        self._names[key] = told_apart(name, self._names_beside(picture.key))
        self.changed.emit()
        return key

    # Operations.

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

    def can_delete(self, key: str) -> bool:
        """What is open stays, and a fit under way is cancelled rather than deleted."""
        row = self.get(key)
        return row is not None and row.kind not in (Kind.PICTURE, Kind.LIVE)

    def delete(self, key: str) -> None:
        """Deletes a row, and with a file what was made of it; that can be undone."""
        if not self.can_delete(key):
            return
        row = self.get(key)
        keys = [key]
        if key in self._files:
            keys += [other.key for other in self.rows if other.key != key and self._files[key].is_of(other.picture)]
        self._workspace.history.do(DeleteSources(self, tuple(keys), f"deleting {row.name}"))

    # Sides.

    @property
    def sides(self) -> Sides:
        """A and B, None where there is nothing yet."""
        a, b = (self.on(side) for side in ("a", "b"))
        return (None if a is None else self.side(a)), (None if b is None else self.side(b))

    def on(self, side: SideName) -> str | None:
        """Key of the row that is on a side, None where there is nothing."""
        return self._chosen[side] or (self._usual_a if side == "a" else self._usual_b)

    def put(self, key: str, side: SideName) -> None:
        """Puts a row on a side, once its picture is at hand; what is on the other side already changes places.

        A row with another number of pixels than what is open is refused, which is told.
        """
        row, picture = self.get(key), self._workspace.picture
        if row is None or picture is None:
            return
        if row.size != (picture.width, picture.height):
            self._workspace.failed.emit(failure_of_work(_other_size(row, picture)))
            return
        self._wanted[side] = key
        self._have_ready(row, lambda: self._wanted[side] == key and self._place(key, side))

    def swap(self) -> None:
        """A becomes B, and B becomes A."""
        a, b = self.on("a"), self.on("b")
        if a is not None and b is not None:
            self._chosen = {"a": b, "b": a}
            self._tell()

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
        if key in self._files:
            picture = self._picture_of(row)
            title = "Source" if picture is not None and row.kind is Kind.PICTURE and picture.can_be_fitted else row.name
            return None if picture is None else of_picture(row, picture, title)
        made = self._contents.get(key)
        return None if made is None else made(row)

    # For operations.

    def note_name(self, key: str, name: str) -> None:
        """It is called that from now on."""
        self._names[key] = name
        self._tell()

    def note_star(self, key: str, on: bool) -> None:
        """It has a star, or none."""
        (self._starred.add if on else self._starred.discard)(key)
        self._tell()

    def note_deleted(self, keys: tuple[str, ...], deleted: bool) -> None:
        """Their rows are gone, or there again."""
        (self._deleted.update if deleted else self._deleted.difference_update)(keys)
        tickets = [int(key.partition(":")[2]) for key in keys if key.startswith("result:")]
        results, workspace = self._workspace.results, self._workspace
        if deleted:
            for side, key in self._chosen.items():
                if key in keys:
                    self._chosen[side] = None
            results.delete(tickets)
            for ticket in tickets:
                workspace.leave(ticket)
        else:
            results.bring_back(tickets)
            workspace.come_back()
        self._tell()

    # Inside.

    def _all_rows(self) -> Iterator[Source]:
        workspace = self._workspace
        for key, file in self._files.items():
            if key in self._deleted:
                continue
            is_open = workspace.picture is not None and file.is_of(workspace.picture.key)
            kind = Kind.PICTURE if is_open else Kind.FILE
            yield self._row(key, kind, file.picture, (file.width, file.height), bytes=file.bytes)
            if is_open and self._is_live:
                yield self._live_row
            for result in reversed(list(workspace.results)):
                if file.is_of(result.picture):
                    yield self._result_row(result)
            for rival_key, rival in self._rivals.items():
                if file.is_of(rival.picture) and rival_key not in self._deleted:
                    yield self._rival_row(rival_key, rival)

    def _row(self, key: str, kind: Kind, picture: PictureKey, size: tuple[int, int], **known: object) -> Source:
        return Source(key, kind, self._names.get(key, ""), picture, *size, starred=key in self._starred, **known)

    @property
    def _is_live(self) -> bool:
        """There is a fit that has no file yet."""
        workspace = self._workspace
        return workspace.can_fit and workspace.state.encoded is None and (
            workspace.is_fitting or workspace.state.gaussians is not None
        )  # fmt: skip

    @property
    def _live_row(self) -> Source:
        workspace = self._workspace
        picture, state = workspace.picture, workspace.state
        figures, name = Figures(state.psnr), writer.label(state)
        size, settings = state.size, workspace.settings_of(state)
        return Source(LIVE, Kind.LIVE, name, picture.key, picture.width, picture.height, size, figures, settings)

    def _result_row(self, result: Result) -> Source:
        encoded = result.encoded
        return self._row(
            _key_of(result), Kind.RESULT, result.picture, (encoded.document.width, encoded.document.height),
            bytes=len(encoded.data), figures=Figures(encoded.psnr, result.ms_ssim, result.perceptual),
            settings=result.settings, remark="" if result.state.whole else "stopped early",
        )  # fmt: skip

    def _rival_row(self, key: str, rival: _Rival) -> Source:
        height, width, _ = rival.pixels8.shape
        known = {"bytes": len(rival.data), "figures": rival.figures, "remark": rival.remark}
        return self._row(key, Kind.RIVAL, rival.picture, (width, height), **known)

    @property
    def _usual_a(self) -> str | None:
        """The source, where there is one."""
        return self._open_file if self._workspace.can_fit else None

    @property
    def _usual_b(self) -> str | None:
        """What the workspace shows."""
        workspace = self._workspace
        if workspace.picture is None:
            return None
        if not workspace.can_fit:
            return self._open_file
        if workspace.state.encoded is None:
            return LIVE
        return f"result:{workspace.state.ticket}"

    @property
    def _open_file(self) -> str | None:
        """Key of what is open."""
        key = self._workspace.picture.key
        return next((name for name, file in self._files.items() if file.is_of(key)), None)

    def _new_key(self, kind: str) -> str:
        self._number += 1
        return f"{kind}:{self._number}"

    def _names_beside(self, picture: PictureKey) -> set[str]:
        return {row.name for row in self._all_rows() if row.picture == picture}

    def _picture_of(self, row: Source) -> Picture | None:
        """Of a file, None where it is not at hand."""
        opened = self._workspace.picture
        if row.kind is Kind.PICTURE:
            return opened
        return self._workspace.picture_at_hand(row.picture)

    def _have_ready(self, row: Source, then: Callable[[], object]) -> None:
        """Calls `then` once the picture of a row is at hand."""
        if row.kind is not Kind.RIVAL or row.key in self._contents:
            then()
            return

        def deliver(pair: tuple[np.ndarray, np.ndarray]) -> None:
            self._contents[row.key] = lambda now: of_pixels(now, *pair, now.name, now.name)
            then()

        self._workspace.background.run(partial(_floating, self._rivals[row.key].pixels8), deliver)

    def _place(self, key: str, side: SideName) -> None:
        self._wanted[side] = None
        before, other = self.on(side), OTHER[side]
        if self.on(other) == key and before is not None:
            self._chosen[other] = before
        self._chosen[side] = None if key == (self._usual_a if side == "a" else self._usual_b) else key
        on_sides = {self.on("a"), self.on("b")}
        self._contents = {name: made for name, made in self._contents.items() if name in on_sides}
        self._tell()

    def _take_picture(self, picture: Picture) -> None:
        """Another picture is open: it has a row, and is compared as usual."""
        file = _File(picture.key, picture.width, picture.height, picture.source_bytes)
        key = self._open_file
        if key is None:
            key = self._new_key("file")
            self._names[key] = picture.name
        self._files[key] = file
        self._deleted.discard(key)
        self._chosen = {"a": None, "b": None}
        self._wanted = {"a": None, "b": None}
        self._shown = (self._workspace.state.ticket, False)
        self._tell()

    def _take_results(self) -> None:
        """Names those that are new."""
        for result in self._workspace.results:
            key = _key_of(result)
            if key not in self._names:
                name = name_of_result(result.settings, result.state)
                self._names[key] = told_apart(name, self._names_beside(result.picture))
        self._tell()

    def _follow(self, state: FitState) -> None:
        """The workspace shows something newer."""
        shown = (state.ticket, state.encoded is not None)
        if shown != self._shown:
            self._keep_up(state, *shown)
            self.changed.emit()
        self.sides_changed.emit()

    def _keep_up(self, state: FitState, ticket: int, has_file: bool) -> None:
        for side, key in self._chosen.items():
            if key == LIVE and has_file:
                self._chosen[side] = f"result:{ticket}"
        chosen = self._chosen["b"]
        if ticket != self._shown[0] and chosen is not None and chosen.startswith("result:"):
            self._chosen["b"] = None
        self._shown = (ticket, has_file)

    def _tell(self) -> None:
        self.changed.emit()
        self.sides_changed.emit()


def _key_of(result: Result) -> str:
    return f"result:{result.state.ticket}"


def _floating(pixels8: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (H, W, 3) float32 in [0, 1] and texels float16 of uint8 ones."""
    pixels = pixels8 / np.float32(255)
    return pixels, pixels.astype(np.float16)


def _other_size(row: Source, picture: Picture) -> DaubError:
    what = f"{row.name} cannot be compared with {picture.name}"
    why = f"it has {row.width} × {row.height} pixels, not {picture.width} × {picture.height}"
    return DaubError(what, why, "open it by itself")
