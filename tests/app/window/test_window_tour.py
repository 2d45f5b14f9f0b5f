"""The tour: from a photo at the first start to a figure and a file, by mouse and keys alone."""

from __future__ import annotations

import PIL.Image
import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from daub.app.model.commands.file import open_path
from daub.app.model.sources.source import Kind
from daub.app.model.view.view import Mode
from daub.app.window.dialogs.figure_dialog import FigureDialog
from daub.app.window.tour import Stop, Tour
from daub.codec.goal import Goal

pytestmark = [pytest.mark.gui, pytest.mark.timeout(600)]


@pytest.fixture
def first_start(qapp, qtbot, tmp_path, photo):
    """A window that has been given the photo before it is shown for the first time."""
    from daub.app.window.main_window import Window
    from daub.app.window.viewport.opengl import match_pyopengl

    match_pyopengl()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("ask_about_results", False)
    window = Window(settings)
    window.resize(1440, 900)
    window.workspace.change(goal=Goal("gaussians", 150), steps=600)
    open_path(window.bench, photo)
    window.start()
    yield window
    window.close()
    assert window.workspace.fitting.worker.wait(120)
    window.deleteLater()


def test_the_tour_is_led_to_its_end(first_start, qtbot, tmp_path, monkeypatch):
    window, sources = first_start, first_start.bench.sources
    seen = {}
    for stop in Tour(window, 90).stops():
        seen[stop] = {
            "sides": tuple(sources.get(sources.pair.on(side)) for side in ("a", "b")), "mode": window.bench.view.mode,
            "results": len(window.workspace.results), "fitting": window.workspace.fitting.is_under_way,
        }  # fmt: skip
    assert list(seen) == list(Stop)
    assert seen[Stop.FITTING]["fitting"] and seen[Stop.FITTING]["results"] == 0
    picture, first = seen[Stop.FITTED]["sides"]
    assert (picture.kind, first.kind) == (Kind.PICTURE, Kind.RESULT)
    avif, same = seen[Stop.SIDE_BY_SIDE]["sides"]
    assert seen[Stop.SIDE_BY_SIDE]["mode"] is Mode.SIDE_BY_SIDE and same.key == first.key
    assert avif.kind is Kind.RIVAL and avif.name.startswith("AVIF")
    assert avif.bytes <= first.bytes or "smallest" in avif.remark
    assert seen[Stop.FLIP]["mode"] is Mode.DIFFERENCE
    second = seen[Stop.SECOND]["sides"][1]
    assert second.kind is Kind.RESULT and second.key != first.key and seen[Stop.SECOND]["results"] == 2
    assert seen[Stop.BACK]["sides"][1].key == first.key
    assert seen[Stop.PLOT]["sides"][1].key == second.key
    found = window.bench.inspector.found
    assert found is not None and window.inspect.isVisible()
    _export(window, qtbot, tmp_path, monkeypatch, second.bytes)


def _export(window, qtbot, folder, monkeypatch, size) -> None:
    """The figure and the file, by their keys."""
    asked = []

    def ask(self, mode, title, start, filters):
        asked.append(folder / start.name)
        return asked[-1]

    monkeypatch.setattr("daub.app.window.dialogs.file_dialogs.FileDialogs.ask", ask)

    def accept() -> bool:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, FigureDialog):
            dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()
        return isinstance(dialog, FigureDialog)

    timer = QTimer(window, interval=20)
    timer.timeout.connect(lambda: accept() and timer.stop())
    timer.start()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    window.viewport.setFocus()
    QTest.keyClick(window.viewport, Qt.Key.Key_F, both)
    QTest.keyClick(window.viewport, Qt.Key.Key_D, both)
    figure, file = asked
    qtbot.waitUntil(lambda: figure.exists() and file.exists(), timeout=90_000)
    window.workspace.finish_files()
    assert file.suffix == ".daub" and file.stat().st_size == size
    with PIL.Image.open(figure) as page:
        assert page.width > 300
