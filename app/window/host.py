"""What commands ask of the system: dialogs, the clipboard, the end."""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from daub.app.model.brush import Box
from daub.app.model.figure import Place
from daub.app.model.origin import Origin
from daub.app.model.source import Source
from daub.app.window.dialogs.cheat_sheet import CheatSheet
from daub.app.window.dialogs.clipboard import origins_of, to_qimage
from daub.app.window.dialogs.export_dialog import ExportDialog
from daub.app.window.dialogs.figure_dialog import FigureDialog
from daub.app.window.dialogs.file_dialogs import FileDialogs
from daub.app.window.dialogs.unexported import may_lose


class WindowHost:
    """The `Host` of a window.

    Args:
        settings: keep the folders of dialogs.
        window: what the dialogs belong to.
    """

    def __init__(self, settings: QSettings, window: QWidget):
        self.files = FileDialogs(settings, window)
        self._settings, self._window = settings, window

    def files_to_open(self) -> list[Path]:
        return self.files.to_open("Open")

    def files_to_add(self) -> list[Path]:
        return self.files.to_open("Add files to compare")

    def file_to_save(
        self, title: str, name: str, suffixes: Sequence[str], filters: str, folder: Path | None
    ) -> Path | None:
        return self.files.to_save(title, name, suffixes, filters, folder)

    def map_to_open(self) -> Path | None:
        return self.files.map_to_open()

    def scale(self, width: int, height: int) -> float | None:
        dialog = ExportDialog(width, height, self._window)
        chosen = dialog.chosen() if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        return chosen

    def figure(self, rows: Sequence[Source], usual: Set[str], places: Sequence[Place]) -> tuple[list[str], Box] | None:
        dialog = FigureDialog(rows, usual, places, self._window)
        chosen = dialog.chosen() if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        return chosen

    def clipboard(self) -> list[Origin]:
        return origins_of(QGuiApplication.clipboard().mimeData(), "pasted picture")

    def copy(self, pixels8: np.ndarray) -> None:
        QGuiApplication.clipboard().setImage(to_qimage(pixels8))

    def open_cheat_sheet(self) -> None:
        CheatSheet(self._window).show()

    def open_about(self) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("daub")
        except PackageNotFoundError:  # run from a checkout that was never installed
            number = "(not installed)"
        said = f"<b>Daub {number}</b><p>Turns images into 2D Gaussians and Gaussians into small files.</p>"
        QMessageBox.about(self._window, "About Daub", said)

    def may_lose(self, names: Sequence[str]) -> bool:
        return may_lose(names, self._settings, self._window)

    def quit(self) -> None:
        QApplication.closeAllWindows()
