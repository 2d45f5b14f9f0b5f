"""Projects in the real window: the keys, the mark, drops, recent ones, the offer to recover, and the list of what was
done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from daub.app.model.commands.project import look_for_leftovers, open_project
from daub.app.model.fit.state import Phase
from daub.app.model.project.recovery import leftovers, recovery_folder
from daub.app.window.dialogs.recent_projects import RecentProjects
from daub.app.window.dialogs.recovery_offer import RecoveryOffer

pytestmark = pytest.mark.gui
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def fitted(driver, photo):
    driver.fit(photo, gaussians=60, steps=10)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    return driver


def chosen(driver, monkeypatch, path: Path) -> None:
    """The dialog for a file gives that one."""
    monkeypatch.setattr(driver.window.host.files, "ask", lambda *_: path)


def save(driver) -> None:
    with driver.heard(driver.bench.project.opened):
        QTest.keyClick(driver.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def dialog(driver, kind):
    """The one that is seen; those that were closed may not have gone yet."""

    def seen():
        return [each for each in driver.window.findChildren(kind) if each.isVisible()]

    driver.until(lambda: bool(seen()))
    return seen()[0]


def test_a_key_saves_and_a_drop_opens(fitted, open_window, photo, monkeypatch):
    path = photo.with_name("work.daubproj")
    assert fitted.window.isWindowModified()
    chosen(fitted, monkeypatch, path.with_suffix(""))
    save(fitted)
    assert path.exists() and fitted.window.windowTitle() == "work · photo.png[*] - Daub"
    assert not fitted.window.isWindowModified()
    encoded = fitted.state.encoded.data
    fitted.workspace.change(seed=3)
    assert fitted.window.isWindowModified()
    fitted.workspace.undo()
    assert not fitted.window.isWindowModified()
    fitted.workspace.fitting.cancel()
    other = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(other.window.rect().center())
    event = QDropEvent(place, Qt.DropAction.CopyAction, data, LEFT, NONE)
    other.window.dropEvent(event)
    other.until(lambda: other.state.encoded is not None)
    assert other.state.encoded.data == encoded and other.window.windowTitle().startswith("work · photo.png")
    assert not other.window.welcome.isVisible()
    other.paint()


def test_recent_projects_have_pictures_and_open_by_a_click(fitted, open_window, photo, monkeypatch):
    chosen(fitted, monkeypatch, photo.with_name("work.daubproj"))
    save(fitted)
    other = open_window()
    other.run("recent_projects")
    recent = dialog(other, RecentProjects)
    assert not any(each.isDefault() for each in recent.findChildren(QPushButton) if each.text() == "Forget these")
    assert recent.list.count() == 1 and recent.list.item(0).text() == "work"
    other.until(lambda: recent.list.item(0).data(Qt.ItemDataRole.UserRole) is not None)
    assert "today" in recent.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    place = recent.list.visualItemRect(recent.list.item(0)).center()
    QTest.mouseClick(recent.list.viewport(), LEFT, NONE, place)
    other.until(lambda: other.state.encoded is not None)


def test_closing_asks_about_changes_of_a_project_and_can_save_them(fitted, photo, monkeypatch):
    from PySide6.QtWidgets import QMessageBox

    path = photo.with_name("work.daubproj")
    chosen(fitted, monkeypatch, path)
    save(fitted)
    fitted.bench.sources.star(fitted.bench.sources.rows[0].key)
    roles, before = QMessageBox.ButtonRole, path.read_bytes()

    def press(role):
        def exec_(box):
            next(each for each in box.buttons() if box.buttonRole(each) == role).click()

        return exec_

    monkeypatch.setattr(QMessageBox, "exec", press(roles.RejectRole))
    fitted.window.close()
    assert fitted.window.isVisible() and path.read_bytes() == before
    monkeypatch.setattr(QMessageBox, "exec", press(roles.AcceptRole))
    fitted.window.close()
    fitted.until(lambda: not fitted.window.isVisible())
    assert path.read_bytes() != before


def test_the_list_of_what_was_done_goes_anywhere_by_a_click(driver, photo):
    workspace, history = driver.workspace, driver.window.history
    workspace.fitting.start_fits_paused(True)
    driver.open(photo)
    for quality in (20, 40, 60):
        workspace.change(effort=quality // 20)
        workspace.history.seal()
    driver.run("show_history")
    driver.until(history.isVisible)
    texts = [history.list.item(row).text() for row in range(history.list.count())]
    assert texts == ["As it was opened", "Effort 1", "Effort 2", "Effort 3"] and history.list.currentRow() == 3
    driver.lay_out()
    assert history.height() > 0.8 * history.parentWidget().height(), "it has the whole page"
    place = history.list.visualItemRect(history.list.item(1)).center()
    QTest.mouseClick(history.list.viewport(), LEFT, NONE, place)
    assert workspace.settings.effort == 1 and history.list.currentRow() == 1
    history.list.setFocus()
    QTest.keyClick(history.list, Qt.Key.Key_End)
    QTest.keyClick(history.list, Qt.Key.Key_Return)
    assert workspace.settings.effort == 3 and history.list.currentRow() == 3


def test_the_window_keeps_its_work_only_where_it_changes_and_not_after_it_closes(fitted):
    project = fitted.bench.project
    project.autosave()
    fitted.until(lambda: not project._is_keeping)
    first = project.slot.path.stat().st_mtime_ns
    project.autosave()
    assert not project._is_keeping, "nothing is new"
    assert project.slot.path.stat().st_mtime_ns == first and not leftovers(recovery_folder())
    fitted.window.close()
    fitted.workspace.finish_files()
    assert not list(recovery_folder().iterdir())


# Runs the program, which keeps its work ten times a second, and tells when there is a result that has been kept.
_PROGRAM = """
import sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, {folder!r})
settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Daub", "Daub")
settings.setValue("autosave_seconds", 0.1)
settings.sync()
from daub.app.window import start
from daub.app.model.fit.state import Phase
run = QApplication.exec
def exec_(*_):
    from daub.app.window.main_window import Window
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Window))
    asked = []
    def look():
        workspace, project = window.workspace, window.bench.project
        if not asked and window.viewport.frames and workspace.picture is not None:
            workspace.change(steps=10)
            asked.append(1)
        elif asked and workspace.state.phase is Phase.FINISHED and project._kept == project._state(all_of_it=True):
            timer.stop()
            print(workspace.state.encoded.data.hex(), flush=True)
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    return run()
QApplication.exec = exec_
sys.exit(start.run([{picture!r}]))
"""


@pytest.fixture
def killed(photo, tmp_path):
    """The file that a window had when it was killed."""
    program = _PROGRAM.format(folder=str(tmp_path / "settings"), picture=str(photo))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    data = bytes.fromhex(process.stdout.readline().decode())
    assert not leftovers(recovery_folder()), "a window that lives has it"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return data


def offered(driver) -> RecoveryOffer:
    look_for_leftovers(driver.bench)
    return dialog(driver, RecoveryOffer)


def test_after_a_kill_the_work_is_offered_and_recovered(killed, driver, open_window):
    offer = offered(driver)
    row = offer.list.item(0)
    assert offer.list.count() == 1 and row.text() == "photo.png, not saved as a project"
    assert "one result" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.mouseClick(offer.later, LEFT)
    offer = offered(driver)
    QTest.mouseClick(offer.recovers, LEFT)
    driver.until(lambda: driver.state.encoded is not None)
    assert driver.state.encoded.data == killed and driver.window.isWindowModified()
    assert not leftovers(recovery_folder()), "this window has it now"
    driver.run("recover_work")
    driver.until(lambda: any("no work to recover" in line for line in driver.window.toasts.lines()))
    other = open_window()
    other.run("recover_work")
    other.until(lambda: any("no work to recover" in line for line in other.window.toasts.lines()))
    driver.window.close()
    driver.workspace.finish_files()
    assert not list(recovery_folder().iterdir())


def test_what_is_discarded_is_gone(killed, driver):
    offer = offered(driver)
    QTest.mouseClick(offer.discards, LEFT)
    driver.until(lambda: not list(recovery_folder().iterdir()))


def test_a_save_leaves_nothing_to_recover(fitted, photo, monkeypatch):
    project = fitted.bench.project
    project.autosave()
    fitted.until(lambda: not project._is_keeping)
    chosen(fitted, monkeypatch, photo.with_name("work.daubproj"))
    save(fitted)
    assert not project.slot.path.exists()


def test_the_window_stands_still_for_nothing(fitted, photo, monkeypatch):
    """Neither to keep nor to save: what takes long is done beside it."""
    from daub.app.model.project import project as module

    held = module.write_project

    def slow(*given):
        time.sleep(0.5)
        return held(*given)

    monkeypatch.setattr(module, "write_project", slow)
    began = time.perf_counter()
    fitted.bench.project.autosave()
    fitted.bench.project.save(photo.with_name("work.daubproj"))
    assert time.perf_counter() - began < 0.3
    fitted.until(lambda: fitted.bench.project.path is not None)


def test_a_project_is_opened_beside_what_is_open(fitted, photo, monkeypatch):
    chosen(fitted, monkeypatch, photo.with_name("work.daubproj"))
    save(fitted)
    asked = []
    monkeypatch.setattr(fitted.window.host, "open_window", lambda: asked.append(1) or fitted.bench)
    monkeypatch.setattr(type(fitted.bench.project), "open", lambda self, path, leftover=None: asked.append(path))
    open_project(fitted.bench, photo.with_name("work.daubproj"))
    assert asked == [1, photo.with_name("work.daubproj")]
