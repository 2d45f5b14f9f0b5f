"""The brush in a real window: what the mouse paints, what is seen of it, and what the fit makes of it."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.model.compare.modes import Mode
from daub.app.model.fit.state import Phase
from daub.app.model.picture.brush import Effect
from daub.app.model.picture.picture import decode
from daub.codec.importance import NEUTRAL, Importance
from daub.codec.progress import Stage
from daub.render.gl.tint import LESS, MORE

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
SOURCE = np.array([200, 40, 40])


@pytest.fixture
def painting(driver, photo):
    """The source of 96x64 pixels is seen, and the brush is at hand, 16 pixels wide."""
    driver.fit(photo)
    driver.run("view_source")
    QTest.keyClick(driver.viewport, Qt.Key.Key_B)
    painting = driver.bench.painting
    assert painting.is_on and driver.window.brush.isVisible()
    painting.choose(diameter=16)
    return painting


def values(driver) -> np.ndarray:
    return driver.workspace.canvas.values


def drag(driver, *places: tuple[float, float]) -> None:
    points = [driver.logical(*place) for place in places]
    QTest.mousePress(driver.viewport, LEFT, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(driver.viewport, point)
    QTest.mouseRelease(driver.viewport, LEFT, pos=points[-1])


@pytest.mark.parametrize("zoom", [0.5, 3, 20])
def test_a_stroke_lies_under_the_pointer_at_any_zoom(driver, painting, zoom):
    driver.bench.view.zoom_to(zoom)
    drag(driver, (40.5, 32.5), (50.5, 32.5), (56.5, 32.5))
    painted = values(driver)
    assert (painted[31:34, 42:55] == 255).all() and painted[32, 20] == NEUTRAL and painted[50, 48] == NEUTRAL
    row, column = (np.flatnonzero((painted != NEUTRAL).any(axis)) for axis in (1, 0))
    assert abs(row.mean() - 32) <= 2 and abs(column.mean() - 48) <= 2


def test_what_is_more_or_less_important_is_seen_and_told_apart_without_hues(driver, painting):
    drag(driver, (20.5, 20.5), (70.5, 20.5))
    QTest.keyClick(driver.viewport, Qt.Key.Key_L)
    drag(driver, (20.5, 45.5), (70.5, 45.5))
    QTest.mouseMove(driver.viewport, driver.logical(90, 5))
    screen = driver.screen().astype(int)
    camera = driver.bench.view.camera

    def seen(u: float, v: float, reach: int = 12) -> np.ndarray:
        x, y = (round(value) for value in camera.to_screen(u, v))
        return screen[y - reach : y + reach, x - reach : x + reach].reshape(-1, 3)

    more, less, neither = seen(45, 20.5), seen(45, 45.5), seen(45, 33)
    assert (abs(neither - SOURCE) <= 2).all()
    towards = SOURCE + 0.62 * (255 * np.array(MORE) - SOURCE)
    assert (abs(more - towards) <= 4).all()
    assert np.dot(less.mean(0) - SOURCE, 255 * np.array(LESS) - SOURCE) > 0
    assert less.std(0).max() > 10 and more.std(0).max() < 3, "the one has stripes, the other has none"
    driver.run("show_importance")
    assert (abs(driver.shown_at(45, 20.5) - SOURCE) <= 2).all()


def test_more_of_a_stroke_is_seen_as_it_is_painted(driver, painting):
    def seen() -> list[np.ndarray]:
        screen, camera = driver.screen(), driver.bench.view.camera
        places = [camera.to_screen(u, 32.5) for u in (20.5, 60.5)]
        return [screen[round(y) - 12, round(x)] for x, y in places]

    first, last = seen()
    QTest.mousePress(driver.viewport, LEFT, pos=driver.logical(20.5, 32.5))
    assert (seen()[0] != first).any() and (seen()[1] == last).all()
    QTest.mouseMove(driver.viewport, driver.logical(70.5, 32.5))
    assert (seen()[1] != last).any()
    QTest.mouseRelease(driver.viewport, LEFT, pos=driver.logical(70.5, 32.5))
    driver.run("undo")
    QTest.mouseMove(driver.viewport, driver.logical(90, 5))
    assert (seen()[1] == last).all() and (seen()[0] == first).all()


def test_the_ring_is_as_large_as_the_brush_and_goes_with_it(driver, painting):
    def light_row() -> np.ndarray:
        x, y = driver.bench.view.camera.to_screen(48.5, 32.5)
        reach = round(20 * driver.bench.view.camera.zoom)
        row = driver.screen()[round(y), round(x) - reach : round(x) + reach].astype(int)
        return np.flatnonzero(row.min(1) > 170) - reach

    QTest.mouseMove(driver.viewport, driver.logical(48.5, 32.5))
    radius = 8 * driver.bench.view.camera.zoom
    edge = light_row()
    assert edge.size and abs(edge.max() - radius) <= 3 and abs(edge.min() + radius) <= 3
    assert driver.viewport.cursor().shape() == Qt.CursorShape.CrossCursor
    QTest.keyClick(driver.viewport, Qt.Key.Key_B)
    assert not light_row().size and not driver.window.brush.isVisible()


def test_space_and_the_middle_button_still_move_the_picture(driver, painting):
    offset = driver.bench.view.camera.offset
    start = driver.logical(48, 32)
    QTest.keyPress(driver.viewport, Qt.Key.Key_Space)
    drag(driver, (48, 32), (55, 35))
    QTest.keyRelease(driver.viewport, Qt.Key.Key_Space)
    moved = driver.bench.view.camera.offset
    QTest.mousePress(driver.viewport, Qt.MouseButton.MiddleButton, pos=start)
    QTest.mouseMove(driver.viewport, start + QPoint(40, 0))
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.MiddleButton, pos=start + QPoint(40, 0))
    assert offset != moved != driver.bench.view.camera.offset and driver.workspace.canvas.is_blank


def test_the_split_line_can_be_dragged_and_two_dabs_do_not_move_it(driver, painting):
    driver.bench.view.jump_split(0.5)
    line = driver.bench.view.split_at
    at = driver.logical(20.5, 32.5)
    QTest.mouseClick(driver.viewport, LEFT, pos=at)
    QTest.mouseDClick(driver.viewport, LEFT, pos=at)
    assert driver.bench.view.split_at == line and driver.bench.view.mode is Mode.SPLIT
    assert values(driver)[32, 20] == 255
    x = round(line / driver.viewport.devicePixelRatio())
    QTest.mousePress(driver.viewport, LEFT, pos=QPoint(x, 200))
    QTest.mouseMove(driver.viewport, QPoint(x + 30, 200))
    QTest.mouseRelease(driver.viewport, LEFT, pos=QPoint(x + 30, 200))
    assert driver.bench.view.split_at == pytest.approx(line + 30, abs=2)


def test_the_bar_follows_the_keys_and_the_keys_the_bar(driver, painting):
    bar = driver.window.brush
    for key, effect in ((Qt.Key.Key_L, Effect.LESS), (Qt.Key.Key_N, Effect.ERASE), (Qt.Key.Key_M, Effect.MORE)):
        QTest.keyClick(driver.viewport, key)
        assert painting.brush.effect is effect
        assert bar.strength.slider.isEnabled() == (effect is not Effect.ERASE)
    assert bar.size.words.text() == "16 px" and bar.strength.words.text() == "× 8.0"
    driver.run("brush_larger")
    assert bar.size.words.text() == "20 px"
    bar.strength.slider.setValue(50)
    assert painting.brush.grey == 192 and bar.strength.words.text() == "× 2.8"
    bar.size.slider.setValue(bar.size.slider.maximum())
    assert painting.brush.diameter == 4000


def test_a_dropped_file_is_imported_by_the_bar_and_opened_elsewhere(driver, painting, tmp_path):
    path = tmp_path / "map.png"
    PIL.Image.new("L", (192, 128), 255).save(path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    bar, copy, left, none = driver.window.brush, Qt.DropAction.CopyAction, LEFT, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(bar, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(bar, QDropEvent(QPoint(5, 5), copy, data, left, none))
    driver.until(lambda: painting.has_map)
    assert (values(driver) == 255).all() and values(driver).shape == (64, 96)
    assert driver.workspace.picture.name == "photo.png"


def test_a_fit_moves_its_gaussians_to_what_is_painted_while_it_runs(driver, tmp_path):
    """Noise to the left and to the right: what is painted gets the Gaussians."""
    pixels = np.random.default_rng(0).integers(0, 256, (16, 24, 3), np.uint8)
    PIL.Image.fromarray(pixels).resize((96, 64), PIL.Image.Resampling.NEAREST).save(tmp_path / "noise.png")
    driver.fit(tmp_path / "noise.png", gaussians=200, steps=6000)
    driver.run("play")
    driver.until(lambda: driver.state.phase is Phase.PAUSED)
    assert driver.state.progress.stage is Stage.FIT and driver.step < 3000, "not too late"
    driver.run("brush_less")
    driver.bench.painting.choose(diameter=48)
    drag(driver, (10.5, 10.5), (10.5, 54.5), (30.5, 54.5), (30.5, 10.5))
    driver.run("brush_more")
    drag(driver, (90.5, 10.5), (90.5, 54.5), (70.5, 54.5), (70.5, 10.5))
    driver.run("play")
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    assert driver.state.ticket == 1
    assert (driver.workspace.gaussians.mean[:, 0] > 48).mean() > 0.57, "more stand where it matters"
    decoded = decode(driver.bench.exports.document) / 255
    left, right = np.split(((decoded - driver.workspace.picture.pixels) ** 2).mean((0, 2)), 2)
    assert right.mean() < 0.6 * left.mean(), (left.mean(), right.mean())
    assert not driver.window.toasts.lines()


def test_leaving_the_window_in_mid_stroke_and_another_context_lose_nothing(driver, painting):
    drag(driver, (20.5, 20.5), (70.5, 20.5))
    driver.viewport.surface.makeCurrent()
    driver.viewport.cleanup()
    driver.viewport.initializeGL()
    driver.viewport.surface.doneCurrent()
    QTest.mouseMove(driver.viewport, driver.logical(90, 60))
    assert (driver.shown_at(45.5, 20.5) != SOURCE).any()
    assert Importance(values(driver)).to_png()
