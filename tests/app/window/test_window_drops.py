"""What is dropped on the window: on which part of it decides what becomes of it."""

from __future__ import annotations

import PIL.Image
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from stages import golden

from daub.app.model.fit.state import Phase
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.sources.source import Kind
from daub.app.window.panels.sources_rows import MIME

pytestmark = pytest.mark.gui

HOW = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files(*paths) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag(driver, data: QMimeData, part, across: float) -> QPoint:
    """Over a part of the window, at such a share of its width; where that is."""
    at = part.mapTo(driver.window, QPoint(round(across * part.width()), part.height() // 2))
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, *HOW)
    QApplication.sendEvent(driver.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(driver.window, QDragMoveEvent(at, Qt.DropAction.CopyAction, data, *HOW))
    return at


def drop(driver, data: QMimeData, part, across: float) -> None:
    at = drag(driver, data, part, across)
    QApplication.sendEvent(driver.window, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, *HOW))


@pytest.fixture
def other(tmp_path):
    """As large as the photo."""
    path = tmp_path / "other.png"
    PIL.Image.new("RGB", (96, 64), (9, 90, 7)).save(path)
    return path


def kinds(driver) -> dict[str, Kind]:
    return {row.name: row.kind for row in driver.bench.sources.rows if row.kind in (Kind.PICTURE, Kind.FILE)}


def test_of_several_files_the_first_is_opened_and_the_others_are_sources(driver, photo, other, tmp_path):
    daub, broken = tmp_path / "small.daub", tmp_path / "broken.png"
    daub.write_bytes(golden("photo"))
    broken.write_bytes(b"no picture")
    driver.workspace.change(steps=20_000)
    with driver.heard(driver.workspace.opened):
        drop(driver, files(photo, other, broken, daub), driver.viewport, 0.5)
    driver.until(lambda: len(kinds(driver)) == 3)
    assert kinds(driver) == {"photo.png": Kind.PICTURE, "other.png": Kind.FILE, "small.daub": Kind.FILE}
    driver.until(lambda: any("broken.png" in line for line in driver.window.toasts.lines()))
    assert driver.workspace.picture.path == photo and driver.workspace.fitting.is_under_way
    driver.run("cancel")


def test_while_something_is_dragged_it_is_shown_where_it_can_be_dropped(driver, photo, other):
    driver.fit(photo, steps=5)
    overlays = driver.window.drops._overlays
    drag(driver, files(other), driver.viewport, 0.9)
    shown = overlays[driver.viewport]
    assert shown.isVisible() and shown._under.words == "Put on side B"
    assert [zone.words for zone in shown._zones] == ["Put on side A", "Open", "Put on side B"]
    foot = driver.viewport.height() - driver.viewport.strip.taken
    assert driver.viewport.strip.taken > 20 and {zone.area.bottom() for zone in shown._zones} == {foot - 1}
    QApplication.sendEvent(driver.window, QDragLeaveEvent())
    assert not shown.isVisible()


def test_a_row_of_another_size_is_told_so_before_it_is_dropped(driver, photo, tmp_path):
    PIL.Image.new("RGB", (30, 20)).save(tmp_path / "small.png")
    driver.fit(photo, steps=5)
    driver.bench.sources.add([FileOrigin(tmp_path / "small.png")])
    driver.until(lambda: len(kinds(driver)) == 2 and not driver.workspace.opening.is_reading)
    small = next(row for row in driver.bench.sources.rows if row.name == "small.png")
    data = QMimeData()
    data.setData(MIME, small.key.encode())
    drag(driver, data, driver.viewport, 0.9)
    (zone,) = driver.window.drops._overlays[driver.viewport]._zones
    assert zone.words.startswith("Of another size")
    data.setData(MIME, driver.bench.sources.pair.on("a").encode())
    drag(driver, data, driver.viewport, 0.9)
    words = [zone.words for zone in driver.window.drops._overlays[driver.viewport]._zones]
    assert words == ["Put on side A", "Put on side B"]
    QApplication.sendEvent(driver.window, QDragLeaveEvent())


def test_a_file_that_is_dropped_on_a_side_is_compared_and_what_is_open_stays(driver, photo, other):
    driver.fit(photo, steps=5)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    sources = driver.bench.sources
    drop(driver, files(other), driver.viewport, 0.1)
    driver.until(lambda: sources.get(sources.pair.on("a")).name == "other.png")
    assert driver.workspace.picture.path == photo and driver.state.encoded is not None
    driver.run("view_source")
    assert list(driver.shown_at(40, 30)) == [9, 90, 7]
    driver.bench.chrome.set(sources=True)
    drop(driver, files(other), driver.window.source_list, 0.5)
    driver.until(lambda: not driver.workspace.opening.is_reading)
    assert list(kinds(driver)) == ["photo.png", "other.png"], "it is there already"


def test_beside_a_daub_an_image_becomes_its_reference(driver, tmp_path):
    daub = tmp_path / "photo.daub"
    daub.write_bytes(golden("photo"))
    driver.open(daub)
    picture, sources = driver.workspace.picture, driver.bench.sources
    assert not driver.bench.view.compares and sources.pair.sides[0] is None
    image = tmp_path / "image.png"
    PIL.Image.new("RGB", (picture.width, picture.height), (200, 60, 7)).save(image)
    drop(driver, files(image), driver.viewport, 0.1)
    driver.until(lambda: sources.pair.sides[0] is not None)
    assert sources.pair.sides[0].title == "Source" and driver.bench.view.compares
    driver.until(lambda: sources.get(sources.pair.on("b")).figures is not None)
    figures = sources.get(sources.pair.on("b")).figures
    assert 3 < figures.psnr < 20 and 0 <= figures.ms_ssim < 1
    assert f"{figures.psnr:.2f} dB" in sources.pair.sides[1].label and not driver.workspace.fitting.is_under_way


def test_a_row_is_dragged_onto_a_side(driver, photo):
    driver.fit(photo, steps=5)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    sources, data = driver.bench.sources, QMimeData()
    a, b = sources.pair.on("a"), sources.pair.on("b")
    data.setData(MIME, b.encode())
    drop(driver, data, driver.viewport, 0.2)
    assert (sources.pair.on("a"), sources.pair.on("b")) == (b, a)


def test_what_is_no_file_here_is_told(driver):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    drop(driver, data, driver.viewport, 0.5)
    (line,) = driver.window.toasts.lines()
    assert "example.org cannot be opened" in line and "no file on this computer" in line
