"""Painting, smearing and blurring Gaussians in a real window, with the mouse and the keyboard, at three zooms."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.model.editing.paint_brush import Effect
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.gaussians import Gaussians

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL, NONE = (
    Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier,
)  # fmt: skip


@pytest.fixture
def desk(driver, tmp_path):
    """A .daub of 96x64 pixels is open: a red spot at (30, 32) on grey."""
    gaussians = Gaussians.build(
        [[30, 32], [48, 32]], [np.eye(2) * 9, np.eye(2) * 9000], [[0.6, -0.15, -0.15], [0.3] * 3]
    )
    drawing = Drawing(gaussians, 96, 64)
    (tmp_path / "spot.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=80)))
    driver.open(tmp_path / "spot.daub")
    driver.run("view_decoded")
    return driver


def press(driver, place) -> None:
    QTest.mousePress(driver.viewport, LEFT, NONE, driver.logical(*place))


def move(driver, place) -> None:
    point = driver.logical(*place)
    at, everywhere = QPointF(point), QPointF(driver.viewport.mapToGlobal(point))
    event = QMouseEvent(QEvent.Type.MouseMove, at, everywhere, Qt.MouseButton.NoButton, LEFT, NONE)
    QApplication.sendEvent(driver.viewport, event)


def release(driver, place) -> None:
    QTest.mouseRelease(driver.viewport, LEFT, NONE, driver.logical(*place))


def drag(driver, *places) -> None:
    press(driver, places[0])
    for place in places[1:]:
        move(driver, place)
    release(driver, places[-1])
    driver.until(lambda: not driver.bench.pending.is_busy)


def away(driver) -> None:
    """The pointer, with its ring."""
    move(driver, (2, 2))


@pytest.mark.parametrize("zoom", [None, 2.0, 8.0])
def test_a_drag_paints_and_one_key_takes_it_back(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    before = desk.shown_at(52.5, 32.5)
    QTest.keyClick(desk.viewport, Qt.Key.Key_N, SHIFT)
    brushing = desk.bench.brushing
    assert brushing.is_on and desk.window.paint.isVisible()
    brushing.choose(diameter=10, colour=(0.1, 0.3, 0.9))
    drag(desk, (46, 32), (50, 32), (56, 32))
    away(desk)
    assert np.abs(desk.shown_at(52.5, 32.5) - (26, 77, 230)).max() < 14
    assert "Undo painting" in desk.window.actions_by_name["undo"].text().replace("&", "")
    QTest.keyClick(desk.viewport, Qt.Key.Key_Z, CONTROL)
    assert np.abs(desk.shown_at(52.5, 32.5) - before).max() < 3
    QTest.keyClick(desk.viewport, Qt.Key.Key_Y, CONTROL)
    assert np.abs(desk.shown_at(52.5, 32.5) - (26, 77, 230)).max() < 14


@pytest.mark.parametrize("zoom", [None, 2.0, 8.0])
def test_a_smear_takes_the_spot_along_and_a_blur_spreads_it(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    red, there = desk.shown_at(30.5, 32.5), desk.shown_at(40.5, 32.5)
    QTest.keyClick(desk.viewport, Qt.Key.Key_M, SHIFT)
    desk.bench.brushing.choose(diameter=20)
    drag(desk, *((30.5 + step, 32.5) for step in range(13)))
    away(desk)
    assert desk.shown_at(40.5, 32.5)[0] > there[0] + 15
    desk.run("undo")
    QTest.keyClick(desk.viewport, Qt.Key.Key_U, SHIFT)
    assert desk.bench.brushing.brush.effect is Effect.BLUR
    drag(desk, (30.5, 32.5), (31.5, 32.5))
    away(desk)
    assert desk.shown_at(30.5, 32.5)[0] < red[0] - 10


def test_a_stroke_is_seen_while_the_button_is_down(desk):
    desk.run("tool_paint")
    desk.bench.brushing.choose(diameter=12, colour=(0.0, 0.9, 0.0))
    press(desk, (60, 32))
    move(desk, (64, 32))
    desk.until(lambda: not desk.bench.brushing.trails)
    seen = desk.shown_at(62.5, 34.5)
    assert seen[1] > 180 and seen[0] < 60
    desk.viewport.setFocus()
    QTest.keyClick(desk.viewport, Qt.Key.Key_Escape)  # gives it up, and keeps the brush
    assert desk.bench.brushing.is_on and desk.bench.editing.seen is desk.bench.editing.population
    release(desk, (64, 32))
    QTest.keyClick(desk.viewport, Qt.Key.Key_Escape)
    assert not desk.bench.brushing.is_on and not desk.window.paint.isVisible()


def test_the_bar_sets_the_brush(desk, monkeypatch):
    desk.run("tool_paint")
    bar, brushing = desk.window.paint, desk.bench.brushing
    bar.strength.slider.setValue(40)
    bar.hardness.slider.setValue(90)
    bar.size.slider.setValue(120)
    assert (brushing.brush.strength, brushing.brush.hardness) == (0.4, 0.9) and brushing.brush.diameter > 100
    before = brushing.brush.diameter
    QTest.keyClick(desk.viewport, "}")
    assert brushing.brush.diameter > before and bar.size.words.text() == f"{brushing.brush.diameter:.0f} px"
    monkeypatch.setattr("daub.app.window.host.ask_for_colour", lambda *_: (0.2, 0.4, 0.6))
    desk.run("brush_colour")
    assert brushing.brush.colour == (0.2, 0.4, 0.6)
    bar.recent[2].trigger()
    assert brushing.brush.colour == brushing.recent[2]
    desk.run("tool_smear")
    assert not bar.hardness.slider.isEnabled() and not desk.window.actions_by_name["brush_colour"].isEnabled()
    assert not bar.recent[0].isEnabled()
