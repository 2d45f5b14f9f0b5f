"""What leaves a workspace: files, and the decoded picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model import writer
from daub.app.model.background import failure_of_work
from daub.app.model.fit_state import FitState
from daub.app.model.method import method_text
from daub.app.model.picture import decode, export_png
from daub.app.model.target import check_target
from daub.app.model.wanted import PackRequest
from daub.app.model.workspace import Workspace
from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.importance import Importance

if TYPE_CHECKING:
    from daub.codec.container import Document
    from daub.codec.rate.encoded import Encoded


class Exports:
    """Writes what is on the screen of a workspace. A file that was asked for is written even if the window closes.

    Args:
        post: as that of the workspace.
    """

    def __init__(self, workspace: Workspace, post: Callable[[Callable[[], None]], None]):
        self._workspace, self._post = workspace, post

    @property
    def possible(self) -> bool:
        """There is something to write."""
        return self._workspace.picture is not None and self._workspace.gaussians is not None

    @property
    def document(self) -> Document | None:
        """What is on the screen: an open .daub, the file that a fit has come to, or the fit as it stands."""
        if not self.possible:
            return None
        picture, state = self._workspace.picture, self._workspace.state
        if picture.document is not None:
            return picture.document
        if state.encoded is not None:
            return state.encoded.document
        from daub.codec.container import Document

        return Document.unwritten(state.gaussians, picture.width, picture.height)

    def daub(self, path: Path) -> None:
        """Writes the file; of a fit under way, what it has at this moment."""
        picture, state = self._workspace.picture, self._workspace.state
        remark = writer.remark(state)
        if not self._may_write(path):
            return
        if picture.data is not None:
            self._write(path, picture.data)
        elif state.encoded is not None:
            self._write(path, state.encoded.data, remark, self._pin_of(state, path.name))
        else:
            snapshot, settings = state.snapshot, self._workspace.settings_of(state)
            pin = self._pin_of(state, path.name)
            self._workspace.worker.pack(
                PackRequest(
                    picture.pixels, snapshot.gaussians, settings, snapshot.seconds,
                    lambda encoded: self._deliver(path, state, encoded, remark, pin), self._refuse,
                    self._workspace.importance, path.name,
                )
            )  # fmt: skip

    def png(self, path: Path, scale: float) -> None:
        """Renders what is on the screen at `scale` times the size of the image."""
        if self._may_write(path):
            self._run(partial(export_png, path, self.document, scale), f"Saved {path.name}")

    def method(self, path: Path) -> None:
        """Writes the method, with its changed parts and the steps, as a profile."""
        self._write(path, method_text(self._workspace.settings).encode())

    def importance(self, path: Path) -> None:
        """Writes the map of what matters in the picture, as a grey PNG."""
        importance = Importance(self._workspace.canvas.values)  # as it is now
        if self._may_go_to(path):
            self._run(partial(importance.save, path), f"Saved {path.name}")

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
            check_target(path, self._workspace.picture)
        except DaubError as error:
            self._workspace.failed.emit(failure_of_work(error))
            return False
        return True

    def _deliver(self, path: Path, state: FitState, encoded: Encoded, remark: str, then: Callable[[], None]) -> None:
        """On the worker's thread. Args: state: whose Gaussians the file has."""
        self._write(path, encoded.data, remark, then)
        self._post(partial(self._workspace.keep_export, state, encoded))

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

    def _write(self, path: Path, data: bytes, remark: str = "", then: Callable[[], None] = lambda: None) -> None:
        """From any thread. Args: then: called on that of the workspace when the file is there."""
        self._run(partial(write_atomic, path, data), f"Saved {path.name}, {len(data):,} bytes{remark}", then)

    def _run(self, work: Callable[[], None], said: str, then: Callable[[], None] = lambda: None) -> None:
        def deliver(_: object) -> None:
            self._workspace.noticed.emit(said)
            then()

        self._workspace.background.write(work, deliver)

    def _refuse(self, error: Exception) -> None:
        self._post(partial(self._workspace.failed.emit, failure_of_work(error)))
