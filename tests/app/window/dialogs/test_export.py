"""Export with the real dialogs: names without a suffix, files that are there, the source, and where they open."""

from __future__ import annotations

from pathlib import Path

import PIL.Image
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox

from daub.app.model.fit.state import Phase
from daub.app.window.dialogs.export_dialog import ExportDialog

pytestmark = pytest.mark.gui


class Person:
    """Answers the dialogs that come up, one after the other, and notes what they said.

    Args:
        answers: a name to type, True or False for a question, a scale, or None to close the dialog.
    """

    def __init__(self, answers: list):
        self._answers = answers
        self.seen: list[tuple] = []
        self._unexpected: list[str] = []
        self._timer = QTimer(interval=20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def done(self) -> None:
        """There are no more dialogs."""
        self._timer.stop()
        assert not self._unexpected and not self._answers

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isVisible():
            return
        if not self._answers:
            self._unexpected.append(dialog.windowTitle())
            dialog.reject()
            return
        answer = self._answers.pop(0)
        if isinstance(dialog, QMessageBox):
            self.seen.append(("question", dialog.text()))
            yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
            dialog.button(yes if answer else no).click()
        elif isinstance(dialog, ExportDialog):
            field = dialog.findChild(QComboBox)
            field.setCurrentIndex(field.findData(answer))
            dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()
        elif isinstance(dialog, QFileDialog):
            line = dialog.findChild(QLineEdit)
            self.seen.append((Path(dialog.directory().path()), line.text()))
            if answer is None:
                dialog.reject()
                return
            line.setText(answer)
            # Not from here: the dialog may ask a question, and a timer does not fire before its call has returned.
            QTimer.singleShot(0, _press_return)


def _press_return() -> None:
    """In the dialog for files. It is Qt's, and lives no longer: nobody may keep a widget of it."""
    QTest.keyClick(QApplication.activeModalWidget().findChild(QLineEdit), Qt.Key.Key_Return)


@pytest.fixture
def finished(driver, photo, tmp_path):
    """A finished fit of a photo in a folder of its own; the dialogs were last used somewhere else."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    source = photo.rename(folder / "photo.png")
    driver.window._settings.setValue("folder", str(tmp_path))
    driver.fit(source)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    return driver


def export(driver, command: str, answers: list) -> list[tuple]:
    person = Person(answers)
    driver.run(command)
    person.done()
    return person.seen


def test_the_dialog_opens_in_the_folder_of_the_picture_with_a_name_that_is_not_its_own(finished, tmp_path):
    folder = tmp_path / "pictures"
    assert export(finished, "export_daub", [None]) == [(folder, "photo.daub")]
    assert export(finished, "export_png", [1.0, None]) == [(folder, "photo-decoded.png")]


@pytest.mark.parametrize(
    ("typed", "written"), [("out1", "out1.daub"), ("out.daub", "out.daub"), ("photo.v2", "photo.v2.daub")]
)
def test_a_name_gets_its_suffix(finished, tmp_path, typed, written):
    export(finished, "export_daub", [typed])
    path = tmp_path / "pictures" / written
    finished.until(path.exists)
    assert path.read_bytes() == finished.state.encoded.data


@pytest.mark.parametrize("typed", ["out1", "out1.daub"])
@pytest.mark.parametrize("replace", [True, False])
def test_a_file_that_is_there_is_replaced_only_if_somebody_says_so(finished, tmp_path, typed, replace):
    path = tmp_path / "pictures" / "out1.daub"
    path.write_bytes(b"old")
    seen = export(finished, "export_daub", [typed, replace, *([] if replace else [None])])
    assert [each for each in seen if each[0] == "question"], "there was a question"
    assert all("out1.daub" in text for kind, text in seen if kind == "question")
    if replace:
        finished.until(lambda: path.read_bytes() == finished.state.encoded.data)
    else:
        finished.paint(3)
        assert path.read_bytes() == b"old" and not finished.window.toasts.lines()


def test_the_source_is_not_written_over_whatever_is_answered(finished, tmp_path):
    source = tmp_path / "pictures" / "photo.png"
    before = source.read_bytes()
    seen = export(finished, "export_png", [1.0, "photo", True])
    assert "photo.png" in seen[-1][1], "it is there, so there is a question first"
    finished.until(lambda: bool(finished.window.toasts.lines()))
    assert finished.window.toasts.lines() == [
        "Cannot write photo.png, it is the picture that is open, choose another name"
    ]
    finished.paint(3)
    assert source.read_bytes() == before


def test_another_format_may_be_typed(finished, tmp_path):
    export(finished, "export_png", [2.0, "large.jpg"])
    path = tmp_path / "pictures" / "large.jpg"
    finished.until(path.exists)
    finished.until(lambda: finished.window.toasts.lines() == ["Saved large.jpg"])
    with PIL.Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (192, 128))
