"""What commands ask of what is around a workbench: of the system, of tools, and of whatever moves what is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from daub.app.model.editing.paint_brush import Colour
from daub.app.model.figures.figure import Place
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import Origin
from daub.app.model.project.recovery import Leftover
from daub.app.model.project.source_files import Lacking
from daub.app.model.sources.source import Source
from daub.app.model.work.signal import Signal

if TYPE_CHECKING:
    from daub.app.model.workbench import Workbench


class Host(Protocol):
    """What the system does for a command: it asks for files, knows the clipboard, and opens windows."""

    def files_to_open(self) -> Sequence[Path]:
        """Pictures and .daub files, none where nothing was chosen."""

    def folder_to_open(self, title: str) -> Path | None:
        """A folder, None where nothing was chosen."""

    def file_to_save(
        self, title: str, name: str, suffixes: Sequence[str], filters: str, folder: Path | None
    ) -> Path | None:
        """Where to write, None where nothing was chosen; no file is replaced without a question."""

    def files_to_add(self) -> Sequence[Path]:
        """Pictures and .daub files to compare with, none where nothing was chosen."""

    def map_to_open(self) -> Path | None:
        """The image file of a map of importance, None where nothing was chosen."""

    def scale(self, width: int, height: int) -> float | None:
        """How many times as large a picture of that size shall be, None where nothing was chosen."""

    def crop(self, whole: Box, usual: Box) -> Box | None:
        """What of a canvas is to be left, None where nothing was chosen. Args: usual: unless somebody chooses."""

    def resize(self, width: int, height: int) -> tuple[int, int] | None:
        """Width and height that a canvas of that size shall have, None where nothing was chosen."""

    def clipboard(self) -> Sequence[Origin]:
        """What lies on the clipboard that can be opened."""

    def copy(self, pixels8: np.ndarray) -> None:
        """Puts a picture, (H, W, 3) uint8, on the clipboard."""

    def figure(self, rows: Sequence[Source], usual: Set[str], places: Sequence[Place]) -> tuple[list[str], Box] | None:
        """Keys of the rows that a figure shows, and which part of the picture; None where nothing was chosen.

        Args:
            usual: keys of those that are shown unless somebody chooses.
        """

    def copy_gaussians(self, data: bytes) -> None:
        """Puts Gaussians on the clipboard. Args: data: as of `codec.editing.export.npz`."""

    def gaussians(self) -> bytes | None:
        """The Gaussians that lie on the clipboard, likewise; None where there are none."""

    def colour(self, begin: Colour, title: str) -> Colour | None:
        """A colour that was chosen, None where none was. Args: begin: is chosen at first."""

    def try_colours(
        self,
        begin: Colour,
        title: str,
        show: Callable[[Colour], None],
        keep: Callable[[], None],
        give_up: Callable[[], None],
    ) -> None:
        """Asks for a colour, and returns at once.

        Args:
            begin: is chosen at first.
            show: is given each that is tried.
            keep, give_up: one of them is called at the end.
        """

    def copy_text(self, text: str) -> None:
        """Puts words on the clipboard."""

    def open_cheat_sheet(self) -> None:
        """Shows all keys and gestures."""

    def open_palette(self) -> None:
        """Asks for one of the commands by its name."""

    def open_about(self) -> None:
        """Shows what program this is."""

    def may_lose(self, names: Sequence[str], of_project: bool) -> Leaving:
        """Asks what is to become of results, of these names, that are in no file.

        Args:
            of_project: a project can hold them.
        """

    def may_leave(self, name: str) -> Leaving:
        """Asks what is to become of changes of a project of that name."""

    def may_remove(self, name: str) -> bool:
        """Asks whether a version of a scene, of that name, may go that is in no file."""

    def find_source(self, lacking: Lacking) -> Path | None:
        """As of `project.project.Asks`."""

    def offer_recovery(self, leftovers: Sequence[Leftover]) -> None:
        """Shows work that can be recovered, and asks what is to become of it."""

    def open_recent_projects(self) -> None:
        """Shows the projects that were open lately."""

    def open_window(self) -> Workbench:
        """Shows another window, with nothing open; its workbench."""

    def close_window(self) -> None:
        """Closes this window."""

    def quit(self) -> None:
        """Closes all windows."""


class Leaving(Enum):
    """What a person wants who closes a window with work that is in no file."""

    STAY = "stay"
    SAVE = "save"
    LEAVE = "leave"


class Tool(Protocol):
    """What takes the left button over the picture while it is at hand."""

    is_on: bool
    changed: Signal

    def switch(self, on: bool) -> None:
        """Takes it, or puts it away."""


class Navigator(Protocol):
    """What is looked at comes nearer, or into sight."""

    def fit(self) -> None:
        """Shows all of it."""

    def zoom_by(self, factor: float) -> None:
        """Shows it so many times as large."""
