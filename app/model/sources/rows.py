"""The list of the sources: which rows there are, in which order, and what is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.fit import writer
from daub.app.model.picture.origin import Origin
from daub.app.model.picture.picture import Picture, PictureKey
from daub.app.model.picture.registration import SAME, Registration
from daub.app.model.sources.names import name_of_result, told_apart
from daub.app.model.sources.source import LIVE, Figures, Kind, Source
from daub.app.model.workspace.result import Result

if TYPE_CHECKING:
    from daub.app.model.sources.edited_file import FileToMake, Known
    from daub.app.model.workspace.workspace import Workspace
    from daub.codec.container import Document
    from daub.codec.editing.drawing import Drawing
    from daub.render.gaussians import Gaussians


@dataclass(frozen=True, eq=False)
class File:
    """A picture or a .daub that was read.

    Args:
        is_daub: it holds Gaussians.
        notices: what a person should know about the reading.
    """

    picture: PictureKey
    width: int
    height: int
    bytes: int | None
    is_daub: bool
    notices: tuple[str, ...] = ()

    def is_of(self, key: PictureKey) -> bool:
        """The same file, on whatever background."""
        return (key.origin, key.stamp) == (self.picture.origin, self.picture.stamp)


@dataclass(frozen=True, eq=False)
class Rival:
    """What another codec has made of a picture; or what a restoration has to do with a file of it.

    Args:
        data: the file.
        pixels8: (H, W, 3) uint8, what its decoder gives.
        remark: its settings, in words.
        suffix: of such a file, "" where it is not known.
        registration: of what it was given, where the picture lies on that.
    """

    picture: PictureKey
    data: bytes
    pixels8: np.ndarray
    remark: str
    figures: Figures | None
    suffix: str = ""
    registration: Registration = SAME

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        height, width, _ = self.pixels8.shape
        return width, height


@dataclass(frozen=True, eq=False)
class Edited:
    """Gaussians that somebody edits.

    Args:
        picture: what they were made of.
        document: the file that they come of; None for those of a fit without one.
        gaussians: (N, 8), as they are drawn: what is hidden is there, and adds nothing.
        width, height: of the canvas, pixels.
        drawing: gives what a file is made of.
        file: makes the real one, or has it.
        estimate: about the bytes that it would take; None until that is known.
        registration: of the canvas, where the picture lies on it.
        is_moving: a hand still moves them; the file is that of before.
        is_as_it_was: they are those of the document, in their order.
    """

    picture: PictureKey
    document: Document | None
    gaussians: Gaussians
    width: int
    height: int
    drawing: Callable[[], Drawing]
    file: FileToMake
    estimate: int | None = None
    registration: Registration = SAME
    is_moving: bool = False
    is_as_it_was: bool = False

    @property
    def known(self) -> Known | None:
        """What is known of its file; None while that is an estimate."""
        return None if self.is_moving else self.file.known

    @property
    def bytes(self) -> int | None:
        """Of the file, or about those that it would take; None until that is known."""
        known = self.file.known  # of something that moves about those of before
        return self.estimate if known is None else known.bytes


class SourceRows:
    """Each file, and below it what was made of it: the fit under way, results, the newest first, and rivals.

    Args:
        workspace: knows what is open, the fit and the results.
    """

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._number = 0  # of the newest file or rival
        self._files: dict[str, File] = {}
        self._by_picture: dict[tuple[Origin, tuple[int, int]], str] = {}  # keys of files, on whatever background
        self._rivals: dict[str, Rival] = {}
        self._edited: dict[str, Edited] = {}
        self._names: dict[str, str] = {}
        self._measured: dict[str, Figures] = {}
        self._starred: set[str] = set()
        self._deleted: set[str] = set()

    def __iter__(self) -> Iterator[Source]:
        made = defaultdict(list)  # of each file
        for result in reversed(list(self._workspace.results)):
            made[self.file_of(result.picture)].append(key_of(result))
        for key, other in (*self._edited.items(), *self._rivals.items()):
            made[self.file_of(other.picture)].append(key)
        for file in self._files:
            live = [LIVE] if file == self.open_file else []
            rows = (self.get(key) for key in (file, *live, *made[file]))
            yield from (row for row in rows if row is not None)

    def get(self, key: str | None) -> Source | None:
        """The row of that key, None where there is none."""
        if key is None or key in self._deleted:
            return None
        if key in self._files:
            return self._file_row(key, self._files[key])
        rival, result = self._rivals.get(key), self.result(key)
        if key == LIVE:
            row = self._live_row if self._is_live else None
        elif rival is not None:
            row = self._rival_row(key, rival)
        elif key in self._edited:
            row = self._edited_row(key, self._edited[key])
        else:
            row = None if result is None else self._result_row(result)
        # What was made of a file goes with it.
        is_there = row is not None and self.file_of(row.picture) not in (None, *self._deleted)
        return row if is_there else None

    def has_edited(self, key: str | None) -> bool:
        """There is a row of edited Gaussians of that key; asked for more often than any row can be made."""
        edited = None if key in self._deleted else self._edited.get(key)
        return edited is not None and self.file_of(edited.picture) not in (None, *self._deleted)

    @property
    def open_file(self) -> str | None:
        """Key of what is open, None where nothing is."""
        picture = self._workspace.picture
        return None if picture is None else self.file_of(picture.key)

    def file_of(self, picture: PictureKey) -> str | None:
        """Key of a picture."""
        return self._by_picture.get((picture.origin, picture.stamp))

    def file(self, key: str) -> File | None:
        """What stands behind a row of a file, None for other rows."""
        return self._files.get(key)

    def rival(self, key: str) -> Rival | None:
        """What stands behind a row of another codec, None for other rows."""
        return self._rivals.get(key)

    def edited(self, key: str | None) -> Edited | None:
        """What stands behind a row of edited Gaussians, None for other rows."""
        return self._edited.get(key)

    def result(self, key: str) -> Result | None:
        """What stands behind a row of a result, None for other rows."""
        ticket = ticket_of(key)
        return None if ticket is None else self._workspace.results.of(ticket)

    def below(self, key: str) -> list[str]:
        """Keys of what was made of a file."""
        file = self._files.get(key)
        return [] if file is None else [row.key for row in self if row.key != key and file.is_of(row.picture)]

    # Changes.

    def take_file(self, picture: Picture) -> str:
        """There is a row of that picture from now on, also where it was deleted; its key."""
        is_daub = picture.document is not None
        size = picture.width, picture.height
        return self.keep_file(File(picture.key, *size, picture.source_bytes, is_daub, picture.notices), picture.name)

    def keep_file(self, file: File, name: str) -> str:
        """There is a row of that file from now on; its key. Args: name: unless it has one already."""
        key = self.file_of(file.picture)
        if key is None:
            key = self._new_key("file")
            self._names[key] = name
        self._files[key] = file
        self._by_picture[file.picture.origin, file.picture.stamp] = key
        self._deleted.discard(key)
        return key

    def take_rival(self, name: str, rival: Rival) -> str:
        """Adds a row; its key."""
        key = self._new_key("rival")
        self._rivals[key] = rival
        self._names[key] = told_apart(name, self._names_beside(rival.picture))
        return key

    def take_edited(self, name: str, edited: Edited) -> str:
        """Adds a row, which counts as deleted until it is brought back; its key."""
        key = self._new_key("edited")
        self._edited[key] = edited
        self._names[key] = told_apart(name, self._names_beside(edited.picture))
        self._deleted.add(key)
        return key

    def edit(self, key: str, edited: Edited) -> None:
        """The row has other Gaussians."""
        self._edited[key] = edited

    def take_results(self) -> None:
        """Names those that are new."""
        for result in self._workspace.results:
            key = key_of(result)
            if key not in self._names:
                taken = self._names_beside(result.picture)
                self._names[key] = name_of_result(result.settings, result.state, taken)

    def call(self, key: str, name: str) -> None:
        """The row has that name."""
        self._names[key] = name

    def star(self, key: str, on: bool) -> None:
        """The row has a star, or none."""
        (self._starred.add if on else self._starred.discard)(key)

    def delete(self, keys: Iterable[str], deleted: bool) -> None:
        """The rows are gone, or there again; those of results are the business of the workspace."""
        (self._deleted.update if deleted else self._deleted.difference_update)(keys)

    def measured(self, key: str, figures: Figures | None) -> None:
        """How close a file is to the reference; None where there is none any more."""
        if figures is None:
            self._measured.pop(key, None)
        else:
            self._measured[key] = figures

    def figures_of(self, key: str) -> Figures | None:
        """What was measured of a file."""
        return self._measured.get(key)

    # Inside.

    def _row(self, key: str, kind: Kind, picture: PictureKey, size: tuple[int, int], **known: object) -> Source:
        return Source(key, kind, self._names.get(key, ""), picture, *size, starred=key in self._starred, **known)

    def _file_row(self, key: str, file: File) -> Source:
        kind = Kind.PICTURE if key == self.open_file else Kind.FILE
        return self._row(
            key, kind, file.picture, (file.width, file.height), bytes=file.bytes, figures=self._measured.get(key),
            remark=", ".join(file.notices), has_gaussians=file.is_daub,
        )  # fmt: skip

    @property
    def _is_live(self) -> bool:
        """There is a fit that has no file yet."""
        workspace = self._workspace
        under_way = workspace.fitting.is_under_way or workspace.state.gaussians is not None
        return workspace.can_fit and workspace.state.encoded is None and under_way

    @property
    def _live_row(self) -> Source:
        workspace = self._workspace
        picture, state = workspace.picture, workspace.state
        return Source(
            LIVE, Kind.LIVE, writer.label(state), picture.key, picture.width, picture.height, state.size,
            Figures(state.psnr), workspace.tries.settings_of(state), has_gaussians=True, is_estimate=True,
        )  # fmt: skip

    def _result_row(self, result: Result) -> Source:
        file = result.file
        return self._row(
            key_of(result), Kind.RESULT, result.picture, (file.width, file.height),
            bytes=file.bytes, figures=Figures(file.psnr, result.ms_ssim, result.perceptual),
            settings=result.settings, remark="" if result.state.whole else "stopped early", has_gaussians=True,
        )  # fmt: skip

    def _rival_row(self, key: str, rival: Rival) -> Source:
        known = {"bytes": len(rival.data), "figures": rival.figures, "remark": rival.remark}
        return self._row(key, Kind.RIVAL, rival.picture, rival.size, **known)

    def _edited_row(self, key: str, edited: Edited) -> Source:
        size, known = (edited.width, edited.height), edited.known
        return self._row(
            key, Kind.EDITED, edited.picture, size, bytes=edited.bytes, has_gaussians=True,
            figures=None if known is None else known.figures, is_estimate=known is None,
        )  # fmt: skip

    def _new_key(self, kind: str) -> str:
        self._number += 1
        return f"{kind}:{self._number}"

    def _names_beside(self, picture: PictureKey) -> set[str]:
        return {row.name for row in self if row.picture == picture}


def key_of(result: Result) -> str:
    """Of the row of a result."""
    return f"result:{result.state.ticket}"


def ticket_of(key: str | None) -> int | None:
    """Number of the fit whose result a row is, None for other rows."""
    kind, _, number = (key or "").partition(":")
    return int(number) if kind == "result" else None
