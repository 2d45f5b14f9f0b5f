"""Editing Gaussians in a real window, with the mouse and the keyboard, at three zooms."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from daub.app.model.editing.frame import CORNERS
from daub.app.model.editing.gestures import Kind
from daub.app.window.viewport.edit_marks import marks_of
from daub.codec import container
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.gaussians import Gaussians

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL, NONE = (
    Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier,
)  # fmt: skip
PLACES = [(20, 16), (44, 16), (20, 44), (70, 44)]


@pytest.fixture
def desk(driver, tmp_path):
    """A .daub of 96x64 pixels with four Gaussians is open."""
    four = Gaussians.build(PLACES, [np.eye(2) * 9] * 4, [[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9], [0.8] * 3])
    drawing = Drawing(four, 96, 64)
    (tmp_path / "four.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=70)))
    driver.open(tmp_path / "four.daub")
    return driver


def drag(driver, *places, modifiers=NONE) -> None:
    points = [driver.logical(u + 0.5, v + 0.5) for u, v in places]
    QTest.mousePress(driver.viewport, LEFT, modifiers, points[0])
    for point in points[1:]:
        move(driver, point, modifiers)
    QTest.mouseRelease(driver.viewport, LEFT, modifiers, points[-1])


def move(driver, point, modifiers) -> None:
    """As QTest's, which knows no keys."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    at, everywhere = QPointF(point), QPointF(driver.viewport.mapToGlobal(point))
    event = QMouseEvent(QEvent.Type.MouseMove, at, everywhere, Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(driver.viewport, event)


def selected(driver) -> set[tuple[int, int]]:
    population = driver.bench.editing.population
    return {tuple(place) for place in np.rint(population.gaussians.mean[population.selected]).astype(int).tolist()}


def means(driver) -> set[tuple[int, int]]:
    return {tuple(place) for place in np.rint(driver.bench.editing.population.gaussians.mean).astype(int).tolist()}


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
def test_a_rectangle_selects_adds_takes_away_and_keeps(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    QTest.keyClick(desk.viewport, Qt.Key.Key_R, SHIFT)
    assert desk.bench.edit_tool.kind is Kind.RECTANGLE and desk.bench.edit_tool.is_on
    drag(desk, (10, 8), (52, 24))
    assert selected(desk) == {(20, 16), (44, 16)}
    drag(desk, (10, 36), (30, 52), modifiers=SHIFT)
    assert selected(desk) == {(20, 16), (44, 16), (20, 44)}
    drag(desk, (36, 8), (52, 24), modifiers=CONTROL)
    assert selected(desk) == {(20, 16), (20, 44)}
    drag(desk, (10, 36), (80, 52), modifiers=SHIFT | CONTROL)
    assert selected(desk) == {(20, 44)}
    QTest.keyClick(desk.viewport, Qt.Key.Key_Z, CONTROL)
    assert selected(desk) == {(20, 16), (20, 44)}


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
def test_lasso_brush_and_click_select(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    desk.run("tool_lasso")
    drag(desk, (12, 8), (28, 8), (28, 52), (12, 52))
    assert selected(desk) == {(20, 16), (20, 44)}
    desk.run("tool_select_brush")
    desk.bench.edit_tool.diameter = 6
    drag(desk, (40, 16), (46, 16))
    assert selected(desk) == {(44, 16)}
    desk.run("tool_rectangle")
    drag(desk, (70, 44))
    assert selected(desk) == {(70, 44)}
    drag(desk, (90, 4))
    assert selected(desk) == set()


def click(driver, u: float, v: float, modifiers=NONE) -> None:
    drag(driver, (u, v), modifiers=modifiers)


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
@pytest.mark.parametrize("ends", ["first corner", "double click", "Enter"])
def test_clicks_set_the_corners_of_a_polygon(desk, zoom, ends):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    QTest.keyClick(desk.viewport, Qt.Key.Key_P, SHIFT)
    corners = [(12, 8), (52, 8), (52, 24), (12, 24)]
    for corner in corners:
        click(desk, *corner)
    click(desk, 40, 40)
    QTest.keyClick(desk.viewport, Qt.Key.Key_Backspace)
    assert len(desk.bench.edit_tool.path) == 4
    if ends == "first corner":
        click(desk, 12, 8)
    elif ends == "Enter":
        QTest.keyClick(desk.viewport, Qt.Key.Key_Return)
    else:
        place = desk.logical(12.5, 24.5)
        QTest.mouseDClick(desk.viewport, LEFT, NONE, place)
    assert selected(desk) == {(20, 16), (44, 16)} and not desk.bench.edit_tool.is_busy
    for corner in ((12, 36), (28, 36), (20, 52)):
        click(desk, *corner, modifiers=SHIFT if corner == (12, 36) else NONE)
    QTest.keyClick(desk.viewport, Qt.Key.Key_Return)
    assert selected(desk) == {(20, 16), (44, 16), (20, 44)}


def test_a_polygon_is_given_up(desk):
    desk.run("tool_polygon")
    for corner in ((12, 8), (52, 8), (52, 24)):
        click(desk, *corner)
    QTest.keyClick(desk.viewport, Qt.Key.Key_Escape)
    assert not desk.bench.edit_tool.is_busy and selected(desk) == set() and desk.bench.edit_tool.is_on
    click(desk, 12, 8)
    QTest.keyClick(desk.viewport, Qt.Key.Key_Backspace)
    assert not desk.bench.edit_tool.is_busy
    QTest.mouseDClick(desk.viewport, LEFT, NONE, desk.logical(20, 16))
    assert desk.workspace.history.undo_label.startswith("beginning")


@pytest.mark.parametrize("tool", ["tool_rectangle", "tool_lasso", "tool_select_brush"])
def test_a_shape_is_drawn_under_the_hand(desk, tool):
    desk.run(tool)
    before, surface = desk.screen(), desk.viewport.surface
    points = [desk.logical(u, v) for u, v in ((10, 8), (30, 50), (60, 50))]
    QTest.mousePress(desk.viewport, LEFT, NONE, points[0])
    for point in points[1:]:
        move(desk, point, NONE)
    assert np.abs(desk.screen().astype(int) - before).max() > 60
    QTest.mouseRelease(desk.viewport, LEFT, NONE, points[-1])
    desk.paint()
    assert desk.viewport.surface is surface  # nothing has broken


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
def test_a_drag_and_arrow_keys_move_what_is_selected(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    QTest.keyClick(desk.viewport, Qt.Key.Key_V)
    drag(desk, (20, 16), (26, 16), (30, 20))
    assert means(desk) == {(30, 20), (44, 16), (20, 44), (70, 44)}
    QTest.keyClick(desk.viewport, Qt.Key.Key_Right)
    QTest.keyClick(desk.viewport, Qt.Key.Key_Down, SHIFT)
    assert means(desk) == {(31, 30), (44, 16), (20, 44), (70, 44)}
    QTest.keyClick(desk.viewport, Qt.Key.Key_Z, CONTROL)  # both nudges
    QTest.keyClick(desk.viewport, Qt.Key.Key_Z, CONTROL)
    assert means(desk) == set(PLACES)


def test_handles_scale_and_the_knob_turns(desk):
    from daub.app.model.editing.frame import Grip
    from daub.app.window.viewport.edit_marks import places_of

    desk.run("select_all")
    desk.run("tool_move")
    frame, view = desk.bench.edit_tool.frame, desk.bench.view
    (left, top), (right, bottom) = (frame.left, frame.top), (frame.right, frame.bottom)
    drag(desk, (right - 0.5, bottom - 0.5), ((left + right) / 2 - 0.5, (top + bottom) / 2 - 0.5))
    after = desk.bench.edit_tool.frame
    assert abs((after.right - after.left) / (right - left) - 0.5) < 0.03
    knob = places_of(after, view.camera, view.scale)[Grip.TURN]
    u, v = view.camera.to_image(*knob)
    middle = after.middle
    drag(desk, (u - 0.5, v - 0.5), (middle[0] + 20, middle[1] - 20), (middle[0] + 30, middle[1] - 0.5), modifiers=SHIFT)
    turned = desk.bench.edit_tool.frame
    assert abs((turned.right - turned.left) - (after.bottom - after.top)) < 0.5
    assert desk.workspace.history.undo_label.startswith("turning 4 Gaussians")


def test_delete_duplicate_hide_and_what_is_seen(desk):
    shown = desk.shown_at(20.5, 16.5)
    desk.run("tool_rectangle")
    drag(desk, (10, 8), (30, 24))
    marked = desk.shown_at(20.5, 16.5)
    assert abs(marked - shown).sum() > 30  # a dot in another colour
    desk.viewport.setFocus()
    QTest.keyClick(desk.viewport, Qt.Key.Key_Delete)
    assert len(desk.bench.editing.population) == 3
    assert desk.shown_at(20.5, 16.5).sum() < 30
    desk.run("undo")
    QTest.keyClick(desk.viewport, Qt.Key.Key_D, CONTROL)
    assert means(desk) == {*PLACES, (30, 26)} and selected(desk) == {(30, 26)}
    desk.run("hide")
    assert desk.bench.editing.count == 0 and len(desk.bench.editing.population.written()) == 4
    desk.run("show_all_gaussians")
    assert len(desk.bench.editing.population.written()) == 5


def test_space_moves_the_picture_with_a_tool_at_hand(desk):
    desk.run("tool_rectangle")
    before = desk.bench.view.camera.offset
    QTest.keyPress(desk.viewport, Qt.Key.Key_Space)
    drag(desk, (20, 16), (30, 16), (40, 26))
    QTest.keyRelease(desk.viewport, Qt.Key.Key_Space)
    assert desk.bench.view.camera.offset != before and desk.bench.editing.session is None
    QTest.keyClick(desk.viewport, Qt.Key.Key_Escape)
    assert not desk.bench.edit_tool.is_on


def test_copied_gaussians_are_pasted_and_all_is_undone_to_the_same_bytes(desk):
    row = desk.bench.sources.pair.on("b")
    before = desk.bench.sources.pair.sides[1].gaussians.parameters.copy()
    desk.run("select_all")
    desk.run("copy_decoded")
    desk.run("paste")
    assert len(desk.bench.editing.population) == 8 and desk.bench.editing.count == 4
    desk.run("flip_horizontally")
    desk.run("delete_gaussians")
    while desk.workspace.history.next_undo is not None:
        desk.run("undo")
    assert desk.bench.sources.pair.on("b") == row
    assert np.array_equal(desk.bench.sources.pair.sides[1].gaussians.parameters, before)


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
def test_what_was_copied_is_laid_over_the_picture_under_the_pointer(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    desk.run("tool_lasso")
    drag(desk, (13, 9), (27, 9), (27, 23), (13, 23))
    QTest.keyClick(desk.viewport, Qt.Key.Key_C, CONTROL)
    red = colour_under(desk, (20, 16))
    QTest.mouseMove(desk.viewport, desk.logical(44.5, 16.5))  # over the green one
    desk.paint()
    QTest.keyClick(desk.viewport, Qt.Key.Key_V, CONTROL | Qt.KeyboardModifier.AltModifier)
    desk.until(lambda: not desk.bench.pending.is_busy)
    assert np.abs(colour_under(desk, (44, 16)) - red).max() < 0.1
    assert all(np.hypot(x - 44, y - 16) < 8 for x, y in selected(desk)) and selected(desk)


def test_a_layer_is_changed_in_the_list_and_its_row_stays(desk):
    from PySide6.QtCore import QPoint
    from shiboken6 import isValid

    desk.run("tool_rectangle")
    drag(desk, (8, 4), (32, 28))
    desk.run("group")
    desk.bench.chrome.show_page("Edit")
    rows = desk.window.edit.groups.list
    item = rows.topLevelItem(0)
    for column, value in ((0, "hat"), (3, "50 %"), (3, "much")):
        item.setText(column, value)
    for column in (1, 2, 2, 1, 1):  # as a click on its box does
        box = rows.visualItemRect(item)
        left = rows.columnViewportPosition(column)
        checked = item.checkState(column)
        for x in range(left + 2, left + rows.columnWidth(column), 3):
            QTest.mouseClick(rows.viewport(), LEFT, NONE, QPoint(x, box.center().y()))
            if item.checkState(column) != checked:
                break
        assert isValid(item) and item.checkState(column) != checked
    (group,) = desk.bench.editing.population.groups
    assert (group.name, group.strength, group.visible, group.locked) == ("hat", 0.5, False, False)
    for _ in range(3):
        QTest.keyClick(desk.viewport, Qt.Key.Key_Z, CONTROL)
    assert isValid(item) and rows.topLevelItem(0) is item
    (group,) = desk.bench.editing.population.groups
    assert (group.visible, group.locked) == (False, True)
    assert (item.checkState(1), item.checkState(2)) == (Qt.CheckState.Unchecked, Qt.CheckState.Checked)
    desk.window.edit.groups.ungroup.click()
    assert rows.topLevelItemCount() == 0


def test_the_page_says_how_many_a_refit_adds(desk):
    desk.window.edit.fits.more.setValue(12)
    assert desk.bench.refitting.more == 12
    desk.window.edit.fits.more.setValue(1_000_000)
    assert desk.bench.refitting.more == desk.window.edit.fits.more.value() == 100_000


def test_the_edited_file_is_written(desk, tmp_path):
    desk.run("tool_rectangle")
    drag(desk, (10, 8), (30, 24))
    desk.run("delete_gaussians")
    target = tmp_path / "edited.daub"
    desk.bench.exports.daub(target)
    desk.until(target.exists)
    written = container.read(target.read_bytes())
    assert {tuple(place) for place in np.rint(written.gaussians.mean).astype(int).tolist()} == set(PLACES[1:])


@pytest.mark.parametrize("suffix", [".npz", ".svg"])
def test_a_key_writes_what_is_selected(desk, tmp_path, monkeypatch, suffix):
    target = tmp_path / f"part{suffix}"
    monkeypatch.setattr(desk.window.host.files, "ask", lambda *_: target)
    desk.run("tool_rectangle")
    drag(desk, (8, 4), (32, 28))
    QTest.keyClick(desk.viewport, Qt.Key.Key_E, CONTROL | Qt.KeyboardModifier.AltModifier)
    desk.until(
        lambda: any(line.startswith(f"Saved part{suffix}: 1 Gaussian, ") for line in desk.window.toasts.lines()), 20
    )
    assert target.exists()


def test_a_long_export_says_how_far_it_is_and_is_given_up_with_a_click(desk, monkeypatch):
    monkeypatch.setattr("daub.app.model.output.slow_files._EVERY", 0.0)
    slow, line, going_on, told = desk.bench.exports.slow, desk.window.writing, threading.Event(), []

    def work(report) -> None:
        report(0.25)
        report(0.25)
        going_on.wait(120)
        report(0.5)

    slow.write("part.svg", work, told.append, told.append)
    desk.until(lambda: line.isVisible() and line.words.text() == "Writing part.svg: 25 %", 20)
    QTest.mouseClick(line.give_up, LEFT)
    going_on.set()
    desk.until(lambda: not line.isVisible(), 20)
    assert not told


def test_what_a_file_waits_for_is_told_and_a_click_gives_the_file_up(desk, tmp_path):
    desk.window.host.files.to_save = lambda *_: tmp_path / "painted.daub"
    desk.run("tool_paint")
    QTest.mousePress(desk.viewport, LEFT, NONE, desk.logical(30, 30))
    desk.run("export_daub")  # by its key, with the button down
    line = desk.window.waiting
    assert line.words.text() == "Making 1 edit, then writing painted.daub" and not line.isHidden()
    QTest.mouseClick(line.give_up, LEFT)
    assert line.isHidden() and not desk.bench.unfinished.words
    QTest.mouseRelease(desk.viewport, LEFT, NONE, desk.logical(30, 30))
    desk.until(lambda: not desk.bench.pending.is_busy)
    assert desk.bench.workspace.history.undo_label.startswith("painting ") and not (tmp_path / "painted.daub").exists()


def test_a_slider_shows_a_hue_before_it_is_done_and_goes_back(desk):
    desk.run("tool_rectangle")
    drag(desk, (8, 4), (32, 28))
    sliders = desk.window.edit.colour
    hue, position = sliders.sliders["Hue"], desk.workspace.history.position
    red = desk.bench.editing.population.gaussians.value_at(20, 16)
    hue.setSliderDown(True)
    for value in (20, 70, 120):
        hue.setValue(value)
    desk.until(lambda: desk.bench.editing.seen is not desk.bench.editing.population)
    assert desk.workspace.history.position == position
    hue.setSliderDown(False)  # as a release of the button does
    desk.until(lambda: not desk.bench.pending.is_busy)
    after = desk.bench.editing.population.gaussians.value_at(20, 16)
    assert red.argmax() == 0 and after.argmax() == 1 and hue.value() == 0
    assert desk.workspace.history.position == position + 1
    for _ in range(3):
        hue.triggerAction(hue.SliderAction.SliderPageStepAdd)  # as a key does: all three are one edit
    desk.until(lambda: desk.workspace.history.position == position + 2 and hue.value() == 0, 20)
    desk.until(lambda: not desk.bench.pending.is_busy)
    assert desk.workspace.history.position == position + 2


def test_the_slider_of_strength_is_about_gaussians_though_a_shape_was_drawn(desk):
    desk.run("tool_rectangle")
    drag(desk, (8, 4), (32, 28))
    strength, count = desk.window.edit.colour.sliders["Strength"], len(desk.bench.editing.population)
    before = colour_under(desk, (20, 16))
    strength.setSliderDown(True)
    strength.setValue(50)
    desk.until(lambda: desk.bench.editing.seen is not desk.bench.editing.population)
    strength.setSliderDown(False)
    desk.until(lambda: not desk.bench.pending.is_busy)
    assert np.allclose(colour_under(desk, (20, 16)), 0.5 * before, atol=0.01)
    assert len(desk.bench.editing.population) == count and strength.value() == 100


@pytest.mark.parametrize("ends", ["accept", "reject"])
def test_a_colour_is_tried_in_its_dialog(desk, ends):
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QColorDialog

    desk.run("tool_rectangle")
    drag(desk, (8, 4), (32, 28))
    position = desk.workspace.history.position
    desk.window.edit.colour.pick.click()
    (dialog,) = desk.window.findChildren(QColorDialog)
    for colour in ("#2040d0", "#20b040"):
        dialog.setCurrentColor(QColor(colour))
    desk.until(lambda: desk.bench.editing.seen is not desk.bench.editing.population)
    getattr(dialog, ends)()
    desk.until(lambda: not desk.bench.pending.is_busy)
    shown = desk.bench.editing.seen.gaussians.value_at(20, 16)
    assert shown.argmax() == (1 if ends == "accept" else 0)
    assert desk.workspace.history.position == position + (ends == "accept")


def colour_under(driver, place: tuple[int, int]) -> np.ndarray:
    return driver.bench.editing.population.gaussians.value_at(*place)


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
def test_the_eyedropper_gives_the_colour_there_to_what_is_selected(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    desk.run("tool_rectangle")
    drag(desk, (10, 8), (30, 24))
    QTest.keyClick(desk.viewport, Qt.Key.Key_Y, SHIFT)
    wanted, before = colour_under(desk, (44, 16)), colour_under(desk, (20, 44))
    click(desk, 44, 16)
    desk.until(lambda: desk.workspace.history.undo_label.startswith("giving #"), 20)
    assert np.abs(colour_under(desk, (20, 16)) - wanted).max() < 0.03
    assert np.abs(colour_under(desk, (20, 44)) - before).max() < 1e-6
    assert np.abs(np.array(desk.bench.brushing.brush.colour) - wanted).max() < 0.01
    QTest.keyClick(desk.viewport, Qt.Key.Key_Z, CONTROL)
    assert colour_under(desk, (20, 16))[0] > 0.8


def test_the_eyedropper_begins_no_edit_where_nothing_is_selected(desk):
    desk.run("tool_eyedropper")
    click(desk, 44, 16)
    assert desk.bench.brushing.brush.colour[1] > 0.8 and desk.bench.editing.session is None
    before = desk.bench.brushing.brush.colour
    desk.bench.view.zoom_to(2.0)
    click(desk, -6, 16)  # beside the picture
    assert desk.bench.brushing.brush.colour == before


@pytest.mark.parametrize("zoom", [None, 2.0, 6.0])
def test_a_click_selects_what_has_the_colour_there(desk, zoom):
    if zoom is not None:
        desk.bench.view.zoom_to(zoom)
    QTest.keyClick(desk.viewport, Qt.Key.Key_W, SHIFT)
    click(desk, 20, 16)
    desk.until(lambda: selected(desk) == {(20, 16)}, 20)
    click(desk, 70, 44, modifiers=SHIFT)
    desk.until(lambda: selected(desk) == {(20, 16), (70, 44)})
    click(desk, 20, 16, modifiers=CONTROL)
    desk.until(lambda: selected(desk) == {(70, 44)})


def test_what_was_selected_before_is_selected_again(desk):
    desk.run("tool_rectangle")
    assert desk.bench.editing.last is None
    drag(desk, (10, 8), (30, 24))
    QTest.keyClick(desk.viewport, Qt.Key.Key_Right)  # moves the picture, not the selection
    desk.run("select_none")
    assert selected(desk) == set()
    QTest.keyClick(desk.viewport, Qt.Key.Key_A, CONTROL | Qt.KeyboardModifier.AltModifier)
    assert selected(desk) == {(20, 16)}
    desk.bench.view.fit()
    drag(desk, (60, 36), (80, 52))
    desk.run("delete_gaussians")  # nothing of it is left: what comes back is the one before
    assert len(desk.bench.editing.population) == 3
    desk.run("select_last")
    assert selected(desk) == {(20, 16)}
    desk.run("duplicate")
    desk.run("select_last")
    assert selected(desk) == {(20, 16)}


def test_page_keys_move_what_has_the_keyboard_and_otherwise_the_row_on_side_b(desk):
    """They changed the rows under the slider that had them."""
    desk.bench.editing.begin()
    QTest.keyClick(desk.viewport, Qt.Key.Key_A, CONTROL)
    pair, edited = desk.bench.sources.pair, desk.bench.sources.pair.on("b")
    hue, more = desk.window.edit.colour.sliders["Hue"], desk.window.edit.fits.more
    desk.bench.chrome.show_page("Edit")
    for field, key, sign in ((hue, Qt.Key.Key_PageUp, 1), (more, Qt.Key.Key_PageUp, 1), (hue, Qt.Key.Key_PageDown, -1)):
        field.setFocus()
        before = field.value()
        QTest.keyClick(field, key)
        assert sign * (field.value() - before) > 0 and pair.on("b") == edited
        desk.until(lambda: not desk.bench.pending.is_busy)
    desk.viewport.setFocus()
    QTest.keyClick(desk.viewport, Qt.Key.Key_PageUp)
    assert pair.on("b") != edited


def test_the_frame_goes_along_while_it_is_pulled(desk):
    QTest.keyClick(desk.viewport, Qt.Key.Key_V)
    click(desk, 20, 16)
    tool = desk.bench.edit_tool
    before = [tool.frame.at(grip) for grip in CORNERS]
    start, end = (desk.logical(u, v) for u, v in ((20.5, 16.5), (32.5, 22.5)))
    QTest.mousePress(desk.viewport, LEFT, NONE, start)
    for share in (0.5, 1.0):
        move(desk, start + share * (end - start), NONE)
    assert tool.frame is None
    np.testing.assert_allclose(np.array(tool.pulled) - before, np.tile([12, 6], (4, 1)), atol=1)
    assert marks_of(tool, desk.bench.view.camera, 1.0).closed
    QTest.mouseRelease(desk.viewport, LEFT, NONE, end)
    assert not tool.pulled and tool.frame is not None


def test_the_bytes_of_a_selection_are_those_that_it_has_cost(desk):
    editing = desk.bench.editing
    QTest.keyClick(desk.viewport, Qt.Key.Key_R, SHIFT)
    drag(desk, (10, 6), (30, 26))
    document = editing.session.document
    desk.until(lambda: desk.bench.files_bits.account(document) is not None)
    cost = document.account().total[editing.population.selected].sum() / 8
    assert editing.count == 1 and f"~{cost:,.0f} bytes" in editing.summary
    assert f"~{cost:,.0f} bytes" in desk.window.edit.summary.text()


def test_pages_stay_where_they_are_while_something_is_selected_and_moved(desk):
    desk.bench.editing.begin()
    desk.bench.chrome.show_page("Edit")
    desk.lay_out()
    place, result = desk.window.edit.numbers.y(), desk.window.result.height()
    QTest.keyClick(desk.viewport, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(desk.viewport, Qt.Key.Key_V)
    QTest.keyClick(desk.viewport, Qt.Key.Key_Right)
    desk.lay_out()
    assert desk.bench.editing.session.is_changed
    assert (desk.window.edit.numbers.y(), desk.window.result.height()) == (place, result)
