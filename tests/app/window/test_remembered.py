"""The next window looks like the last one, whatever the file of settings holds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QToolButton

from daub.render import threads

pytestmark = pytest.mark.gui


def test_the_furniture_is_remembered(open_window):
    driver = open_window()
    driver.window.resize(1200, 800)
    driver.bench.chrome.set(panel=False, tab="Log", strip_height=150, share=0.5)
    driver.window.close()
    again = open_window()
    chrome = again.bench.chrome
    assert (chrome.panel, chrome.tab, chrome.strip_height, chrome.share) == (False, "Log", 150, 0.5)
    assert not again.window.panel.isVisible()


def test_what_has_no_room_is_remembered_as_wanted(open_window):
    driver = open_window()
    driver.window.resize(900, 600)
    driver.until(lambda: not driver.bench.chrome.strip)
    driver.window.close()
    again = open_window()
    again.window.resize(1200, 800)
    again.until(lambda: again.bench.chrome.strip and again.bench.chrome.sources)


def test_a_core_for_other_programs_is_left_by_a_check_box_and_remembered(open_window, monkeypatch):
    monkeypatch.setattr("daub.app.model.work.cores.core_count", lambda: 4)
    try:
        driver = open_window()
        assert threads.allowed(4) == 3, "with more than two cores, unless somebody says otherwise"
        advanced = driver.window.goals.advanced
        advanced.fold.click()
        box = next(box for box in advanced.findChildren(QCheckBox) if "core" in box.text())
        driver.until(box.isVisible)
        assert box.isChecked() and "file is the same" in box.toolTip()
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
        assert threads.allowed(4) == 4 and not box.isChecked()
        driver.window.close()
        again = open_window()
        assert threads.allowed(4) == 4 and not again.window.actions_by_name["leave_core"].isChecked()
        again.run("leave_core")
        assert threads.allowed(4) == 3
    finally:
        threads.set_limit(None)


def test_colours_that_were_painted_with_are_at_hand_the_next_time(open_window, tmp_path):
    driver = open_window()
    driver.bench.brushing.recall([(0.25, 0.5, 1.0), (0.0, 0.75, 0.0)])
    driver.window.close()
    again = open_window().bench.brushing
    assert again.recent == ((0.25, 0.5, 1.0), (0.0, 0.75, 0.0)) and again.brush.colour == (0.25, 0.5, 1.0)
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("colours", '[[2, 0, 0], "red", [0.5, 0.5], [true, 0, 0], [0, 1, 0.5]]')
    settings.sync()
    assert open_window().bench.brushing.recent == ((0.0, 1.0, 0.5),), "nonsense is passed over"


@pytest.mark.parametrize("stored", ["{", "[1]", '{"strip": 3, "tab": null, "strip_height": "x", "panel": false}'])
def test_nonsense_in_the_settings_is_passed_over(open_window, tmp_path, stored):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("chrome", stored)
    settings.sync()
    chrome = open_window().bench.chrome
    assert chrome.tab == "Timeline" and chrome.strip_height == 160
    assert chrome.panel is ("panel" not in stored)


def test_in_a_narrow_window_buttons_have_no_words_and_none_is_lost_without_a_sign(open_window):
    driver = open_window()
    tools, actions = driver.window.tools, driver.window.actions_by_name
    words = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert tools.widgetForAction(actions["open_file"]).toolButtonStyle() == words
    driver.window.resize(900, 600)
    driver.until(lambda: tools.widgetForAction(actions["open_file"]).toolButtonStyle() != words)
    assert tools.widgetForAction(actions["show_panel"]).isVisible()
    driver.window.resize(driver.window.minimumSizeHint())
    more = tools.findChild(QToolButton, "qt_toolbar_ext_button")
    shown = [tools.widgetForAction(actions[name]).isVisible() for name in ("show_panel", "palette")]
    driver.until(lambda: more.isVisible() or all(shown))
    assert not more.icon().isNull() and more.width() >= 14
