"""The window as a whole: start, close, the table of actions, and that nothing leaks."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from daub.app.model.commands.commands import COMMANDS, RAIL, TOOL_BAR
from daub.app.model.fit.state import Phase

pytestmark = pytest.mark.gui


def test_closing_while_a_fit_runs_ends_its_threads(open_window, photo):
    driver = open_window()
    driver.fit(photo, steps=20_000)
    assert any(thread.name == "daub-fit" for thread in threading.enumerate())
    driver.window.close()
    driver.until(lambda: not [thread.name for thread in threading.enumerate() if thread.name.startswith("daub")], 10)
    frames = driver.viewport.frames
    QCoreApplication.processEvents()
    assert driver.viewport.frames == frames


def test_two_windows_draw_and_close_one_after_the_other(open_window, photo):
    first, second = open_window(), open_window()
    first.fit(photo)
    second.open(photo)
    second.window.close()
    first.until(lambda: first.state.phase is Phase.FINISHED)
    first.paint()
    assert not first.window.toasts.lines()


def test_the_picture_survives_a_move_to_another_window(driver, photo, qtbot):
    """Qt may take the GL context away and call initializeGL again."""
    from PySide6.QtWidgets import QMainWindow

    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.window.actions_by_name["view_source"].trigger()
    before = driver.shown_at(10, 50)
    other = QMainWindow()
    other.resize(500, 400)
    other.setCentralWidget(driver.window.takeCentralWidget())
    other.show()
    driver.until(lambda: driver.bench.view.camera.view[0] < 510)
    assert list(driver.shown_at(10, 50)) == list(before)
    driver.viewport.surface.cleanup()  # what Qt does when the context really goes
    driver.viewport.surface.makeCurrent()
    driver.viewport.initializeGL()
    driver.viewport.surface.doneCurrent()
    assert list(driver.shown_at(10, 50)) == list(before)
    assert not driver.window.toasts.lines()
    driver.window.setCentralWidget(other.takeCentralWidget())
    other.close()


def test_none_is_not_leaked(driver):
    # PySide6 6.12 on Python 3.11 loses a reference to None on every void call and aborts in the end.
    driver.paint()
    before = sys.getrefcount(None)
    for _ in range(500):
        driver.viewport.update()
    driver.paint()
    assert abs(sys.getrefcount(None) - before) < 250  # a hundred or so come and go


def children(window) -> int:
    """How many objects it has, without those that Qt has already done with and will delete when it is next idle.

    QMainWindow makes an animation for each of its parts whenever it lays them out, also where none of them moves.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return len(window.findChildren(QObject))


def test_painting_many_frames_leaks_no_timers_or_widgets(driver, photo):
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.until(lambda: any(result.ms_ssim is not None for result in driver.workspace.results))
    driver.paint(3)
    before = children(driver.window)
    driver.workspace.fitting.restart()
    driver.until(lambda: driver.state.ticket == 2 and driver.state.phase is Phase.FINISHED)
    driver.paint(3)
    assert children(driver.window) == before


def test_every_action_is_in_a_menu_and_no_shortcut_is_given_twice(driver):
    keys = [QKeySequence(key).toString() for entry in COMMANDS for key in entry.keys]
    assert len(keys) == len(set(keys)) and "" not in keys
    in_menus = {a.objectName() for menu in driver.window.menuBar().actions() for a in menu.menu().actions()}
    assert {entry.name for entry in COMMANDS} <= in_menus
    assert {name for name in (*TOOL_BAR, *RAIL) if name not in "|>"} <= in_menus
    assert driver.window.actions_by_name["zoom_fit"].toolTip() == "Fit in window - F"


def test_dark_and_light(driver):
    shades = {}
    for name in ("dark", "light"):
        driver.window.actions_by_name[f"appearance_{name}"].trigger()
        driver.paint()
        shades[name] = driver.window.palette().window().color().lightness()
        assert abs(int(driver.screen()[5, 5].mean()) - shades[name]) < 40, "the viewport follows"
    assert shades["dark"] < 80 < 200 < shades["light"]


def test_the_device_and_the_reason_are_shown(driver):
    driver.until(lambda: driver.window.status.device.text().startswith("CPU: "))
    assert "added up in RGBA32F" in driver.window.status.device.toolTip()


