"""What the window tells: toasts that go, the log, the command that makes a file; and a second window beside it."""

from __future__ import annotations

import shlex

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from daub.app.cli import main as cli
from daub.app.model.fit.state import Phase

pytestmark = pytest.mark.gui


def test_the_copied_command_makes_the_same_file(driver, photo):
    driver.workspace.use_device("cpu")
    driver.fit(photo, gaussians=40, steps=12)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(driver.viewport, Qt.Key.Key_C, both)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "daub" and cli.main(words[1:]) == 0
    assert photo.with_suffix(".daub").read_bytes() == driver.state.encoded.data


def test_the_log_has_all_and_is_copied(driver, photo, tmp_path):
    driver.fit(photo, gaussians=20, steps=5)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.window.open_path(tmp_path / "missing.png")
    driver.until(lambda: bool(driver.window.toasts.lines()))
    driver.run("show_log")
    tab = driver.viewport.strip.shown
    assert tab.name == "Log" and tab.widget.isVisible()
    shown = tab.text.toPlainText()
    assert (
        "Finished photo.png" in shown
        and "daub encode" in shown
        and "Error: Cannot open" in shown
        and "missing.png" in shown
    )
    driver.run("copy_log")
    assert QGuiApplication.clipboard().text().startswith(shown.splitlines()[0])
    driver.run("show_timeline")
    assert not tab.widget.isVisible()


def test_toasts_lie_above_the_strip_and_errors_end_with_what_they_were_about(driver, photo, tmp_path):
    toasts, viewport = driver.window.toasts, driver.viewport
    driver.fit(photo, gaussians=20, steps=5)
    driver.window.open_path(tmp_path / "missing.png")
    driver.until(lambda: bool(toasts.lines()))
    driver.lay_out()
    assert toasts.geometry().bottom() <= viewport.strip.y() and toasts.geometry().right() <= viewport.width()
    driver.run("show_timeline")
    assert toasts.geometry().bottom() <= viewport.strip.y(), "it follows the strip"
    toast = toasts._toasts()[0]
    assert toast._timer.isActive(), "it goes by itself"
    QTest.mouseMove(toast, QPoint(20, 10))
    driver.until(lambda: not toast._timer.isActive())
    QTest.mouseMove(viewport, QPoint(30, 30))
    driver.until(toast._timer.isActive)
    driver.open(photo)
    assert not toasts.lines()


def test_a_toast_that_was_there_first_makes_room_for_the_strip(driver, photo):
    toasts, strip = driver.window.toasts, driver.viewport.strip
    driver.workspace.noticed.emit("something that was to be said at the start")
    driver.lay_out()
    assert toasts.lines() and not strip.isVisible() and toasts.geometry().bottom() > driver.viewport.height() - 20
    driver.fit(photo, gaussians=20, steps=5)
    driver.lay_out()
    assert toasts.lines() and strip.isVisible() and toasts.geometry().bottom() <= strip.y()


def test_another_window_lies_beside_the_first(watched_windows, tmp_path, qtbot):
    from daub.app.window.windows import Windows

    with watched_windows():
        windows = Windows(lambda: QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
        first = windows.open()
        first.resize(900, 600)
        first.actions_by_name["new_window"].trigger()
        _, second = windows
        assert second.size() == first.size() and second.pos() - first.pos() != QPoint(0, 0)
        qtbot.waitUntil(lambda: second.viewport.frames > 0)
        for window in (first, second):
            window.close()
            qtbot.waitUntil(lambda window=window: window.is_done, timeout=120_000)
        third = windows.open()
        assert list(windows) == [third], "those that are done are forgotten"
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not shiboken6.isValid(first) and not shiboken6.isValid(second), "and given back"
        third.close()
        qtbot.waitUntil(lambda: third.is_done, timeout=120_000)
        third.deleteLater()
