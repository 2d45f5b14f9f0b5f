"""What leaves a workspace: files, and the decoded picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.fit import writer
from daub.app.model.fit.method import method_text
from daub.app.model.fit.state import FitState
from daub.app.model.fit.wanted import PackRequest
from daub.app.model.output.slow_files import Report, SlowFiles
from daub.app.model.output.target import check_target
from daub.app.model.picture.picture import Picture, decode, export_png
from daub.app.model.sources.edited_file import FileToMake
from daub.app.model.sources.rows import Edited, ticket_of
from daub.app.model.sources.source import Kind, psnr_text
from daub.app.model.sources.sources import Sources
from daub.app.model.work.failure import by_name, failure_of_work
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX, write_atomic
from daub.codec.importance import Importance
from daub.render.devices import Failover

if TYPE_CHECKING:
    from daub.codec.container import Document
    from daub.codec.editing.drawing import Drawing
    from daub.codec.rate.encoded import Encoded


_AS_RENDERED = ", as rendered: without what its restoration adds"
_PLAIN = ", as it is seen while it is edited: only the .daub has a restoration"


class Exports:
    """Writes what is compared: the Gaussians on side B, or where that is an image, what the workspace shows.

    A file that was asked for is written even if the window closes.

    Args:
        post: as that of the workspace.

    Attributes:
        slow: files that take their time.
    """

    def __init__(self, workspace: Workspace, sources: Sources, post: Callable[[Callable[[], None]], None]):
        self._workspace, self._sources, self._post = workspace, sources, post
        self.slow = SlowFiles(workspace.background, workspace.noticed.emit)

    @property
    def possible(self) -> bool:
        """There is something to write."""
        if self._workspace.picture is None:
            return False
        return self.edited is not None or self._file is not None or self.state.gaussians is not None

    @property
    def edited(self) -> Edited | None:
        """Gaussians on side B that somebody has edited; None where there are others."""
        return self._sources.at_hand.edited_of(self._sources.pair.on("b"))

    @property
    def state(self) -> FitState:
        """The fit, or the result, that is written."""
        result = self._sources.at_hand.result_of(self._sources.pair.on("b"))
        return self._workspace.state if result is None else result.state

    @property
    def picture(self) -> Picture:
        """What it is called after."""
        return self._file or self._workspace.picture

    @property
    def document(self) -> Document | None:
        """A .daub, the file that a fit has come to, or the fit as it stands."""
        if not self.possible:
            return None
        file, state, picture = self._file, self.state, self._workspace.picture
        from daub.codec.container import Document

        if self.edited is not None:
            return _unwritten(self.edited)
        if file is not None:
            return file.document
        if state.encoded is not None:
            return state.encoded.document
        return Document.unwritten(state.gaussians, picture.width, picture.height)

    @property
    def _file(self) -> Picture | None:
        """The .daub on side B, or the one that is open."""
        key = self._sources.pair.on("b")
        on_b = None if key is None else self._sources.at_hand.picture_of(key)
        candidates = (on_b, self._workspace.picture)
        if self.edited is not None or self._sources.at_hand.result_of(key) is not None:
            return None
        return next((each for each in candidates if each is not None and each.document is not None), None)

    def has_file(self, key: str | None) -> bool:
        """A row of the sources is a file that can be written: a result, a .daub, or that of another codec."""
        row = self._sources.get(key)
        if row is None or row.kind is Kind.LIVE:
            return False
        return row.kind is Kind.RIVAL or row.has_gaussians

    def source(self, key: str, path: Path) -> None:
        """Writes the file of a row."""
        edited = self._sources.at_hand.edited_of(key)
        if edited is not None:
            self._write_edited(path, edited)
        elif self._may_go_to(path):

            def write() -> None:
                self._write(path, self._sources.at_hand.data_of(key), ticket=ticket_of(key))

            self._sources.at_hand.have_ready(self._sources.get(key), write)

    def daub(self, path: Path, edited: str | None = None) -> None:
        """Writes the file; of a fit under way, what it has at this moment.

        Args:
            edited: key of a row of edited Gaussians, wherever that is by now; None: what is on side B.
        """
        picture, state = self._workspace.picture, self.state
        remark = writer.remark(state)
        by_hand = self.edited if edited is None else self._sources.at_hand.edited_of(edited)
        if by_hand is not None:
            self._write_edited(path, by_hand)
            return
        if not self._may_write(path):
            return
        if self._file is not None:
            self._write(path, self._file.data)
        elif state.encoded is not None:
            self._write(path, state.encoded.data, remark, state.ticket, self._pin_of(state, path.name))
        else:
            snapshot, settings = state.snapshot, self._workspace.tries.settings_of(state)
            pin = self._pin_of(state, path.name)
            self._workspace.fitting.worker.pack(
                PackRequest(
                    picture.fitted, snapshot.gaussians, settings, snapshot.seconds,
                    lambda encoded: self._deliver(path, state, encoded, remark, pin), self._refuse,
                    self._workspace.importance, path.name, picture.photo, snapshot.opacity,
                )
            )  # fmt: skip

    def png(self, path: Path, scale: float, edited: str | None = None, restored: bool = True) -> None:
        """Renders what is on the screen at `scale` times the size of the image.

        Args:
            edited: as of `daub`.
            restored: False where files are seen as they are rendered.
        """
        if self._may_write(path):
            of = self.edited if edited is None else self._sources.at_hand.edited_of(edited)
            document = self.document if of is None else _unwritten(of)
            remark = "" if of is None or not _has_restoration(of.document) else _PLAIN
            if not restored and _has_restoration(document):
                document, remark = _plain(document), _AS_RENDERED
            self._run(path, partial(export_png, path, document, scale), remark)

    def method(self, path: Path) -> None:
        """Writes the method, with its changed parts and the steps, as a profile."""
        self._write(path, method_text(self._workspace.settings).encode())

    def gaussians(
        self, path: Path, drawing: Drawing, document: Document | None, device: Callable[[], Failover]
    ) -> None:
        """Writes Gaussians in the format that the name ends in: .daub, or as `codec.editing.export` does.

        Args:
            document: the file that they come of, which a .daub is rounded like; None where there is none.
            device: opens what rounds, on the thread that calls it.
        """

        def write(report: Report) -> int:
            with by_name(path):
                if path.suffix.lower() == SUFFIX:
                    data = _rounded(drawing, document, device, report)
                    report(1.0)
                    write_atomic(path, data)
                else:
                    from daub.codec.editing.export import export

                    export(drawing, path, report=report)
            return path.stat().st_size

        def tell(size: int) -> None:
            what = f"{len(drawing):,} Gaussian{'' if len(drawing) == 1 else 's'}"
            self._workspace.noticed.emit(f"Saved {path.name}: {what}, {size:,} bytes")

        if self._may_go_to(path):
            self.slow.write(path.name, write, tell, self._workspace.failed.emit)

    def made(self, path: Path, make: Callable[[], bytes]) -> None:
        """Writes what `make` gives, unless it would go over what is open. Args: make: takes its time, on a thread."""
        if self._may_go_to(path):
            self._run(path, lambda: write_atomic(path, make()))

    def importance(self, path: Path) -> None:
        """Writes the map of what matters in the picture, as a grey PNG."""
        importance = Importance(self._workspace.canvas.values)  # as it is now
        if self._may_go_to(path):
            self._run(path, partial(importance.save, path))

    def decoded(self, deliver: Callable[[np.ndarray], None]) -> None:
        """`deliver` gets the picture at its own size, (H, W, 3) uint8."""
        document = self.document
        if document is not None:
            self._workspace.background.run(lambda: decode(document), deliver)

    def _may_write(self, path: Path) -> bool:
        """There is something to write, and it is not to go over what is open, which is told."""
        return self.possible and self._may_go_to(path)

    def _may_go_to(self, path: Path) -> bool:
        try:
            with by_name(path):
                check_target(path, self._workspace.picture)
        except DaubError as error:
            self._workspace.failed.emit(failure_of_work(error))
            return False
        return True

    def _write_edited(self, path: Path, edited: Edited) -> None:
        """Writes the file of edited Gaussians: that which has followed the edit, or else it is made now."""
        if not self._may_go_to(path):
            return
        file = edited.file
        if file.made is None:
            about = "" if edited.bytes is None else f": about {edited.bytes:,} bytes"
            self._workspace.noticed.emit(f"Writing {path.name}{about}")

        def write(report: Report) -> None:
            made = file.make(report=report)
            report(1.0)
            with by_name(path):
                write_atomic(path, made.data)

        self.slow.write(path.name, write, lambda _: self._note_edited(path, file), self._workspace.failed.emit)

    def _note_edited(self, path: Path, file: FileToMake) -> None:
        file.is_exported = True
        figures = file.made.figures
        near = "" if figures.psnr is None else f", and {psnr_text(figures.psnr)} to {figures.against or 'the source'}"
        self._workspace.noticed.emit(f"Saved {path.name}: {len(file.made.data):,} bytes{near}")
        self._sources.changed.emit()

    def _deliver(self, path: Path, state: FitState, encoded: Encoded, remark: str, then: Callable[[], None]) -> None:
        """On the worker's thread. Args: state: whose Gaussians the file has."""
        self._write(path, encoded.data, remark, then=then)
        self._post(partial(self._workspace.fitting.keep_export, state, encoded))

    def _pin_of(self, state: FitState, name: str) -> Callable[[], None]:
        """What marks the step of a state in its timeline, once its file has been written."""
        timeline = state.timeline
        if timeline is None:
            return lambda: None
        step = timeline.step if state.kept is None else state.kept.step

        def pin() -> None:
            timeline.pin(step, f"exported as {name}")
            self._workspace.changed.emit(self._workspace.state)

        return pin

    def _write(
        self,
        path: Path,
        data: bytes,
        remark: str = "",
        ticket: int | None = None,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """From any thread. Args: ticket: of the result that it is; then: called when the file is there."""
        self._run(path, partial(write_atomic, path, data), f", {len(data):,} bytes{remark}", ticket, then)

    def _run(
        self,
        path: Path,
        work: Callable[[], None],
        remark: str = "",
        ticket: int | None = None,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Args: remark: said behind the name of the file that has been written."""

        def write() -> None:
            with by_name(path):
                work()

        def tell(_: object) -> None:
            if ticket is not None:
                self._workspace.results.note_export(ticket)
            self._workspace.noticed.emit(f"Saved {path.name}{remark}")
            then()

        self._workspace.background.write(write, tell)

    def _refuse(self, error: Exception) -> None:
        self._post(partial(self._workspace.failed.emit, failure_of_work(error)))


def _has_restoration(document: Document | None) -> bool:
    from daub.codec.restoration.layer import TAG

    return document is not None and any(chunk.tag == TAG for chunk in document.optional_chunks)


def _plain(document: Document) -> Document:
    from daub.codec.restoration.layer import without_layer

    return without_layer(document)


def _unwritten(edited: Edited) -> Document:
    from daub.codec.container import Document

    drawing = edited.drawing()
    return Document.unwritten(drawing.gaussians, *drawing.size)


def _rounded(
    drawing: Drawing, document: Document | None, device: Callable[[], Failover], report: Callable[[float], None]
) -> bytes:
    """A .daub of Gaussians."""
    from daub.codec.editing.to_file import to_file
    from daub.codec.progress import drive

    rasteriser = device()
    try:
        return drive(to_file(drawing, rasteriser, document), lambda record: report(record.fraction)).data
    finally:
        rasteriser.release()
