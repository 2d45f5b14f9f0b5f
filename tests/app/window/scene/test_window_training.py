"""A scene trained in the window: from a folder that is dropped, seen while it grows, paused, stopped, saved."""

from __future__ import annotations

import os

import numpy as np
import pytest
from posed_photos import write_posed_photos
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from daub.app.model.host import Leaving
from daub.app.model.scene.kept_trainings import kept_training, make_room
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.training import settings
from daub.codec.scenes.training.checkpoint import settings_in

pytestmark = pytest.mark.gui


@pytest.fixture
def photos(tmp_path):
    write_posed_photos(tmp_path / "shots")
    return tmp_path / "shots"


@pytest.fixture
def long_training(monkeypatch):
    """One that nobody waits for to end."""
    monkeypatch.setattr(settings.TrainingSettings, "__init__", settings.TrainingSettings.__init__)
    defaults = list(settings.TrainingSettings.__init__.__defaults__)
    defaults[:2] = 120, 1_000_000
    monkeypatch.setattr(settings.TrainingSettings.__init__, "__defaults__", tuple(defaults))


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    at, none = QPointF(window.viewport.mapTo(window, QPoint(200, 150))), Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(at.toPoint(), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none),
        QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, none),
    ):
        QApplication.sendEvent(window, event)


def button(window, text):
    return next(each for each in window.scene.training.findChildren(QPushButton) if text in each.text())


def step(driver):
    return driver.bench.training._progress.get("step", 0)


def test_a_folder_of_photos_becomes_a_scene_that_is_seen_growing_and_can_be_saved(
    driver, photos, long_training, tmp_path
):
    bench, window, training = driver.bench, driver.window, driver.bench.training
    drop(window, photos)
    driver.until(lambda: training.is_on)
    assert window.windowTitle().startswith("shots") and bench.stage.place.startswith("Camera 1 of 6")
    first = bench.stage.document.original
    driver.until(lambda: bench.stage.document.original is not first and step(driver) > 5)
    assert window.scene.training.isVisible() and "dB" in window.scene.training.words.text()
    assert not window.actions_by_name["make_sog"].isEnabled() and bench.is_unsaved
    before = bench.stage.viewpoint
    bench.stage.orbit(40, 0)
    driver.until(lambda: (side := bench.stage.sides[1]) is not None and not side.is_live)
    assert bench.stage.viewpoint is not before

    QTest.keyClick(window, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: training._progress["paused"])
    paused, seen = step(driver), bench.stage.document.original
    driver.qtbot.wait(300)
    assert step(driver) == paused and "paused" in training.words and seen.is_growing
    QTest.mouseClick(button(window, "Go on"), Qt.MouseButton.LeftButton)
    driver.until(lambda: step(driver) > paused)

    QTest.mouseClick(button(window, "Stop"), Qt.MouseButton.LeftButton)
    driver.until(lambda: not training.is_on)
    made = bench.stage.document.original
    assert not made.is_growing and bench.stage.versions.unsaved == ("shots",)
    assert window.scene.facts.values["Size"].text() != "in no file yet" and not window.scene.training.isVisible()
    bench.host.file_to_save = lambda *_: tmp_path / "shots.ply"
    driver.run("save_version")
    driver.until(lambda: not bench.stage.versions.unsaved)
    np.testing.assert_array_equal(read_scene(tmp_path / "shots.ply").splats.means, made.drawn.means)
    bench.making.quality = 20
    driver.run("make_daub")
    driver.until(lambda: len(bench.stage.versions.rows) == 2)
    assert bench.stage.versions.on("b").data.startswith(b"DAUB")


def test_a_training_that_was_stopped_or_whose_window_was_closed_goes_on(
    driver, open_window, photos, long_training, monkeypatch
):
    training = driver.bench.training
    driver.window.open_path(photos)
    driver.until(lambda: training.is_on and step(driver) > 3)
    driver.run("pause_training")  # which writes what there is
    driver.until(lambda: training._progress["paused"])
    reached = step(driver)
    driver.until(lambda: kept_training(photos).exists())
    assert settings_in(kept_training(photos)) == training._run.settings
    with monkeypatch.context() as patch:
        asked = []
        patch.setattr("daub.app.window.host.may_lose", lambda names, *_: asked.append(names) or Leaving.STAY)
        assert driver.window.close() and not asked, "nothing is lost"

    other = open_window()
    said = []
    other.workspace.noticed.connect(said.append)
    other.window.open_path(photos)
    other.until(lambda: other.bench.training.is_on)
    assert other.bench.training._run.begun == reached
    assert any(f"goes on from step {reached:,}" in line for line in said)
    other.until(lambda: step(other) > reached)
    other.run("train_anew")
    other.until(lambda: other.bench.training._run.begun == 0 and 0 < step(other) < reached + 1000)
    other.run("stop_training")
    other.until(lambda: not other.bench.training.is_on)
    assert kept_training(photos).exists()