def test_the_first_frame_needs_neither_numba_nor_scipy_nor_torch(tmp_path):
    program = f"""
import sys
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from daub.app.window.viewport.opengl import match_pyopengl, request_context
request_context()
application = QApplication([])
match_pyopengl()
from daub.app.window.main_window import Window
window = Window(QSettings({str(tmp_path / "s.ini")!r}, QSettings.Format.IniFormat))
window.workspace.wake = lambda: application.exit(0)  # called after the first frame
window.start()
application.exec()
window.viewport.close_gl()
print(window.viewport.frames > 0, sorted({{"numba", "scipy", "torch", "imagecodecs", "PIL"}} & set(sys.modules)))
window.workspace.background.close()
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "True []", run.stderr


def test_a_window_without_a_display_is_one_line(monkeypatch, capsys):
    from daub.app import program

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert program.main([]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_line_loads_neither_qt_nor_opengl(tmp_path):
    program = (
        "import sys\nfrom daub.app import program\n"
        f"code = program.main(['info', {str(tmp_path / 'missing.daub')!r}])\n"
        "print(code, sorted(m for m in sys.modules if m.startswith(('PySide6', 'OpenGL', 'imgui_bundle'))))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "1 []", run.stderr


def test_the_device_is_chosen_in_the_menu_kept_and_told(open_window, photo, monkeypatch):
    from daub.render import cuda
    from daub.render.errors import DeviceUnavailable, Reason

    def refuse():
        raise DeviceUnavailable(Reason("no NVIDIA driver", remedy="install the driver of the GPU"))

    monkeypatch.setattr(cuda, "open_backend", refuse)
    driver = open_window()
    label, toasts = driver.window.status.device, driver.window.toasts
    driver.until(lambda: label.text() == "CPU: no NVIDIA driver")
    assert "install the driver of the GPU" in label.toolTip() and "menu Fit" in label.toolTip()
    driver.fit(photo, steps=20_000)
    ticket = driver.state.ticket
    driver.window.actions_by_name["device_cpu"].trigger()
    driver.until(lambda: label.text() == "CPU: asked for")
    driver.until(lambda: driver.state.ticket > ticket and driver.step > 0)
    assert driver.state.phase is Phase.FITTING and not toasts.lines()
    driver.window.actions_by_name["device_cuda"].trigger()
    driver.until(lambda: label.text() == "CPU: no NVIDIA driver")
    driver.until(lambda: driver.state.ticket > ticket + 1 and driver.step > 0)
    assert toasts.lines() == ["The fit runs on the CPU: no NVIDIA driver, install the driver of the GPU"]
    driver.window.close()
    again = open_window()
    assert again.window.actions_by_name["device_cuda"].isChecked() and again.workspace.device == "cuda"
    again.until(lambda: bool(again.window.toasts.lines()))


def test_a_daub_stays_on_the_screen_when_the_device_changes(driver, photo, tmp_path):
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    (tmp_path / "a.daub").write_bytes(driver.state.encoded.data)
    driver.open(tmp_path / "a.daub")
    told = []
    driver.workspace.device_known.connect(told.append)
    driver.window.actions_by_name["device_cpu"].trigger()
    driver.until(lambda: bool(told))
    driver.paint(3)
    assert driver.workspace.gaussians is driver.workspace.picture.gaussians


def test_menus_open_by_keyboard(driver):
    menus = {action.text(): action.menu() for action in driver.window.menuBar().actions()}
    for key, title in ((Qt.Key.Key_F, "&File"), (Qt.Key.Key_V, "&View")):
        QTest.keyClick(driver.viewport, key, Qt.KeyboardModifier.AltModifier)
        driver.until(menus[title].isVisible)
        QTest.keyClick(menus[title], Qt.Key.Key_Escape)
        driver.until(lambda title=title: not menus[title].isVisible())
        QTest.keyClick(driver.window.menuBar(), Qt.Key.Key_Escape)
        driver.viewport.setFocus()
    QTest.keyClick(driver.viewport, Qt.Key.Key_F10)
    driver.until(menus["&File"].isVisible)
    menus["&File"].close()
