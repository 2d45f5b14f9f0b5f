"""Asks for the files to open and to write; the folder of the last one is kept for the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from daub.codec.files import SUFFIX

_IMAGES = "*.png *.jpg *.jpeg *.webp *.avif *.jxl *.jp2 *.tif *.tiff *.bmp *.gif *.ppm *.pgm *.tga *.heic"


class FileDialogs:
    def __init__(self, settings: QSettings, parent: QWidget):
        self._settings, self._parent = settings, parent

    def to_open(self) -> Path | None:
        """A picture or a .daub, None where nothing was chosen."""
        folder = str(self._settings.value("folder", ""))
        filters = f"Pictures and Daub files ({_IMAGES} *{SUFFIX});;All files (*)"
        name, _ = QFileDialog.getOpenFileName(self._parent, "Open", folder, filters)
        return self._keep(name)

    def to_save(self, title: str, stem: str, suffix: str, filters: str) -> Path | None:
        """Where to write, with the suffix if none was given; None where nothing was chosen."""
        folder = Path(str(self._settings.value("folder", "")) or Path.home())
        name, _ = QFileDialog.getSaveFileName(self._parent, title, str(folder / f"{stem}{suffix}"), filters)
        path = self._keep(name)
        return path if path is None or path.suffix else path.with_suffix(suffix)

    def _keep(self, name: str) -> Path | None:
        if not name:
            return None
        self._settings.setValue("folder", str(Path(name).parent))
        return Path(name)
