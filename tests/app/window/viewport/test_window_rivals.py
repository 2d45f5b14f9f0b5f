"""Other codecs, the rate-distortion plot, the contact strip and figures in the window, by mouse and menu."""

from __future__ import annotations

import csv
import math
from types import SimpleNamespace

import PIL.Image
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from daub.app.model.fit.state import Phase
from daub.app.model.sources.source import Figures, Kind
from daub.app.window.dialogs.figure_dialog import FigureDialog
from daub.app.window.viewport.contact_tab import ContactTab, short_facts
from daub.app.window.viewport.rd_tab import RdTab

pytestmark = pytest.mark.gui

SECONDS = 90  # for a process to start and to search, on a machine that does a lot besides


@pytest.fixture
def finished(driver, photo):
    """A finished fit in a strip that is high enough for whatever it shows."""
    driver.fit(photo, gaussians=60, steps=20)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.bench.chrome.set(strip_height=220)
    return driver


def tab_of(driver, kind):
    """The tab of that class, shown."""
    tab = next(tab for tab in driver.viewport.strip.all_tabs if isinstance(tab, kind))
    driver.bench.chrome.set(strip=True, tab=tab.name)
    driver.paint(3)
    return tab


def match(driver, codec, side="a"):
    """Chooses that codec at as many bytes in the menu of a side, and waits for the row, which it gives."""
    chooser = driver.window.findChild(object, f"side_{side}")
    chooser.menu().aboutToShow.emit()
    offers = {action.menu().title(): action.menu() for action in chooser.menu().actions() if action.menu()}
    menu = offers["Other codec at as many bytes as the other side"]
    (action,) = (action for action in menu.actions() if action.text() == codec)
    before = driver.bench.sources.pair.on(side)
    action.trigger()
    driver.until(lambda: driver.bench.sources.pair.on(side) != before, SECONDS)
    return driver.bench.sources.get(driver.bench.sources.pair.on(side))


def test_a_codec_comes_to_a_side_at_as_many_bytes_and_the_status_bar_tells(finished):
    told = []
    finished.bench.jobs.changed.connect(lambda: told.append(finished.window.jobs.words.text()))
    row = match(finished, "JPEG 2000")
    result = finished.bench.sources.get(finished.bench.sources.pair.on("b"))
    assert row.kind is Kind.RIVAL and row.bytes <= result.bytes
    assert any(text.startswith(f"JPEG 2000 at as many bytes as {result.name}: ") for text in told)
    assert finished.window.jobs.isHidden(), "it is over"
    finished.run("view_source")
    x, y = 20, 12
    shown, pixel = finished.shown_at(x + 0.5, y + 0.5), finished.bench.sources.at_hand.pixels8_of(row.key)[y, x]
    assert abs(shown - pixel).max() <= 2


def test_a_match_is_given_up_by_the_button_in_the_status_bar(finished):
    finished.run("match_a_bytes_avif_speed_2")
    finished.until(lambda: finished.window.jobs.isVisible())
    QTest.mouseClick(finished.window.jobs.give_up, Qt.MouseButton.LeftButton)
    assert not finished.bench.jobs.waiting and finished.window.jobs.isHidden()
    assert not finished.bench.rivals.under_way


def click(driver, at):
    """In the strip."""
    at = QPoint(round(at[0]), round(at[1]))
    QTest.mouseMove(driver.viewport, at)
    driver.paint(2)
    QTest.mousePress(driver.viewport, Qt.MouseButton.LeftButton, pos=at)
    driver.paint(2)
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.LeftButton, pos=at)
    driver.paint(2)


def test_a_click_on_a_dot_puts_it_on_b_and_one_on_a_name_draws_its_curve(finished):
    row = match(finished, "JPEG")
    tab = tab_of(finished, RdTab)
    assert set(tab.spots) == {dot.key for dot in finished.bench.rd_plot.dots} and len(tab.spots) == 2
    click(finished, tab.spots[row.key])
    finished.until(lambda: finished.bench.sources.pair.on("b") == row.key)
    finished.paint(2)
    click(finished, tab.switches["WebP"])
    assert finished.bench.rd_plot.is_drawn("WebP")
    finished.until(lambda: not finished.bench.rd_plot.is_busy, SECONDS)
    assert len(finished.bench.rd_plot.curves["WebP"]) == 9
    finished.paint(2)
    click(finished, tab.switches["WebP"])
    assert not finished.bench.rd_plot.is_drawn("WebP")
    click(finished, tab.switches["ms_ssim"])
    assert finished.bench.rd_plot.quality.key == "ms_ssim"


def test_crops_follow_the_mouse_and_a_click_puts_one_on_b(finished):
    row = match(finished, "JPEG")
    tab = tab_of(finished, ContactTab)
    QTest.mouseMove(finished.viewport, finished.logical(30, 20))
    contact = finished.bench.contact
    finished.until(lambda: contact.entries and all(crop is not None for _, crop in contact.entries))
    assert [short_facts(each).split(" · ")[-1][-2:] for each, _ in contact.entries[1:]] == ["dB", "dB"]
    finished.until(lambda: not tab.crops.place_of(row.key).isEmpty())
    QTest.mouseClick(tab.crops, Qt.MouseButton.LeftButton, pos=tab.crops.place_of(row.key).center())
    finished.until(lambda: finished.bench.sources.pair.on("b") == row.key)


@pytest.fixture
def saves(driver, monkeypatch, tmp_path):
    """Files are written into the folder of the test, under the name that is proposed."""
    asked = []

    def ask(self, mode, title, start, filters):
        asked.append(tmp_path / start.name)
        return asked[-1]

    monkeypatch.setattr("daub.app.window.dialogs.file_dialogs.FileDialogs.ask", ask)
    return asked


def accept(dialog_class):
    """Presses Save in the next dialog of that class."""

    def look():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, dialog_class):
            dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def test_a_figure_is_chosen_and_written(finished, saves):
    accept(FigureDialog)
    finished.run("export_figure")
    (path,) = saves
    assert path.name.endswith("-figure.png")
    finished.until(path.exists, SECONDS)
    finished.workspace.finish_files()
    with PIL.Image.open(path) as page:
        assert page.width > page.height > 300


def test_the_plot_is_written_as_a_table_and_as_a_picture(finished, saves):
    finished.run("export_rd_table")
    finished.run("export_rd_plot")
    table, picture = saves
    finished.until(lambda: table.exists() and picture.exists(), SECONDS)
    finished.workspace.finish_files()
    (row,) = csv.DictReader(table.open())
    assert row["codec"] == "Daub" and int(row["bytes"]) == len(finished.state.encoded.data)
    with PIL.Image.open(picture) as page:
        assert page.size == (1200, 780)


def test_a_copy_of_the_source_is_no_different_rather_than_infinitely_good():
    row = SimpleNamespace(bytes=69_140, figures=Figures(math.inf, 1.0))
    assert short_facts(row) == "69.14 kB · no difference"
