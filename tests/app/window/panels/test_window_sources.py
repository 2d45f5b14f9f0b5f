"""The list of the sources and the choosers of the sides, by mouse, keys and menus."""

from __future__ import annotations

import PIL.Image
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from daub.app.model.fit.state import Phase
from daub.app.model.host import Leaving
from daub.app.model.rivals.rivals import CODECS
from daub.app.model.sources.source import LIVE, Kind
from daub.app.window.panels.side_chooser import _HEADINGS
from daub.app.window.panels.sources_rows import ROW, SIDES, THUMBNAIL
from daub.codec.goal import Goal

pytestmark = pytest.mark.gui


@pytest.fixture
def fitted(driver, photo):
    """With two results of the photo: result:1 and, on side B, result:2."""
    driver.fit(photo, gaussians=60, steps=10)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.workspace.change(goal=Goal("gaussians", 90))
    driver.until(lambda: len(driver.workspace.results) == 2 and driver.state.phase is Phase.FINISHED)
    return driver


@pytest.fixture
def rows(fitted):
    """The list, for which such a small window has no room of itself."""
    fitted.bench.chrome.set(sources=True)
    return fitted.window.source_list.list


def keys_of(rows) -> list[str]:
    return [rows.model().index(place).data(ROW).key for place in range(rows.model().rowCount())]


def click(rows, key: str) -> None:
    place = rows.visualRect(rows.model().index_of(key)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_shows_a_row_that_is_chosen_already_but_has_left_the_side(fitted, rows):
    first, second = (f"result:{result.state.ticket}" for result in fitted.workspace.results)
    click(rows, first)
    assert fitted.bench.sources.pair.on("b") == first
    fitted.bench.sources.pair.put(second, "b")  # as a click on a dot of the plot does
    click(rows, first)
    assert fitted.bench.sources.pair.on("b") == first


def test_rows_have_small_pictures_and_say_on_which_side_they_are(fitted, rows):
    first, second = (f"result:{result.state.ticket}" for result in fitted.workspace.results)
    picture = fitted.bench.sources.pair.on("a")
    assert keys_of(rows) == [picture, second, first]
    fitted.until(lambda: all(rows.model().index_of(key).data(THUMBNAIL) is not None for key in keys_of(rows)))
    assert [rows.model().index_of(key).data(SIDES) for key in keys_of(rows)] == ["A", "B", ""]
    small = rows.model().index_of(picture).data(THUMBNAIL)
    assert (small.width(), small.height()) == (96, 64) and small.pixelColor(10, 30).red() == 200
    assert fitted.window.choosers["b"].text().startswith("B: 90 Gauss")


def test_a_click_goes_back_to_an_earlier_result_and_exports_it(fitted, rows, tmp_path):
    first, second = fitted.workspace.results
    fitted.paint()
    draws = fitted.viewport.scene.b.gaussian_draws
    click(rows, f"result:{first.state.ticket}")
    assert fitted.bench.sources.pair.sides[1].document is first.encoded.document
    fitted.until(lambda: fitted.viewport.scene.b.gaussian_draws > draws)
    fitted.bench.exports.daub(tmp_path / "first.daub")
    fitted.until((tmp_path / "first.daub").exists)
    assert (tmp_path / "first.daub").read_bytes() == first.encoded.data
    assert fitted.workspace.settings == second.settings, "looking changes no setting"
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert fitted.workspace.settings == first.settings and fitted.state.encoded is first.encoded
    fitted.run("undo")
    assert fitted.workspace.settings == second.settings and fitted.state.encoded is second.encoded


def test_the_list_has_keys_of_its_own(fitted, rows):
    sources = fitted.bench.sources
    first, second = (f"result:{result.state.ticket}" for result in fitted.workspace.results)
    click(rows, first)
    QTest.keyClick(rows, Qt.Key.Key_A)
    assert sources.pair.on("a") == first and not fitted.bench.painting.is_on
    click(rows, second)
    QTest.keyClick(rows, Qt.Key.Key_B)
    assert (sources.pair.on("a"), sources.pair.on("b")) == (first, second) and not fitted.bench.painting.is_on
    QTest.keyClick(rows, Qt.Key.Key_Asterisk, Qt.KeyboardModifier.ShiftModifier)
    assert sources.get(second).starred
    QTest.keyClick(rows, Qt.Key.Key_F2)
    editor = rows.findChild(QLineEdit)
    QTest.keyClicks(editor, "the big one")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    fitted.until(lambda: sources.get(second).name == "the big one")
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert sources.selected == first
    click(rows, second)
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert sources.get(second) is None and second not in keys_of(rows)
    fitted.run("undo")
    assert second in keys_of(rows)


def test_the_menu_of_a_row_is_about_that_row(fitted, rows):
    first = f"result:{next(iter(fitted.workspace.results)).state.ticket}"
    rows.setFocus()
    fitted.bench.sources.select(first)
    here = QPoint(1, 1)
    QApplication.sendEvent(rows.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, here, here))
    menu = next(menu for menu in rows.findChildren(QMenu) if menu.isVisible())
    texts = [action.text().replace("&", "") for action in menu.actions() if action.text()]
    assert texts[:3] == ["Put on side A", "Put on side B", "Go back to its settings"]
    menu.close()


def test_every_kind_of_row_has_a_heading_in_the_menu_of_a_side():
    assert sorted(kind.name for kinds in _HEADINGS.values() for kind in kinds) == sorted(kind.name for kind in Kind)


