"""Comparing two sides: panes, peeks, blinking, differences, values, the region. Real mouse and keys."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from daub.app.model.compare.colour_maps import table
from daub.app.model.compare.difference import Difference, between, scale_of, table_of
from daub.app.model.compare.modes import Mode
from daub.app.model.picture.box import Box
from daub.codec.evaluation.metrics import psnr, ssim_map

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier

A = np.zeros((64, 96, 3), np.uint8)
A[:, :48], A[:, 48:] = (200, 40, 40), (40, 160, 60)
B = A.copy()
B[:, :48], B[10:20, 60:70] = (180, 50, 60), (45, 158, 70)


@pytest.fixture
def pair(driver, tmp_path):
    """A window that compares two images of known levels."""
    PIL.Image.fromarray(A).save(tmp_path / "a.png")
    driver.open(tmp_path / "a.png")
    driver.run("cancel")
    sources = driver.bench.sources
    sources.pair.put(sources.add_rival("Other", b"12345", B), "b")
    driver.until(lambda: [side and side.title for side in driver.bench.comparison.sides] == ["Source", "Other"])
    driver.bench.chrome.set(strip=False)  # whether the fit has begun before it was cancelled, or not
    return driver


def press(driver, key, modifier=PLAIN) -> None:
    QTest.keyClick(driver.viewport, key, modifier)


def seen(driver, u: float, v: float, pane: int = 0) -> np.ndarray:
    """(3,) int: the colour at an image position in a pane."""
    x, y = driver.bench.view.camera.to_screen(u, v)
    return driver.screen()[round(y), round(x) + driver.bench.view.panes[pane].left].astype(int)


def test_side_by_side_shows_each_side_at_the_same_place_and_moves_both(pair):
    press(pair, Qt.Key.Key_J)
    view = pair.bench.view
    assert len(view.panes) == 2
    for moves in (lambda: None, lambda: view.zoom_by(3.0, 40.0, 200.0), lambda: view.pan(30, -20)):
        moves()
        np.testing.assert_allclose(seen(pair, 20, 40, 0), A[40, 20], atol=2)
        np.testing.assert_allclose(seen(pair, 20, 40, 1), B[40, 20], atol=2)
    readouts = []
    for pane in view.panes:
        x, y = view.camera.to_screen(20.5, 40.5)
        QTest.mouseMove(pair.viewport, QPoint(round(x + pane.left), round(y)))
        pair.until(lambda: bool(pair.window.status.readout.text()))
        readouts.append(pair.window.status.readout.text())
    assert readouts[0] == readouts[1] and "x 20  y 40" in readouts[0]


def test_in_the_right_pane_the_picture_is_dragged_as_in_the_left_one(pair):
    press(pair, Qt.Key.Key_J)
    view = pair.bench.view
    before = view.camera.offset
    start = QPoint(view.panes[1].left + 60, 200)
    QTest.mousePress(pair.viewport, LEFT, pos=start)
    for place in (start + QPoint(20, 10), QPoint(view.panes[1].left - 40, 230)):  # out into the left pane
        QTest.mouseMove(pair.viewport, place)
    QTest.mouseRelease(pair.viewport, LEFT, pos=place)
    assert view.camera.offset == (before[0] - 100, before[1] + 30)


@pytest.mark.parametrize("mode", ["view_source", "view_decoded", "view_split", "view_side_by_side", "view_difference"])
def test_a_held_key_shows_either_side_in_any_mode(pair, mode):
    pair.run(mode)
    pair.paint()
    pair.until(lambda: mode != "view_difference" or np.array_equal(pair.viewport.scene.table, table("viridis")))
    plain = pair.screen()
    for key, levels in ((Qt.Key.Key_8, A), (Qt.Key.Key_9, B), (Qt.Key.Key_P, A)):
        QTest.keyPress(pair.viewport, key)
        for pane in range(len(pair.bench.view.panes)):
            np.testing.assert_allclose(seen(pair, 20, 40, pane), levels[40, 20], atol=2)
        QTest.keyRelease(pair.viewport, key)
    np.testing.assert_array_equal(pair.screen(), plain)


def test_blinking_shows_one_side_after_the_other_as_fast_as_is_wanted(pair):
    press(pair, Qt.Key.Key_Z)
    view, timer = pair.bench.view, pair.viewport._blinking
    assert timer.isActive() and timer.interval() == 500
    press(pair, Qt.Key.Key_Z, SHIFT)
    assert timer.interval() == 350 == round(1000 * view.look.blink)
    pair.window.compare.period.slider.setValue(0)
    assert timer.interval() == 100
    shown = []
    view.changed.connect(lambda: shown.append(view.mode))
    pair.until(lambda: shown[-4:] in ([Mode.A, Mode.B] * 2, [Mode.B, Mode.A] * 2))
    pair.window.compare.period.slider.setValue(7)
    mode = view.mode
    np.testing.assert_allclose(seen(pair, 20, 40), (A if mode is Mode.A else B)[40, 20], atol=2)
    view.blink()
    np.testing.assert_allclose(seen(pair, 20, 40), (B if mode is Mode.A else A)[40, 20], atol=2)
    press(pair, Qt.Key.Key_X)
    assert not timer.isActive()


@pytest.mark.parametrize("kind", [Difference.SIGNED, Difference.ABSOLUTE, Difference.SQUARED])
def test_the_colours_of_a_difference_stand_for_what_the_legend_says(pair, kind):
    press(pair, Qt.Key.Key_E)
    pair.run(f"difference_{kind.name.lower()}")
    look = pair.bench.view.look
    name = table_of(kind, look.colour_map)
    colours = table(name) / 255
    pair.until(lambda: np.array_equal(pair.viewport.scene.table, table(name)))
    for gain in (look.gain, 2.0):
        while pair.bench.view.look.gain != gain:
            press(pair, Qt.Key.Key_BracketLeft)
        scale = scale_of(kind, gain)
        for column, row in ((20, 40), (65, 15), (80, 50)):
            number = between(kind, A[row, column], B[row, column]).mean()
            share = np.clip((number - scale.low) / (scale.high - scale.low), 0, 1)
            expected = colours[round(share * (len(colours) - 1))]
            # Half floats of the sides, and rounding to one of the colours: a neighbour of it at most.
            near = colours[[max(round(share * 255) - 1, 0), min(round(share * 255) + 1, 255)]]
            assert (
                np.abs(seen(pair, column + 0.5, row + 0.5) - 255 * expected) <= 2 + 255 * np.ptp(near, axis=0)
            ).all()


def test_red_green_and_blue_can_be_seen_apart(pair):
    press(pair, Qt.Key.Key_E)
    pair.run("by_channel")
    pair.until(lambda: np.abs(seen(pair, 20.5, 40.5).astype(int) - [160, 80, 160]).max() <= 3)
    pair.run("colours_magma")
    assert not pair.bench.view.look.by_channel
    pair.until(lambda: np.array_equal(pair.viewport.scene.table, table("magma")))


def test_an_ssim_map_comes_by_itself_and_goes_with_its_sides(pair):
    pair.run("difference_ssim")
    pair.until(lambda: pair.viewport.scene.errors is not None)
    expected = 1 - ssim_map(A / np.float32(255), B / np.float32(255))
    np.testing.assert_allclose(pair.viewport.scene.errors, expected, atol=2e-3)
    pair.until(lambda: np.array_equal(pair.viewport.scene.table, table("viridis")))
    index = round(min(1.0, 2 * float(expected[14, 58])) * 255)
    np.testing.assert_allclose(seen(pair, 58.5, 14.5), table("viridis")[index], atol=6)
    pair.bench.sources.pair.swap()
    pair.paint(2)
    assert pair.bench.comparison.sides[0].title == "Other"
    pair.until(
        lambda: pair.viewport._found is not None and pair.viewport._found.a is pair.bench.comparison.sides[0].pixels
    )


def test_a_flip_map_is_seen(pair):
    pytest.importorskip("flip_evaluator", reason="the extra metrics is not installed")
    from daub.codec.evaluation.flip import flip

    pair.run("difference_flip")
    pair.until(lambda: pair.viewport.scene.errors is not None)
    expected = flip(A / np.float32(255), B / np.float32(255))
    assert pair.viewport._found.mean == pytest.approx(expected, abs=1e-4)
    assert (seen(pair, 20.5, 40.5) != seen(pair, 90.5, 60.5)).any()


def test_numbers_come_into_large_pixels_on_both_sides_of_the_line(pair):
    pair.run("view_split")
    view = pair.bench.view
    view.zoom_to(48.0)
    x, y = view.camera.to_screen(48, 32)
    view.pan(view.size[0] / 2 - x, 300 - y)
    view.move_split(view.camera.to_screen(48, 32)[0])

    def ink(column: int, row: int, levels: np.ndarray) -> int:
        """How many screen pixels within a picture's pixel are of another colour."""
        x, y = (round(value) for value in view.camera.to_screen(column, row))
        cell = pair.screen()[y + 3 : y + 45, x + 3 : x + 45].astype(int)
        return int((abs(cell - levels[row, column].astype(int)).max(2) > 40).sum())

    assert ink(45, 33, A) > 40 and ink(51, 33, B) > 40
    view.zoom_to(20.0)
    x, y = (round(value) for value in view.camera.to_screen(45, 33))
    cell = pair.screen()[y + 3 : y + 17, x + 3 : x + 17].astype(int)
    assert np.ptp(cell.reshape(-1, 3), axis=0).max() == 0, "too small for numbers"


