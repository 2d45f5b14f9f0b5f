"""No OpenGL, or a broken one: the picture is there all the same, and a line says why."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from daub.app.model.compare.colour_maps import table
from daub.app.model.compare.difference import table_of
from daub.app.model.fit.state import Phase
from daub.app.window.viewport import opengl
from daub.app.window.viewport.rd_tab import RdTab
from daub.app.window.viewport.scene import Scene
from daub.app.window.viewport.surface import GlSurface, PlainSurface
from daub.codec import decode

pytestmark = pytest.mark.gui
RED = [200, 40, 40]


def painted(driver) -> np.ndarray:
    """(H, W, 3) int: what is painted of the picture."""
    driver.paint(2)
    image = driver.viewport.surface.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def at(driver, u: float, v: float) -> list[int]:
    """The colour at an image position."""
    x, y = driver.bench.view.camera.to_screen(u, v)
    return list(painted(driver)[round(y), round(x)])


@pytest.fixture
def plain(open_window, photo, monkeypatch):
    """A finished fit in a window of a system without OpenGL."""
    monkeypatch.setattr(opengl, "missing", lambda: "there is none here")
    driver = open_window()
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.until(lambda: _shows_the_file(driver))
    return driver


def _shows_the_file(driver) -> bool:
    """Rather than what the fit was some moments before."""
    side, levels = driver.bench.comparison.sides[1], driver.viewport.scene.b.levels
    if side is None or side.document is None or levels is None:
        return False
    return np.array_equal(driver.bench.decoded.get(side), levels)


def test_both_sides_are_painted_split_zoomed_and_moved(plain, tmp_path):
    assert isinstance(plain.viewport.surface, PlainSurface)
    plain.run("view_source")
    plain.until(lambda: at(plain, 10, 50) == RED)
    (tmp_path / "out.daub").write_bytes(plain.state.encoded.data)
    decoded = decode(tmp_path / "out.daub").astype(int)
    plain.run("view_decoded")
    plain.bench.view.zoom_to(1)
    left, top = (round(value) for value in plain.bench.view.camera.offset)
    plain.until(lambda: (painted(plain)[top : top + 64, left : left + 96][24:] == decoded[24:]).all())
    plain.run("split_middle")
    plain.bench.view.zoom_to(8)
    plain.bench.view.pan(37, 11)
    split = int(plain.bench.view.split_at)
    row = painted(plain)[400]
    u = [plain.bench.view.camera.to_image(x + 0.5, 400.5) for x in (split - 40, split + 40)]
    source = plain.workspace.picture.pixels[int(u[0][1]), int(u[0][0])]
    assert list(row[split - 40]) == list(np.round(255 * source).astype(int))
    assert list(row[split + 40]) == list(decoded[int(u[1][1]), int(u[1][0])])


def test_the_difference_is_that_of_the_pixels(plain, tmp_path):
    plain.run("view_difference")
    plain.bench.view.zoom_to(4)
    (tmp_path / "out.daub").write_bytes(plain.state.encoded.data)
    levels = abs(decode(tmp_path / "out.daub").astype(int) - np.round(255 * plain.workspace.picture.pixels))
    look = plain.bench.view.look
    place = (levels[40, 30].mean() * look.gain / 255).clip(0, 1) * 255
    colours = table(table_of(look.difference, look.colour_map))
    plain.until(lambda: np.array_equal(plain.viewport.scene.table, colours))
    beside = colours[max(round(place) - 1, 0) : round(place) + 2].astype(int)  # a colour further at most
    assert abs(np.array(at(plain, 30.5, 40.5)) - beside).max(1).min() <= 1
    seen = painted(plain)[300:600:7, 300:600:7].reshape(-1, 3)
    assert len(np.unique(seen, axis=0)) > 5, "it is not all one"


def test_one_line_says_why_and_the_strip_has_all_its_tabs(plain):
    (line,) = [entry.line for entry in plain.bench.log if "OpenGL" in entry.line]
    assert "there is none here" in line and "graphics driver" in line and "\n" not in line
    assert "painted without OpenGL" in plain.window.status.device.text()
    plain.until(lambda: "Timeline" in plain.bench.chrome.tabs)
    assert plain.bench.chrome.tabs == ("Timeline", "Rate-distortion", "Contact strip", "Histogram", "Log")


def test_gaussians_and_maps_lie_over_the_picture(plain):
    plain.run("view_decoded")
    plain.bench.view.zoom_to(6)
    bare, overlay = painted(plain), plain.bench.overlay
    QTest.keyClick(plain.viewport, Qt.Key.Key_C)
    plain.until(lambda: overlay.reading is not None and not overlay._readings.is_busy)
    plain.until(lambda: (painted(plain) != bare).any(2).sum() > 500)
    reading, drawn = overlay.reading, painted(plain)
    width, height = plain.bench.view.camera.view
    found = 0
    for place in range(len(reading.drawn) - 8, len(reading.drawn)):  # on top of all others
        x, y = (int(each) for each in plain.bench.view.camera.to_screen(*(reading.drawn.mean[place] + 0.5)))
        if 0 <= x < width and 0 <= y < height:
            expected = reading.colours[round(255 * float(reading.shares[place]))]
            found += list(drawn[y, x]) == list(expected)
    assert found >= 3, "but those that others lie on, and those under a label"
    QTest.keyClick(plain.viewport, Qt.Key.Key_C)
    plain.until(lambda: (painted(plain) == bare).all())
    plain.run("map_density")
    plain.until(lambda: overlay.map is not None)
    plain.until(lambda: (painted(plain) != bare).any(2).mean() > 0.3)
    plain.run("map_density")
    plain.until(lambda: (painted(plain) == bare).all())
    QTest.keyClick(plain.viewport, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert plain.bench.inspector.shape is not None
    plain.until(lambda: (painted(plain) != bare).any(2).sum() > 100)


def test_opengl_that_fails_later_is_done_without(open_window, photo, monkeypatch):
    driver = open_window()
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.run("view_source")
    assert isinstance(driver.viewport.surface, GlSurface) and list(driver.shown_at(10, 50)) == RED
    before = driver.screen().astype(int)

    def fail(*_):
        raise RuntimeError("err = 1280\nof the driver")

    monkeypatch.setattr(Scene, "draw", fail)
    driver.paint()
    driver.until(lambda: isinstance(driver.viewport.surface, PlainSurface))
    driver.until(lambda: at(driver, 10, 50) == RED)
    (line,) = driver.window.toasts.lines()
    assert "err = 1280 of the driver" in line
    driver.until(lambda: driver.viewport.strip.draws)
    after, strip = painted(driver), driver.viewport.height() - driver.bench.chrome.strip_height
    assert len(np.unique(before[strip:].reshape(-1, 3), axis=0)) > 50, "the timeline with its curves and figures"
    for part in (slice(0, 60), slice(strip, None)):  # the label of the picture, and the timeline
        assert abs(after[part] - before[part]).mean() < 0.2 and np.percentile(abs(after[part] - before[part]), 99.9) < 8
    driver.run("view_decoded")
    driver.until(lambda: max(abs(np.array(at(driver, 10, 50)) - RED)) < 40)


def test_a_dot_of_the_plot_and_a_bar_of_the_histogram_take_the_mouse(plain):
    plain.until(lambda: plain.viewport.strip.draws)
    QTest.keyClick(plain.viewport, Qt.Key.Key_R)
    tab = next(tab for tab in plain.viewport.strip.all_tabs if isinstance(tab, RdTab))
    plain.until(lambda: plain.paint() or bool(tab.spots))
    (key,), pair = tab.spots, plain.bench.sources.pair
    pair.put(plain.bench.sources.rows[0].key, "b")
    at_dot = QPoint(*(round(place) for place in tab.spots[key]))
    QTest.mouseMove(plain.viewport, at_dot)
    plain.paint(2)
    QTest.mousePress(plain.viewport, Qt.MouseButton.LeftButton, pos=at_dot)
    plain.paint(2)
    QTest.mouseRelease(plain.viewport, Qt.MouseButton.LeftButton, pos=at_dot)
    plain.until(lambda: pair.on("b") == key)


def test_filled_ellipses_and_the_legend_are_drawn(plain):
    plain.until(lambda: plain.viewport.strip.draws)
    plain.run("view_decoded")
    bare, overlay = painted(plain), plain.bench.overlay
    plain.run("show_filled")
    plain.until(lambda: overlay.reading is not None and not overlay._readings.is_busy)
    strip = plain.viewport.strip.y()
    plain.until(lambda: (painted(plain)[:strip] != bare[:strip]).any(2).mean() > 0.2)
    reading, drawn = overlay.reading, painted(plain)
    x, y = (round(place) for place in plain.bench.view.camera.to_screen(*(reading.drawn.mean[-1] + 0.5)))
    top = reading.colours[round(255 * float(reading.shares[-1]))].astype(int)  # over whatever lies there
    assert ((drawn[y, x] >= 0.55 * top - 2) & (drawn[y, x] <= 0.55 * top + 0.45 * 255 + 2)).all()
    corner = drawn[strip - 60 : strip - 10, 12:100] - bare[strip - 60 : strip - 10, 12:100]
    assert (corner != 0).any(2).mean() > 0.5, "the legend"


@pytest.mark.parametrize("broken", [{"QT_XCB_GL_INTEGRATION": "none"}, {"MESA_GL_VERSION_OVERRIDE": "2.1"}])
def test_a_system_without_it_is_known_before_the_window_is_black(broken):
    program = """
from PySide6.QtWidgets import QApplication
from daub.app.window.viewport.opengl import missing, request_context
request_context()
application = QApplication([])
print(missing())
"""
    run = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | broken, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.strip() and "OpenGL" in run.stdout, run.stderr