def test_a_chooser_puts_any_row_on_its_side(fitted):
    sources, chooser = fitted.bench.sources, fitted.window.choosers["a"]
    first = f"result:{next(iter(fitted.workspace.results)).state.ticket}"
    chooser.menu().aboutToShow.emit()
    listed = [action for action in chooser.menu().actions() if action.isCheckable()]  # others offer other codecs
    actions = {action.text().partition("\t")[0]: action for action in listed}
    assert list(actions) == ["Source, photo.png", "90 Gaussians", "60 Gaussians"]
    assert [name for name, action in actions.items() if action.isChecked()] == ["Source, photo.png"]
    words = [action.text().partition("\t")[0] for action in chooser.menu().actions()]
    assert words[:2] == ["Picture", "Source, photo.png"] and words[2:5] == ["Results", "90 Gaussians", "60 Gaussians"]
    menus = [action.menu() for action in chooser.menu().actions() if action.menu()]
    assert [menu.title() for menu in menus] == [
        "Other codec at as many bytes as the other side", "Other codec at as good a PSNR as the other side"
    ]  # fmt: skip
    assert all([action.text() for action in menu.actions()] == list(CODECS) for menu in menus)
    actions["60 Gaussians"].trigger()
    assert sources.pair.on("a") == first and chooser.text().startswith("A: 60 Gauss")
    before = sources.pair.on("a"), sources.pair.on("b")
    QTest.keyClick(fitted.viewport, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert (sources.pair.on("b"), sources.pair.on("a")) == before


def test_a_fit_under_way_is_a_row_whose_figures_move(driver, photo):
    driver.fit(photo, steps=20_000)
    rows = driver.window.source_list.list
    index = rows.model().index_of(LIVE)
    seen = index.data(ROW).figures
    driver.until(lambda: rows.model().index_of(LIVE).data(ROW).figures != seen)
    assert rows.model().index_of(LIVE).data(SIDES) == "B"
    driver.run("cancel")


def test_rows_are_painted_anew_only_where_they_differ(fitted, rows):
    told, model, pair = [], rows.model(), fitted.bench.sources.pair
    model.dataChanged.connect(lambda *_: told.append(1))
    model.follow()
    assert not told, "nothing has changed"
    pair.swap()
    assert told, "they are on other sides"
    told.clear()
    fitted.bench.sources.rename(keys_of(rows)[-1], "mine")
    assert told


def test_files_that_are_added_become_rows_and_are_opened_from_there(fitted, rows, tmp_path):
    other, large = tmp_path / "other.png", tmp_path / "large.png"
    PIL.Image.new("RGB", (96, 64), (9, 8, 7)).save(other)
    PIL.Image.new("RGB", (30, 20), (9, 8, 7)).save(large)
    fitted.window.host.files.to_open = lambda title: [other, large]
    fitted.run("add_files")
    sources = fitted.bench.sources
    fitted.until(lambda: len([row for row in sources.rows if row.kind is Kind.FILE]) == 2)
    (key_other, key_large) = [row.key for row in sources.rows if row.kind is Kind.FILE]
    click(rows, key_other)
    assert sources.pair.on("b") == key_other and sources.pair.sides[1].pixels is not None
    fitted.until(lambda: sources.get(key_other).figures is not None)
    click(rows, key_large)
    assert sources.pair.on("b") == key_other, "it has another size"
    assert not fitted.window.toasts.lines(), "which is no fault"
    with fitted.heard(fitted.workspace.opened):
        rows.doubleClicked.emit(rows.currentIndex())
    assert fitted.workspace.picture.path == large and sources.get(key_large).kind is Kind.PICTURE
    fitted.workspace.fitting.cancel()


def test_closing_asks_once_before_results_go(open_window, photo, monkeypatch):
    asked = []

    def may_lose(names, settings, parent, of_project):
        asked.append(list(names))
        return Leaving.LEAVE if len(asked) > 1 else Leaving.STAY

    monkeypatch.setattr("daub.app.window.host.may_lose", may_lose)
    driver = open_window(asks=True)
    driver.window.close()
    assert not asked and not driver.window.isVisible(), "there is nothing to lose"
    driver = open_window(asks=True)
    driver.fit(photo, gaussians=60, steps=10)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.window.close()
    assert asked == [["60 Gaussians"]] and driver.window.isVisible()
    path = photo.with_name("out.daub")
    driver.bench.exports.daub(path)
    driver.until(lambda: not driver.workspace.results.unexported)
    driver.window.close()
    assert len(asked) == 1 and not driver.window.isVisible()


def test_the_question_can_be_switched_off(driver, monkeypatch):
    from PySide6.QtWidgets import QMessageBox

    from daub.app.window.dialogs.unexported import ASKS, may_lose

    settings, shown = driver.window._settings, []
    settings.setValue(ASKS, True)

    def answer(role, tick):
        def exec_(box):
            shown.append(box.text())
            box.checkBox().setChecked(tick)
            button = next(each for each in box.buttons() if box.buttonRole(each) == role)
            button.click()

        return exec_

    roles = QMessageBox.ButtonRole
    monkeypatch.setattr(QMessageBox, "exec", answer(roles.RejectRole, True))
    assert may_lose(["a", "b"], settings, driver.window) is Leaving.STAY and settings.value(ASKS, True, bool)
    monkeypatch.setattr(QMessageBox, "exec", answer(roles.AcceptRole, True))
    assert may_lose(["a", "b"], settings, driver.window) is Leaving.SAVE and settings.value(ASKS, True, bool)
    monkeypatch.setattr(QMessageBox, "exec", answer(roles.DestructiveRole, True))
    assert may_lose(["a"], settings, driver.window) is Leaving.LEAVE
    assert may_lose(["a"], settings, driver.window) is Leaving.LEAVE
    assert shown == [*["2 results or edits have not been exported."] * 2, "One thing has not been exported."]
    QApplication.processEvents()
