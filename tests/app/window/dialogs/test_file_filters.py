"""Of a dialog that offers several formats: the one that is chosen ends the name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from daub.app.window.dialogs.file_dialogs import FileDialogs, renamed_for

pytestmark = pytest.mark.gui
FILTERS = "Daub files (*.daub);;SVG pictures (*.svg)"


@pytest.mark.parametrize(
    ("name", "wanted"), [("part.daub", "part.svg"), ("part.v2", "part.v2.svg"), ("part.SVG", "part.SVG"), ("", "")]
)
def test_a_name_follows_the_filter(name, wanted):
    assert renamed_for(name, FILTERS, "SVG pictures (*.svg)") == wanted
    assert renamed_for(name, FILTERS, "All files (*)") == name


@pytest.mark.parametrize(("typed", "wanted"), [(None, "part.svg"), ("other", "other.svg"), ("x.daub", "x.daub")])
def test_the_format_that_is_chosen_is_written(qapp, tmp_path, typed, wanted):
    parent = QWidget()
    dialogs = FileDialogs(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat), parent)

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.selectNameFilter("SVG pictures (*.svg)")
        dialog.filterSelected.emit("SVG pictures (*.svg)")
        if typed is not None:
            dialog.findChild(QLineEdit, "fileNameEdit").setText(str(tmp_path / typed))
        dialog.accept()

    QTimer.singleShot(200, choose)
    path = dialogs.to_save("Export", "part.daub", (".daub", ".svg"), FILTERS, tmp_path)
    assert path == Path(tmp_path / wanted)
    parent.deleteLater()
