"""Asks for the files to open and to write."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from daub.app.model.output.target import with_suffix
from daub.app.model.project.format import SUFFIX as PROJECT
from daub.codec.files import SUFFIX


class FileDialogs:
    """The dialogs for files, each of which opens in the folder where one would look for it.

    Args:
        settings: keep the folder that was used last.
        parent: what the dialogs belong to.
    """

    def __init__(self, settings: QSettings, parent: QWidget):
        self._settings, self._parent = settings, parent
        self._filter = ""  # that was chosen in the last dialog

    def to_open(self, title: str) -> list[Path]:
        """Pictures, .daub files, scenes and projects, none where nothing was chosen."""
        from daub.codec.scenes.told import SUFFIXES

        scenes = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        everything = f"Pictures, scenes, Daub files and projects ({_patterns(SUFFIX, PROJECT)} {scenes})"
        filters = f"{everything};;3D Gaussian scenes ({scenes} *{SUFFIX});;All files (*)"
        paths = self.ask_for_several(title, self._folder, filters)
        for path in paths[:1]:
            self._keep(path)
        return paths

    def folder_to_open(self, title: str) -> Path | None:
        """None where nothing was chosen."""
        dialog = QFileDialog(self._parent, title, str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        path = next(iter(_chosen(dialog)), None)
        if path is not None:
            self._keep(path)
        return path

    def map_to_open(self) -> Path | None:
        """The image file of a map of importance, None where nothing was chosen."""
        return self._opened("Import importance", f"Pictures ({_patterns()});;All files (*)")

    def source_to_open(self, title: str) -> Path | None:
        """A picture or a .daub file, None where nothing was chosen."""
        return self._opened(title, f"Pictures and Daub files ({_patterns(SUFFIX)});;All files (*)")

    def profile_to_open(self) -> Path | None:
        """The .toml file of a method, None where nothing was chosen."""
        return self._opened("Open a profile", "Profiles (*.toml)")

    def to_save(
        self, title: str, name: str, suffixes: Sequence[str], filters: str, folder: Path | None = None
    ) -> Path | None:
        """Where to write; None where nothing was chosen. No file is replaced without a question.

        Args:
            name: that is proposed.
            suffixes: of which the name gets the one that the chosen filter has, or the first, unless it has any.
            folder: where the dialog opens, if it can be written to; by default where the last one did.
        """
        start = folder if folder is not None and os.access(folder, os.W_OK) else self._folder
        start /= name
        while True:
            typed = self.ask(QFileDialog.AcceptMode.AcceptSave, title, start, filters)
            if typed is None:
                return None
            of_filter = [suffix for suffix in suffixes if suffix in _endings(self._filter)]
            path = with_suffix(typed, (*of_filter, *suffixes))
            # The dialog has asked about the name that was typed, and knows nothing of the suffix.
            if path == typed or not path.exists() or self._may_replace(title, path):
                self._keep(path)
                return path
            start = path

    def ask(self, mode: QFileDialog.AcceptMode, title: str, start: Path, filters: str) -> Path | None:
        """The dialog of this system, in which a file that is to be written over is asked about.

        Args:
            start: a folder to open from, or a file to write.
        """
        saves = mode == QFileDialog.AcceptMode.AcceptSave
        dialog = QFileDialog(self._parent, title, str(start.parent if saves else start), filters)
        dialog.setAcceptMode(mode)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile if saves else QFileDialog.FileMode.ExistingFile)
        if saves:
            dialog.selectFile(start.name)
            dialog.filterSelected.connect(lambda chosen: _follow_filter(dialog, filters, chosen))
        chosen = next(iter(_chosen(dialog)), None)
        self._filter = dialog.selectedNameFilter()
        return chosen

    def ask_for_several(self, title: str, start: Path, filters: str) -> list[Path]:
        """The dialog of this system for any number of files. Args: start: a folder to open from."""
        dialog = QFileDialog(self._parent, title, str(start), filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        return _chosen(dialog)

    def _opened(self, title: str, filters: str) -> Path | None:
        path = self.ask(QFileDialog.AcceptMode.AcceptOpen, title, self._folder, filters)
        if path is not None:
            self._keep(path)
        return path

    def _may_replace(self, title: str, path: Path) -> bool:
        question = f"{path.name} already exists.\nDo you want to replace it?"
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        return QMessageBox.warning(self._parent, title, question, yes | no, no) == yes

    @property
    def _folder(self) -> Path:
        return Path(str(self._settings.value("folder", "")) or Path.home())

    def _keep(self, path: Path) -> None:
        self._settings.setValue("folder", str(path.parent))


def _chosen(dialog: QFileDialog) -> list[Path]:
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return [Path(each) for each in chosen]


def _follow_filter(dialog: QFileDialog, filters: str, chosen: str) -> None:
    """Of several formats the one that is chosen becomes the ending of the name."""
    name = Path(next(iter(dialog.selectedFiles()), "")).name
    renamed = renamed_for(name, filters, chosen)
    if renamed != name:
        dialog.selectFile(renamed)


def renamed_for(name: str, filters: str, chosen: str) -> str:
    """A name with the ending of a filter in the place of that of another one.

    >>> renamed_for("part.daub", "Daub files (*.daub);;Pictures (*.svg *.png)", "Pictures (*.svg *.png)")
    'part.svg'
    >>> renamed_for("part.png", "Daub files (*.daub);;Pictures (*.svg *.png)", "Pictures (*.svg *.png)")
    'part.png'
    """
    wanted, known = _endings(chosen), _endings(filters)
    ending = next((each for each in known if name.lower().endswith(each)), "")
    if not name or not wanted or ending in wanted:
        return name
    return name[: len(name) - len(ending)] + wanted[0]


def _endings(filters: str) -> list[str]:
    """Of the patterns in filters."""
    return re.findall(r"\*(\.\w+)", filters)


def _patterns(*others: str) -> str:
    """Of the files of pictures. Args: others: suffixes in front of theirs."""
    from daub.codec.images import READ_SUFFIXES

    return " ".join(f"*{suffix}" for suffix in (*others, *READ_SUFFIXES))
