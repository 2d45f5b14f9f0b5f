"""The timeline in the window: dragged with the mouse, walked through and played by keys, and gone on from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import LIVE

pytestmark = pytest.mark.gui
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_the_timeline_is_dragged_walked_played_and_gone_on_from(driver, photo):
    driver.fit(photo, steps=60)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    view, encoded, finished = driver.viewport, driver.state.encoded, driver.screen()
    y = view.height() - driver.bench.chrome.strip_height // 2
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() - 120, y))
    for x in range(view.width() - 120, view.width() // 2, -20):
        QTest.mouseMove(view, QPoint(x, y))
        driver.paint()
    driver.until(lambda: driver.state.kept is not None and driver.state.kept.step < 50)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, y))
    step = driver.state.kept.step
    rows = driver.window.source_list.list.model()
    assert rows.index_of(LIVE).data() == f"Step {step}", "the list follows the head"
    above = slice(0, -round(view.strip.taken * view.devicePixelRatio()))
    assert (driver.screen()[above] != finished[above]).any(), "it is what is looked at"
    shown = [each.summary() for each in view.strip.all_tabs if each.name == "Timeline"]
    assert shown[0][-1] == f"Step {driver.state.kept.step}", "what is left of the line where there is next to no room"
    assert driver.window.transport.back.isVisible() and driver.window.result.size.text().startswith("~")

    QTest.keyClick(view, Qt.Key.Key_Left, CONTROL)
    driver.until(lambda: driver.state.kept.step < step)
    QTest.keyClick(view, Qt.Key.Key_End, CONTROL)
    driver.until(lambda: driver.state.encoded is encoded)
    QTest.keyClick(view, Qt.Key.Key_Space, SHIFT)
    assert driver.workspace.rewind.is_playing and driver.state.kept.step == 1
    driver.until(lambda: not driver.workspace.rewind.is_playing)
    assert driver.state.encoded is encoded

    QTest.keyClick(view, Qt.Key.Key_Home, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Return, CONTROL | SHIFT)
    driver.until(lambda: driver.state.ticket > 1 and driver.state.phase is Phase.FINISHED)
    assert driver.state.encoded.data == encoded.data, "the same settings lead to the same file"
