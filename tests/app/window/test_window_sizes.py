"""The window at the sizes that screens have: everything has its room, and nothing lies over anything else."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from daub.app.model.fit.state import Phase
from daub.app.model.picture.box import Box
from daub.app.window.dialogs.cheat_sheet import CheatSheet
from daub.app.window.viewport.marks import Chip
from daub.app.window.viewport.rd_tab import RdTab

pytestmark = pytest.mark.gui
SMALLEST = 900, 600
SIZES = SMALLEST, (1280, 720), (1440, 900)
LEAST_PAGE = {SMALLEST: 130, (1280, 720): 250, (1440, 900): 400}  # logical pixels that the pages keep of the height


def finished(driver, photo) -> None:
    driver.fit(photo, steps=20)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.until(lambda: driver.window.result.values["MS-SSIM"].text().startswith("0."))


def resized(driver, size) -> None:
    driver.window.resize(*size)
    driver.until(lambda: (driver.window.width(), driver.window.height()) == size)
    driver.paint(2)


def place(widget: QWidget) -> QRect:
    """In the window."""
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def seen(parent: QWidget, *kinds: type) -> list[QWidget]:
    return [each for kind in kinds for each in parent.findChildren(kind) if each.isVisible()]


def test_everything_has_its_room_at_every_size(driver, photo):
    finished(driver, photo)
    window, result = driver.window, driver.window.result
    for size in SIZES:
        resized(driver, size)
        hint = window.minimumSizeHint()
        assert hint.width() <= SMALLEST[0] and hint.height() <= SMALLEST[1], (size, hint)
        assert place(window.panel).right() < size[0] and place(window.panel).bottom() < size[1]
        page = window.panel._stack
        assert page.height() >= LEAST_PAGE[size], (size, page.height())
        labels = seen(result, QLabel)
        for label in labels:
            if not label.wordWrap():
                assert label.width() >= label.sizeHint().width(), (size, label.text())
            assert label.height() >= label.heightForWidth(label.width()), (size, label.text())
            assert place(window.panel).contains(place(label)), (size, label.text())
        for one, other in combinations(labels, 2):
            assert not place(one).intersects(place(other)), (size, one.text(), other.text())
        bars = [window.tools, window.viewport, window.panel, window.statusBar(), window.menuBar()]
        for one, other in combinations(bars, 2):
            assert not place(one).intersects(place(other)), size
        for button in seen(window.panel, QAbstractButton):
            assert place(window.panel).width() >= button.width() >= button.minimumSizeHint().width()


@pytest.mark.parametrize("tool", ["tool_paint", "paint"])
def test_no_button_goes_behind_a_chevron(driver, photo, tool):
    finished(driver, photo)
    driver.run("view_difference")
    driver.run(tool)
    driver.bench.brushing.recall([(number / 8, 0.5, 0.5) for number in range(8)])
    window = driver.window
    bars = [window.rail, window.tools, window.compare, window.paint if tool == "tool_paint" else window.brush]
    for size in SIZES:
        resized(driver, size)
        driver.lay_out()
        for bar in bars:
            hidden = [
                each.text() for each in bar.actions() if each.isVisible() and not bar.widgetForAction(each).isVisible()
            ]
            assert bar.isVisible() and not hidden, (size, bar.windowTitle(), hidden)
        menus = window.menuBar()
        assert menus.actionGeometry(menus.actions()[-1]).right() < size[0], "the last menu"


def test_a_window_that_was_small_comes_back_as_small(open_window, tmp_path):
    driver = open_window()
    resized(driver, SMALLEST)
    assert not driver.bench.chrome.sources
    driver.window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    from daub.app.window.main_window import Window

    again = Window(settings)
    try:
        again.start()
        driver.until(lambda: again.viewport.frames > 0)
        assert (again.width(), again.height()) == SMALLEST
    finally:
        again.close()
        assert again.workspace.fitting.worker.wait(120)
        again.deleteLater()


def test_the_folded_strip_says_its_whole_line_where_there_is_room(driver, photo):
    finished(driver, photo)
    resized(driver, (1440, 900))
    strip, state = driver.viewport.strip, driver.state
    QTest.mouseClick(strip.fold, Qt.MouseButton.LeftButton)
    whole = f"Finished · the file is ready   ·   150 Gaussians   ·   {state.psnr:.2f} dB"
    driver.until(lambda: strip.line.text() == whole)
    assert not strip.line.toolTip()
    resized(driver, SMALLEST)
    driver.until(lambda: strip.line.text() != whole)
    assert strip.line.text() in (
        f"Finished   ·   150 Gaussians   ·   {state.psnr:.2f} dB",
        f"Finished   ·   {state.psnr:.2f} dB",
    ), "a shorter line rather than the beginning of the long one"
    assert strip.line.toolTip() == strip.line.whole == whole
    assert strip.line.fontMetrics().horizontalAdvance(strip.line.text()) <= strip.line.width()
    driver.bench.chrome.set(panel=False)
    driver.until(lambda: strip.line.text() == whole)
    driver.bench.chrome.set(panel=True)
    resized(driver, (1440, 900))
    driver.until(lambda: strip.line.text() == whole)


def test_no_line_of_the_read_out_is_cut_at_the_smallest_size(driver, photo):
    finished(driver, photo)
    resized(driver, SMALLEST)
    QTest.mouseMove(driver.viewport, driver.logical(90.5, 60.5))
    readout = driver.window.status.readout
    driver.until(lambda: "B − A" in readout.text())
    assert readout.fontMetrics().horizontalAdvance(readout.text()) <= readout.width()


@pytest.mark.parametrize("size", SIZES)
def test_words_on_the_picture_stay_in_their_pane(driver, photo, monkeypatch, size):
    drawn = []
    real = Chip.draw

    def draw(chip, solid):
        drawn.append((chip.x, chip.size[0], chip.text))
        real(chip, solid)

    monkeypatch.setattr(Chip, "draw", draw)
    finished(driver, photo)
    resized(driver, size)
    QTest.keyClick(driver.viewport, Qt.Key.Key_J)
    driver.until(lambda: len(driver.bench.view.panes) == 2)
    drawn.clear()
    driver.paint(2)
    scale, panes = driver.bench.view.scale, driver.bench.view.panes
    ends = {
        letter: (pane.left / scale, (pane.left + pane.width) / scale) for letter, pane in zip("AB", panes, strict=True)
    }
    assert {text[0] for _, _, text in drawn} == set("AB")
    for x, width, text in drawn:
        left, right = ends[text[0]]
        assert left <= x and x + width <= right, text
    driver.run("region")
    region = driver.bench.region
    region.place(Box(40, 10, 90, 60))
    driver.until(lambda: region.figures[1].flip is not None and region.figures[1].bits is not None)
    drawn.clear()
    driver.paint(2)
    of_region = [(x, width, text) for x, width, text in drawn if "pixels at" in text][-2:]  # of the last frame
    assert all(fact in of_region[1][2] for fact in (" dB", "MS-SSIM", "FLIP", "bpp"))
    for (x, width, text), (left, right) in zip(of_region, ends.values(), strict=True):
        assert left <= x and x + width <= right, text


def test_nothing_shines_through_words_over_numbers(driver, photo, monkeypatch):
    solid = []
    real = Chip.draw
    monkeypatch.setattr(Chip, "draw", lambda chip, is_solid: (solid.append(is_solid), real(chip, is_solid))[1])
    finished(driver, photo)
    driver.paint(2)
    assert solid and not any(solid)
    driver.bench.view.zoom_to(80)
    solid.clear()
    driver.paint(2)
    assert solid and all(solid)


@pytest.mark.parametrize("size", SIZES)
def test_the_plot_of_rate_and_distortion_has_its_room(driver, photo, size):
    finished(driver, photo)
    resized(driver, size)
    QTest.keyClick(driver.viewport, Qt.Key.Key_R)
    tab = next(tab for tab in driver.viewport.strip.all_tabs if isinstance(tab, RdTab))
    driver.until(lambda: bool(tab.spots))
    ((x, y),) = tab.spots.values()
    assert x < driver.viewport.width() and driver.viewport.height() - driver.bench.chrome.strip_height < y


def test_the_sheet_of_keys_scrolls_downwards_alone(driver):
    resized(driver, SMALLEST)
    QTest.keyClick(driver.viewport, Qt.Key.Key_F1)
    sheet = driver.window.findChild(CheatSheet)
    driver.until(sheet.isVisible)
    scroll = sheet.findChild(QScrollArea)
    driver.until(lambda: scroll.viewport().width() > 100)
    room = scroll.viewport().width()
    for label in seen(scroll.widget(), QLabel):
        right = label.mapTo(scroll.widget(), QPoint(label.width(), 0)).x()
        assert right <= room, label.text()
        assert label.width() >= label.minimumSizeHint().width(), label.text()
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    sheet.close()


def on_the_window(driver) -> tuple[float, float, float]:
    """Where the picture begins, and its zoom."""
    camera, ratio = driver.bench.view.camera, driver.viewport.devicePixelRatio()
    corner = driver.viewport.mapTo(driver.window, QPoint())
    left, top = camera.offset
    return corner.x() + left / ratio, corner.y() + top / ratio, camera.zoom


@pytest.mark.parametrize("moved", [False, True])
def test_a_bar_that_comes_leaves_the_picture_where_it_is(driver, photo, moved):
    finished(driver, photo)
    if moved:
        driver.bench.view.zoom_to(3.0)
        driver.bench.view.pan(30, -20)
    driver.paint(2)
    before, height = on_the_window(driver), driver.viewport.height()
    for key, bar in ((Qt.Key.Key_E, driver.window.compare), (Qt.Key.Key_Z, driver.window.compare)):
        QTest.keyClick(driver.viewport, key)
        driver.until(lambda bar=bar: bar.isVisible() and driver.viewport.height() < height)
        driver.paint(2)
        assert on_the_window(driver) == before
        QTest.keyClick(driver.viewport, Qt.Key.Key_D)
        driver.until(lambda: driver.viewport.height() == height)
        driver.paint(2)
        assert on_the_window(driver) == before
    QTest.keyClick(driver.viewport, Qt.Key.Key_B)
    driver.until(lambda: driver.window.brush.isVisible() and driver.viewport.height() < height)
    driver.paint(2)
    assert on_the_window(driver) == before
    driver.bench.view.fit()
    assert on_the_window(driver) != before, "it is fitted into what is free now"


def test_the_same_holds_on_a_screen_at_200_percent(pytestconfig):
    """In a process of its own, as Qt reads the scale when it starts."""
    chosen = [f"{__file__}::{test.__name__}" for test in (test_everything_has_its_room_at_every_size,)]
    chosen.append(f"{__file__}::{test_words_on_the_picture_stay_in_their_pane.__name__}[size0]")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *chosen]
    run = subprocess.run(
        command, cwd=pytestconfig.rootpath, env=os.environ | {"QT_SCALE_FACTOR": "2"}, capture_output=True, text=True
    )
    assert run.returncode == 0 and "2 passed" in run.stdout, run.stdout[-3000:]
