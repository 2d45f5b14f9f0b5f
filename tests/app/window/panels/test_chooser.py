"""The button that says what is on a side."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from daub.app.window.panels.chooser import Chooser

pytestmark = pytest.mark.gui


def test_a_long_name_keeps_both_its_ends_and_is_told_whole(qtbot):
    chooser = Chooser("side_a", "A", lambda menu: None)
    qtbot.addWidget(chooser)
    name = "salt & pepper " + "x" * 80 + " end.png"
    chooser.tell(name)
    text = chooser.text()
    assert text.startswith("A: salt && pe") and "…" in text and text.endswith(".png")
    assert QFontMetrics(chooser.font()).horizontalAdvance(text) <= chooser.maximumWidth()
    assert name in chooser.toolTip() and chooser.accessibleName() == f"Side A: {name}"
    chooser.tell(None)
    assert (chooser.text(), chooser.toolTip(), chooser.accessibleName()) == ("A: nothing", "Side A", "Side A: nothing")


def test_the_menu_is_filled_anew_each_time(qtbot):
    entries = ["one", "two"]
    chooser = Chooser("side_b", "B", lambda menu: [menu.addAction(entry) for entry in entries])
    qtbot.addWidget(chooser)
    for _ in range(2):
        chooser.menu().aboutToShow.emit()
        assert [action.text() for action in chooser.menu().actions()] == entries
    entries.pop()
    chooser.menu().aboutToShow.emit()
    assert [action.text() for action in chooser.menu().actions()] == ["one"]