@pytest.mark.parametrize("colour", ["red", "blue", "lime", "yellow", "gray", "black", "white", "#c82828"])
def test_the_pixel_grid_is_seen_on_any_colour(driver, tmp_path, colour):
    PIL.Image.new("RGB", (40, 30), colour).save(tmp_path / "plain.png")
    driver.open(tmp_path / "plain.png")
    driver.run("cancel")
    driver.run("view_source")
    view = driver.bench.view
    view.zoom_to(24.0)
    screen, (x, y) = driver.screen() / 255.0, (round(value) for value in view.camera.to_screen(20, 15))
    light = np.where(screen <= 0.04045, screen / 12.92, ((screen + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    line, inside = light[y + 12, x], light[y + 12, x + 12]
    contrast = (max(line, inside) + 0.05) / (min(line, inside) + 0.05)
    assert contrast > 1.5


def test_linear_smooths_both_sides_and_nearest_neither(pair):
    pair.run("view_source")
    view = pair.bench.view
    view.zoom_to(30.0)
    for mode, levels in (("view_source", A), ("view_decoded", B)):
        pair.run(mode)
        x, y = (round(value) for value in view.camera.to_screen(48, 40.5))
        sharp = pair.screen()[y, x - 12 : x + 12].astype(int)
        press(pair, Qt.Key.Key_U)
        smooth = pair.screen()[y, x - 12 : x + 12].astype(int)
        press(pair, Qt.Key.Key_U)
        middle = (levels[40, 47].astype(int) + levels[40, 48]) / 2
        assert np.abs(smooth[11] - middle).max() < 12
        assert len(np.unique(smooth, axis=0)) > 12 > 6 >= len(np.unique(sharp, axis=0))


def drag(driver, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(driver.viewport, LEFT, pos=start)
    for share in (0.4, 1.0):
        QTest.mouseMove(driver.viewport, start + (end - start) * share)
    QTest.mouseRelease(driver.viewport, LEFT, pos=end)


def test_a_region_is_drawn_measured_moved_and_dropped(pair):
    press(pair, Qt.Key.Key_Q)
    region, page = pair.bench.region, pair.window.metrics
    assert region.is_on and pair.window.actions_by_name["region"].isChecked()
    drag(pair, pair.logical(10.5, 10.5), pair.logical(39.5, 49.5))
    assert region.box == Box(10, 10, 40, 50)
    parts = (levels[10:50, 10:40] / np.float32(255) for levels in (A, B))
    expected = psnr(*parts)
    pair.until(lambda: region.figures[1].psnr is not None)
    assert region.figures[1].psnr == pytest.approx(expected) and region.figures[0].is_reference
    assert page.part.cells[1][0].text() == f"{expected:.2f} dB" and page.part.cells[0][0].text() == "source"
    drag(pair, pair.logical(25, 25), pair.logical(31, 23))
    assert region.box == Box(16, 8, 46, 48)
    pair.until(lambda: not region._busy)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Escape):
        assert region.is_on
        press(pair, key)
    assert not region.is_on and region.box is None
    assert "rectangle" not in page.place.text()


def test_escape_is_the_region_s_while_its_tool_is_at_hand_and_else_the_fit_s(driver, photo):
    driver.fit(photo, steps=20_000)
    press(driver, Qt.Key.Key_Q)
    press(driver, Qt.Key.Key_Escape)
    assert not driver.bench.region.is_on and driver.workspace.fitting.is_under_way
    press(driver, Qt.Key.Key_Escape)
    driver.until(lambda: not driver.workspace.fitting.is_under_way)


def test_brush_and_region_take_each_other_s_place(pair):
    press(pair, Qt.Key.Key_Q)
    press(pair, Qt.Key.Key_B)
    assert pair.bench.painting.is_on and not pair.bench.region.is_on
    press(pair, Qt.Key.Key_Q)
    assert pair.bench.region.is_on and not pair.bench.painting.is_on


def test_the_read_out_follows_keys_that_move_the_picture(pair):
    QTest.mouseMove(pair.viewport, pair.logical(20.5, 40.5))
    pair.until(lambda: "x 20  y 40" in pair.window.status.readout.text())
    place = pair.logical(20.5, 40.5)
    press(pair, Qt.Key.Key_Plus)
    column, row = pair.bench.view.camera.pixel_at(place.x(), place.y())
    assert (column, row) != (20, 40) and f"x {column}  y {row}" in pair.window.status.readout.text()


def test_the_bar_shows_and_chooses_differences(pair):
    bar = pair.window.compare
    assert not bar.isVisible()
    press(pair, Qt.Key.Key_E)
    assert bar.isVisible() and bar.gain.words.text() == "× 8"
    bar.gain.slider.setValue(bar.gain.slider.maximum())
    assert pair.bench.view.look.gain == 64 and bar.gain.words.text() == "× 64"
    press(pair, Qt.Key.Key_E, SHIFT)
    assert bar.kinds.currentIndex() == 2 and pair.bench.view.look.difference is Difference.SQUARED
    bar.colours.setCurrentIndex(1)
    bar.colours.activated.emit(1)
    assert pair.bench.view.look.colour_map == "cividis" and bar.colours.currentText().startswith("Cividis")
    pair.run("difference_signed")
    assert bar.colours.currentText() == "Blue and red, by the sign", "what was chosen is not what is seen"
    assert bar.colours.view().isRowHidden(1)
    bar.colours.activated.emit(bar.colours.findText("Red, green, blue apart"))
    assert pair.bench.view.look.by_channel and bar.colours.currentText().startswith("Red")
    bar.colours.activated.emit(bar.colours.findText("Blue and red, by the sign"))
    assert not pair.bench.view.look.by_channel and pair.bench.view.look.colour_map == "cividis"
    pair.run("difference_absolute")
    assert bar.colours.currentText().startswith("Cividis") and not bar.colours.view().isRowHidden(1)
    press(pair, Qt.Key.Key_D)
    assert not bar.isVisible()