def test_other_settings_are_those_of_the_next_training(driver, photos, long_training):
    training, section = driver.bench.training, driver.window.scene.training
    driver.window.open_path(photos)
    driver.until(lambda: training.is_on and step(driver) > 1)
    assert [section.fields[name].value() for name in ("gaussians", "iterations", "size")] == [120, 1_000_000, 752]
    assert not section.hint.isVisible()
    field = section.fields["gaussians"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "150")
    assert training.wanted.gaussians == 120, "it is still being typed"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert training.wanted.gaussians == 150 and section.hint.isVisible()
    before = training._run
    QTest.mouseClick(button(driver.window, "Train anew"), Qt.MouseButton.LeftButton)
    driver.until(lambda: training._run is not before and step(driver) > 1)
    assert training._run.settings.gaussians == 150 and not section.hint.isVisible()


def test_what_goes_on_goes_by_its_own_settings_where_nobody_has_chosen_others(driver, open_window, photos):
    driver.bench.training.settings = chosen = settings.TrainingSettings(130, 1_000_000, 40, 1)
    driver.window.open_path(photos)
    driver.until(lambda: driver.bench.training.is_on and step(driver) > 2)
    driver.run("pause_training")
    driver.until(lambda: driver.bench.training._progress["paused"] and kept_training(photos).exists())
    reached = step(driver)
    driver.window.close()

    other = open_window()
    training, section = other.bench.training, other.window.scene.training
    other.window.open_path(photos)
    other.until(lambda: training.is_on)
    assert training._run.settings == training.wanted == chosen and training._run.begun == reached
    assert section.fields["gaussians"].value() == 130 and not section.hint.isVisible()
    other.run("stop_training")
    other.until(lambda: not training.is_on)


def test_how_far_its_first_gaussians_are_sought_is_told(driver, photos, long_training):
    shares = []
    driver.workspace.read_share.connect(shares.append)
    driver.window.open_path(photos)
    driver.until(lambda: driver.bench.training.is_on)
    assert shares == sorted(shares) and any(0.1 < share < 0.3 for share in shares)
    driver.run("stop_training")
    driver.until(lambda: not driver.bench.training.is_on)


def test_few_trainings_are_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("DAUB_STATE_DIR", str(tmp_path / "state"))
    kept = [kept_training(tmp_path / name) for name in "abcde"]
    assert len(set(kept)) == 5 and kept[0] == kept_training(tmp_path / "b" / ".." / "a")
    for age, path in enumerate(kept):
        make_room(path)
        path.write_bytes(b"")
        os.utime(path, (age, age))
    assert [path.exists() for path in kept] == [False, False, True, True, True]


def test_what_cannot_be_trained_on_is_one_line_and_the_window_goes_on(driver, photos, tmp_path):
    (tmp_path / "nothing").mkdir()
    (photos / "3.png").write_bytes(b"no picture")
    for folder, why in ((tmp_path / "nothing", "there are no cameras in it"), (photos, "3.png")):
        with driver.heard(driver.workspace.failed) as told:
            driver.window.open_path(folder)
        (failure,) = told[-1] if isinstance(told[-1], tuple) else (told[-1],)
        assert why in failure.line and "\n" not in failure.line and str(tmp_path) not in failure.line
        assert not driver.bench.training.is_on and not driver.bench.stage.is_open


def test_another_scene_ends_the_training_and_a_crash_of_its_process_keeps_what_is_there(
    driver, photos, long_training
):
    training = driver.bench.training
    driver.window.open_path(photos)
    driver.until(lambda: training.is_on and step(driver) > 2)
    with driver.heard(driver.workspace.failed) as told:
        training._run._process.kill()
    assert "its process has ended" in str(told) and not training.is_on
    kept = driver.bench.stage.document.original
    assert not kept.is_growing and kept.data.startswith(b"ply") and driver.bench.is_unsaved
