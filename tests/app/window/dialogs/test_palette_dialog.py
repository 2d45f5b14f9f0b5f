"""The palette, the sheet of keys and what is said about the program, in a real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from daub.app.model.commands.commands import COMMANDS, GESTURES
from daub.app.window.dialogs.about import About
from daub.app.window.dialogs.cheat_sheet import CheatSheet
from daub.app.window.dialogs.palette import Palette

pytestmark = pytest.mark.gui


@pytest.fixture
def palette(driver) -> Palette:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(driver.viewport, Qt.Key.Key_P, both)
    driver.until(lambda: driver.window.findChild(Palette) is not None)
    return driver.window.findChild(Palette)


def texts(palette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_letters_and_enter_call_a_command(driver, palette):
    assert len(texts(palette)) == len(COMMANDS)
    QTest.keyClicks(palette.field, "dark")
    assert texts(palette)[0] == "Dark"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert driver.window.actions_by_name["appearance_dark"].isChecked()
    driver.until(lambda: driver.window.findChild(Palette) is None)


def test_what_cannot_be_called_stands_last_and_is_not_called(driver, palette):
    QTest.keyClicks(palette.field, "amplify")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1, "there are two"
    palette.field.clear()
    QTest.keyClicks(palette.field, "export .daub")
    assert palette.list.currentItem() is None
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.field.clear()
    palette.grab()
    possible = [driver.window.actions_by_name[name.name].isEnabled() for name in COMMANDS]
    flags = [bool(palette.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled) for row in range(len(COMMANDS))]
    assert flags == sorted(possible, reverse=True)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    driver.until(lambda: driver.window.findChild(Palette) is None)


def test_a_click_calls_it_too_and_nonsense_is_told(driver, palette):
    QTest.keyClicks(palette.field, "qqq")
    assert not texts(palette) and palette.none.isVisible()
    palette.field.clear()
    QTest.keyClicks(palette.field, "light")
    place = palette.list.visualItemRect(palette.list.item(0)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert driver.window.actions_by_name["appearance_light"].isChecked()
    assert QApplication.activePopupWidget() is None


def test_the_sheet_names_every_key_once_in_straight_columns(driver):
    QTest.keyClick(driver.viewport, Qt.Key.Key_F1)
    sheet = driver.window.findChild(CheatSheet)
    labels = sheet.findChildren(QLabel)
    words = [label.text() for label in labels]
    native = QKeySequence.SequenceFormat.NativeText
    for command in COMMANDS:
        if command.keys:
            assert words[words.index(command.text.rstrip("…")) - 1].startswith(
                QKeySequence(command.keys[0]).toString(native)
            )
    assert {what for _, what in GESTURES} <= set(words)
    driver.until(sheet.isVisible)
    keys = [label for label in labels if label.property("role") == "key"]
    explained = [labels[labels.index(label) + 1] for label in keys]
    lefts = {label.mapTo(sheet, QPoint()).x() for label in explained}
    assert len(lefts) == 3, "one line of explanations in each of three columns"
    for key, explanation in zip(keys, explained, strict=True):
        assert key.mapTo(sheet, QPoint(key.sizeHint().width(), 0)).x() < explanation.mapTo(sheet, QPoint()).x()
    sheet.close()


def test_about_tells_licence_device_and_versions_and_copies_them(driver):
    driver.until(lambda: driver.window.status.device.text().startswith("CPU"))
    driver.window.actions_by_name["about"].trigger()
    about = driver.window.findChild(About)
    about.copy()
    text = QGuiApplication.clipboard().text()
    for part in ("Daub 0.", "MIT", "The fit runs on the CPU", "numpy 2.", "Qt: 6.", "OpenGL: "):
        assert part in text
    assert "llvmpipe" in text or "Mesa" in text or "NVIDIA" in text
    about.close()
