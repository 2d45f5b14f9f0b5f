"""Opening and saving: dialog-free entry points, drop, paste, .daub and PNG, and files that are broken."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import hanging_reader
import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.model.fit.state import Phase
from daub.app.model.picture import image_reader
from daub.codec.encoder import encode
from daub.codec.goal import Goal
from daub.codec.images import load
from daub.codec.profiles.profile import PROFILES
from daub.codec.progress import drive
from daub.codec.recipe import Recipe
from daub.render.devices import choose
from daub.render.eight_bit import to_8bit

pytestmark = pytest.mark.gui


def finish(driver) -> None:
    driver.until(lambda: driver.state.phase is Phase.FINISHED)


def test_export_daub_and_open_it_again(driver, photo, tmp_path):
    driver.fit(photo)
    finish(driver)
    encoded, path = driver.state.encoded, tmp_path / "out.daub"
    driver.bench.exports.daub(path)
    driver.until(path.exists)
    assert path.read_bytes() == encoded.data
    driver.until(lambda: f"Saved out.daub, {len(encoded.data):,} bytes" in driver.window.toasts.lines())

    driver.open(path)
    np.testing.assert_array_equal(driver.workspace.gaussians.parameters, encoded.gaussians.parameters)
    expected = to_8bit(choose("cpu")[0].forward(encoded.gaussians, 96, 64))
    driver.bench.view.zoom_to(1)
    left, top = (int(v) for v in driver.bench.view.camera.offset)
    shown = driver.screen()[top : top + 64, left : left + 96].astype(int)
    assert abs(shown - expected).max() <= 1, "the screen shows what a decoder gets"
    assert not driver.window.goals.isVisible()
    assert not driver.window.result.values["Method"].isVisible(), "it is our own"
    assert not driver.window.actions_by_name["view_split"].isEnabled()
    again = tmp_path / "again.daub"
    driver.bench.exports.daub(again)
    driver.until(again.exists)
    assert again.read_bytes() == encoded.data


def test_a_file_of_another_method_is_named_as_daub_info_names_it(driver, photo, tmp_path):
    path = tmp_path / "other.daub"
    settings = Recipe(Goal("gaussians", 60), steps=10, profile=PROFILES["gaussianimage++"])
    path.write_bytes(drive(encode(load(photo).pixels, settings, choose("cpu")[0])).data)
    driver.open(path)
    value = driver.window.result.values["Method"]
    parts = "covariance, uniform | log-uniform | uniform | log-uniform | uniform, adaptive"
    assert value.isVisible() and value.text() == parts in _info(path)
    driver.until(lambda: value.height() >= value.heightForWidth(value.width()))  # nothing is cut off
    assert driver.window.result.values["Gaussians"].text() == "60"
    assert f"{path.stat().st_size:,} bytes" in driver.window.result.share.text()
    assert not driver.window.method.isVisible(), "the method of the next fit is no fact about this file"

    driver.window.goals.advanced.steps.setValue(20_000)
    driver.open(photo)
    assert driver.window.method.isVisible() and driver.window.goals.isEnabled() and not value.isVisible()


def test_the_file_of_one_picture_is_never_exported_as_that_of_the_next(driver, photo, tmp_path):
    driver.fit(photo)
    finish(driver)
    other = tmp_path / "other.png"
    PIL.Image.new("RGB", (40, 30), "teal").save(other)
    seen = []
    driver.workspace.opened.connect(lambda _: seen.append((driver.bench.exports.possible, driver.state.encoded)))
    driver.open(other)
    assert seen == [(False, None)]
    finish(driver)
    assert driver.window.actions_by_name["export_daub"].isEnabled()


def test_export_in_mid_fit_writes_the_snapshot_and_the_fit_goes_on(driver, photo, tmp_path):
    driver.fit(photo, steps=20_000)
    path = tmp_path / "part.daub"
    driver.bench.exports.daub(path)
    driver.until(path.exists)
    step = driver.step
    driver.until(lambda: driver.step > step + 20)
    from daub.codec.container import read

    assert (read(path.read_bytes()).width, read(path.read_bytes()).height) == (96, 64)


@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_export_png_renders_at_the_scale(driver, photo, tmp_path, scale):
    driver.fit(photo)
    finish(driver)
    path = tmp_path / "out.png"
    driver.bench.exports.png(path, scale)
    driver.until(path.exists)
    width, height = round(96 * scale), round(64 * scale)
    resized = driver.state.gaussians.resized(scale, scale)
    expected = to_8bit(choose("cpu")[0].forward(resized, width, height))
    written = np.asarray(PIL.Image.open(path))
    assert written.shape == (height, width, 3)
    assert abs(written.astype(int) - expected).max() <= 1


def test_a_broken_file_is_one_line_and_the_open_picture_stays(driver, photo, tmp_path):
    driver.fit(photo, steps=20_000)
    broken = tmp_path / "broken.png"
    broken.write_bytes(photo.read_bytes()[:60])
    daub = tmp_path / "broken.daub"
    daub.write_bytes(b"DAUB\x01Hxx")
    for path in (broken, daub, tmp_path / "missing.png"):
        with driver.heard(driver.workspace.failed) as failures:
            driver.window.open_path(path)
        line, details = failures[0].line, failures[0].details
        assert path.name in line and "\n" not in line and "Traceback" not in line
        assert "Traceback" in details
        assert any(path.name in told for told in driver.window.toasts.lines())
    assert driver.workspace.picture.name == "photo.png"
    step = driver.step
    driver.until(lambda: driver.step > step)


@pytest.mark.parametrize("by", ["Esc", "button", "closing"])
def test_a_picture_whose_reader_hangs_is_said_to_be_opened_and_can_be_given_up(driver, photo, monkeypatch, by):
    driver.fit(photo, steps=20_000)
    monkeypatch.setattr(image_reader, "COMMAND", hanging_reader.COMMAND)
    driver.workspace.opening._reader.give_up()
    path = photo.rename(photo.with_name("deaf.png"))
    driver.window.open_path(path)
    status = driver.window.status
    assert status.readout.text() == "Opening deaf.png …"
    assert status.give_up.isVisible() and status.give_up.text() == "Cancel opening"
    driver.until(lambda: hanging_reader.hangs(path))
    step = driver.step
    driver.until(lambda: driver.step > step)  # the fit of what is open goes on, and so does the window
    began = time.monotonic()
    if by == "Esc":
        QTest.keyClick(driver.viewport, Qt.Key.Key_Escape)
    elif by == "button":
        QTest.mouseClick(status.give_up, Qt.MouseButton.LeftButton)
    else:
        driver.window.close()
    assert time.monotonic() - began < 1
    if by == "closing":
        return  # that no thread is left, the fixture looks at
    assert status.readout.text() == "" and not status.give_up.isVisible() and not driver.window.toasts.lines()
    assert driver.workspace.picture.name == "photo.png" and driver.workspace.fitting.is_under_way
    driver.run("cancel")
    assert not driver.workspace.fitting.is_under_way


def test_error_details_can_be_copied(driver, tmp_path):
    from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton

    with driver.heard(driver.workspace.failed):
        driver.window.open_path(tmp_path / "missing.png")
    button = next(b for b in driver.window.toasts.findChildren(QPushButton) if b.text() == "Details")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = next(d for d in driver.window.findChildren(QDialog) if d.windowTitle() == "Details")
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "DaubError" in QGuiApplication.clipboard().text()
    assert QGuiApplication.clipboard().text() == dialog.findChild(QPlainTextEdit).toPlainText()
    dialog.close()


def test_transparency_stays_and_is_laid_on_a_background(driver, tmp_path):
    path = tmp_path / "glass.png"
    PIL.Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save(path)
    driver.open(path)
    assert not any("glass.png" in line for line in driver.window.toasts.lines())
    assert driver.window.goals.advanced.background.text() == "Transparent"
    np.testing.assert_allclose(driver.workspace.picture.straight[5, 5], [1, 0, 0, 0])
    with driver.heard(driver.workspace.opened):
        driver.workspace.opening.lay_on((1.0, 1.0, 1.0))
    assert driver.workspace.picture.notices == ("its transparency was laid on a background colour",)
    np.testing.assert_allclose(driver.workspace.picture.pixels, 1.0, atol=1e-6)
    with driver.heard(driver.workspace.opened):
        driver.workspace.opening.lay_on((0.0, 0.0, 1.0))
    np.testing.assert_allclose(driver.workspace.picture.pixels[5, 5], [0, 0, 1], atol=1e-6)


def test_drop_paste_and_recent_files(driver, photo, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *how)
    QApplication.sendEvent(driver.window, enter)
    assert enter.isAccepted()
    with driver.heard(driver.workspace.opened):
        QApplication.sendEvent(driver.window, QDropEvent(QPoint(50, 50), *how))
    assert driver.workspace.picture.path == photo
    assert driver.window.recent.names() == [str(photo)]
    assert driver.window._settings.fileName().startswith(str(tmp_path)), "the user's own list is left alone"

    pasted = QImage(30, 20, QImage.Format.Format_RGB32)
    pasted.fill(0xFF102030)
    QGuiApplication.clipboard().setImage(pasted)
    with driver.heard(driver.workspace.opened):
        QTest.keyClick(driver.viewport, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    picture = driver.workspace.picture
    assert (picture.width, picture.height, picture.source_bytes) == (30, 20, None)
    np.testing.assert_allclose(picture.pixels[0, 0] * 255, [16, 32, 48], atol=0.01)


def test_of_two_files_opened_at_once_the_later_one_wins(driver, photo, tmp_path):
    large = tmp_path / "large.png"
    PIL.Image.effect_noise((1500, 1500), 80).save(large)  # slower to read than the photo
    driver.window.open_path(large)
    driver.window.open_path(photo)
    driver.until(lambda: driver.workspace.background.running == 0)
    assert driver.workspace.picture.path == photo


def test_the_sample_opens(driver):
    driver.window.goals.advanced.steps.setValue(20_000)
    with driver.heard(driver.workspace.opened):
        driver.window.welcome.findChildren(type(driver.window.goals.advanced.background))[1].click()
    assert driver.workspace.picture.width >= 512
    assert not driver.window.welcome.isVisible()
    assert driver.window.recent.names() == []
    driver.workspace.fitting.cancel()


def _info(path: Path) -> str:
    command = [sys.executable, "-m", "daub.app.program", "info", str(path)]
    return subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True).stdout


def test_the_title_marks_results_that_are_in_no_file(driver, photo, tmp_path):
    window = driver.window
    driver.fit(photo, gaussians=20, steps=20_000)
    assert not window.isWindowModified() and window.windowTitle() == "photo.png[*] - Daub"
    driver.workspace.fitting.stop()
    driver.until(lambda: driver.state.encoded is not None)
    assert window.isWindowModified()
    driver.bench.exports.daub(tmp_path / "out.daub")
    driver.until(lambda: not window.isWindowModified())
    driver.workspace.change(seed=7, steps=5)
    driver.until(lambda: window.isWindowModified())
    driver.bench.sources.delete(driver.bench.sources.pair.on("b"))
    driver.until(lambda: not window.isWindowModified())


def test_a_large_photo_is_seen_small_while_it_is_read(driver, tmp_path):
    PIL.Image.new("RGB", (2304, 2304), (200, 30, 20)).save(tmp_path / "large.jpg")
    seen = []

    def note(preview) -> None:
        driver.paint()
        seen.append((driver.shown_at(300, 300).tolist(), driver.window.welcome.isVisible(), preview.pixels.shape))

    driver.workspace.previewed.connect(note)
    driver.open(tmp_path / "large.jpg")
    assert [(welcome, shape) for _, welcome, shape in seen] == [(False, (576, 576, 3))]
    np.testing.assert_allclose(seen[0][0], (200, 30, 20), atol=3)
    assert driver.bench.view.camera.image == (2304, 2304)
