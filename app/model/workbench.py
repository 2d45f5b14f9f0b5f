"""All that commands work on: the workspace, how its picture is looked at, the furniture, and the system around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from daub.app.model.chrome import Chrome
from daub.app.model.exports import Exports
from daub.app.model.file_bits import FilesBits
from daub.app.model.inspector import Inspector
from daub.app.model.log import Log
from daub.app.model.looks import Looks
from daub.app.model.origin import Origin
from daub.app.model.overlay import Overlay
from daub.app.model.painting import Painting
from daub.app.model.reporter import Reporter
from daub.app.model.signal import Signal
from daub.app.model.sources import Sources
from daub.app.model.view import View
from daub.app.model.workspace import Workspace


class Host(Protocol):
    """What the system does for a command: it asks for files, knows the clipboard, and opens windows."""

    def file_to_open(self) -> Path | None:
        """A picture or a .daub, None where nothing was chosen."""

    def file_to_save(
        self, title: str, name: str, suffixes: Sequence[str], filters: str, folder: Path | None
    ) -> Path | None:
        """Where to write, None where nothing was chosen; no file is replaced without a question."""

    def map_to_open(self) -> Path | None:
        """The image file of a map of importance, None where nothing was chosen."""

    def scale(self, width: int, height: int) -> float | None:
        """How many times as large a picture of that size shall be, None where nothing was chosen."""

    def clipboard(self) -> Origin | None:
        """What lies on the clipboard that can be opened."""

    def copy(self, pixels8: np.ndarray) -> None:
        """Puts a picture, (H, W, 3) uint8, on the clipboard."""

    def copy_text(self, text: str) -> None:
        """Puts words on the clipboard."""

    def open_cheat_sheet(self) -> None:
        """Shows all keys and gestures."""

    def open_palette(self) -> None:
        """Asks for one of the commands by its name."""

    def open_about(self) -> None:
        """Shows what program this is."""

    def open_window(self) -> None:
        """Shows another window, with nothing open."""

    def quit(self) -> None:
        """Closes all windows."""


class Workbench:
    """One window's model.

    Args:
        post, soon: as those of the workspace.
        host: see there.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], soon: Callable[[], None], host: Host):
        self.workspace = Workspace(post, soon)
        self.sources = Sources(self.workspace)
        self.exports = Exports(self.workspace, post)
        self.log = Log()
        self._reporter = Reporter(self.workspace, self.log)
        self.looks = Looks(self.workspace)
        self.view = View()
        self.painting = Painting(self.workspace, self.view)
        self.chrome = Chrome()
        self.files_bits = FilesBits(self.workspace.background, self.workspace.failed.emit)
        self.overlay = Overlay(self.workspace.background, self.files_bits, self.view)
        self.inspector = Inspector(self.workspace.background, self.overlay, self.view)
        self.host = host
        self.changed = Signal()  # what commands can do, or how they are called, may be another
        self.workspace.opened.connect(self._show)
        self.sources.changed.connect(self._note_sides)
        self.sources.sides_changed.connect(lambda: self.overlay.show(self.sources.sides))
        self.overlay.failed.connect(self.workspace.failed.emit)
        self.chrome.changed.connect(lambda: self.overlay.watch_for("histogram", self.chrome.shows_tab("Histogram")))
        self.inspector.was_picked.connect(lambda: self.chrome.show_page("Inspect"))
        self.inspector.changed.connect(self._put_brush_away)
        self.painting.changed.connect(self._put_pick_away)
        self.workspace.loading.connect(lambda _: self.changed.emit())
        for source in (
            self.workspace, self.workspace.history, self.view, self.chrome, self.painting, self.sources, self.overlay,
            self.inspector,
        ):  # fmt: skip
            source.changed.connect(lambda *_: self.changed.emit())

    def _show(self, picture) -> None:
        self.view.show(picture.width, picture.height, self._compares)

    def _note_sides(self) -> None:
        if self.view.has_picture:
            self.view.compare(self._compares)

    def _put_brush_away(self) -> None:
        if self.inspector.is_on and self.painting.is_on:
            self.painting.switch(False)

    def _put_pick_away(self) -> None:
        if self.inspector.is_on and self.painting.is_on:
            self.inspector.switch(False)

    @property
    def _compares(self) -> bool:
        """Both sides have something, or will have."""
        return None not in (self.sources.on("a"), self.sources.on("b"))
