"""What commands ask of the system: dialogs, the clipboard, the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from daub.app.model.editing.paint_brush import Colour
from daub.app.model.figures.figure import Place
from daub.app.model.host import Leaving
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import Origin
from daub.app.model.project.recovery import Leftover
from daub.app.model.project.source_files import Lacking
from daub.app.model.sources.source import Source
from daub.app.model.workbench import Workbench
from daub.app.window.dialogs.about import About
from daub.app.window.dialogs.canvas_dialogs import CropDialog, ResizeDialog
from daub.app.window.dialogs.cheat_sheet import CheatSheet
from daub.app.window.dialogs.clipboard import gaussians_as_mime, gaussians_of, origins_of, to_qimage
from daub.app.window.dialogs.colour import ask_for_colour, try_colours
from daub.app.window.dialogs.export_dialog import ExportDialog
from daub.app.window.dialogs.figure_dialog import FigureDialog
from daub.app.window.dialogs.file_dialogs import FileDialogs
from daub.app.window.dialogs.missing_source import find_source
from daub.app.window.dialogs.palette import Palette
from daub.app.window.dialogs.recent_projects import RecentProjects
from daub.app.window.dialogs.recovery_offer import RecoveryOffer
from daub.app.window.dialogs.unexported import may_leave, may_lose, may_remove

if TYPE_CHECKING:
    from daub.app.window.main_window import Window


class WindowHost:
    """The `Host` of a window.

    Args:
        settings: keep the folders of dialogs.
        window: what the dialogs belong to.
        open_another: shows another window.
    """

    def __init__(self, settings: QSettings, window: Window, open_another: Callable[[], Window]):
        self.files = FileDialogs(settings, window)
        self._settings, self._window, self._open_another = settings, window, open_another

    def files_to_open(self) -> list[Path]:
        return self.files.to_open("Open")

    def files_to_add(self) -> list[Path]:
        return self.files.to_open("Add files to compare")

    def folder_to_open(self, title: str) -> Path | None:
        return self.files.folder_to_open(title)

    def file_to_save(
        self, title: str, name: str, suffixes: Sequence[str], filters: str, folder: Path | None
    ) -> Path | None:
        return self.files.to_save(title, name, suffixes, filters, folder)

    def map_to_open(self) -> Path | None:
        return self.files.map_to_open()

    def scale(self, width: int, height: int) -> float | None:
        return self._asked(ExportDialog(width, height, self._window))

    def crop(self, whole: Box, usual: Box) -> Box | None:
        return self._asked(CropDialog(whole, usual, self._window))

    def resize(self, width: int, height: int) -> tuple[int, int] | None:
        return self._asked(ResizeDialog(width, height, self._window))

    def figure(self, rows: Sequence[Source], usual: Set[str], places: Sequence[Place]) -> tuple[list[str], Box] | None:
        return self._asked(FigureDialog(rows, usual, places, self._window))

    def clipboard(self) -> list[Origin]:
        return origins_of(QGuiApplication.clipboard().mimeData(), "pasted picture")

    def copy(self, pixels8: np.ndarray) -> None:
        QGuiApplication.clipboard().setImage(to_qimage(pixels8))

    def copy_gaussians(self, data: bytes) -> None:
        QGuiApplication.clipboard().setMimeData(gaussians_as_mime(data))

    def gaussians(self) -> bytes | None:
        return gaussians_of(QGuiApplication.clipboard().mimeData())

    def colour(self, begin: Colour, title: str) -> Colour | None:
        return ask_for_colour(begin, title, self._window)

    def try_colours(
        self,
        begin: Colour,
        title: str,
        show: Callable[[Colour], None],
        keep: Callable[[], None],
        give_up: Callable[[], None],
    ) -> None:
        try_colours(begin, title, self._window, show, keep, give_up)

    def copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def open_cheat_sheet(self) -> None:
        CheatSheet(self._window).show()

    def open_palette(self) -> None:
        palette = Palette(self._window.actions_by_name, self._window)
        palette.show()
        palette.field.setFocus()

    def open_about(self) -> None:
        About(self._window).show()

    def open_window(self) -> Workbench:
        return self._open_another().bench

    def close_window(self) -> None:
        self._window.close()

    def may_remove(self, name: str) -> bool:
        return may_remove(name, self._window)

    def may_lose(self, names: Sequence[str], of_project: bool) -> Leaving:
        return may_lose(names, self._settings, self._window, of_project)

    def may_leave(self, name: str) -> Leaving:
        return may_leave(name, self._window)

    def find_source(self, lacking: Lacking) -> Path | None:
        return find_source(lacking, self.files, self._window)

    def offer_recovery(self, leftovers: Sequence[Leftover]) -> None:
        RecoveryOffer(leftovers, self._window).show()

    def open_recent_projects(self) -> None:
        RecentProjects(self._settings, self._window).show()

    def quit(self) -> None:
        QApplication.closeAllWindows()

    @staticmethod
    def _asked(dialog: ExportDialog | FigureDialog | CropDialog | ResizeDialog) -> Any:
        """What somebody has chosen in it, None where it was shut."""
        chosen = dialog.chosen() if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        return chosen
