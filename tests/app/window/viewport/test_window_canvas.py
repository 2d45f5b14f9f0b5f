"""Crop, resize, turn and flip in a real window: the source goes along, figures stay true, everything is undone."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import FileOrigin
from daub.app.window.dialogs.canvas_dialogs import CropDialog, ResizeDialog
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.evaluation.metrics import psnr
from daub.render.eight_bit import as_real
from daub.render.gaussians import Gaussians

pytestmark = pytest.mark.gui
CONTROL = Qt.KeyboardModifier.ControlModifier
PLACES = [(20, 16), (44, 16), (20, 44), (70, 44)]


@pytest.fixture
def desk(driver, tmp_path):
    """Side A an image of 96x64 pixels, side B a .daub that is near it."""
    four = Gaussians.build(PLACES, [np.eye(2) * 9] * 4, [[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9], [0.8] * 3])
    drawing = Drawing(four, 96, 64)
    (tmp_path / "four.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=70)))
    y, x = np.mgrid[:64, :96]
    pixels = np.stack([x * 2, y * 3, (x + y) % 90], -1).astype(np.uint8)
    for u, v in PLACES:
        pixels[v - 4 : v + 5, u - 4 : u + 5] += 40
    PIL.Image.fromarray(pixels).save(tmp_path / "near.png")
    driver.open(tmp_path / "near.png")
    driver.bench.sources.add([FileOrigin(tmp_path / "four.daub")], "b")
    driver.until(lambda: (driver.bench.sources.pair.on("b") or "").startswith("file"))
    driver.paint()
    return driver


def sides(driver) -> tuple[np.ndarray, np.ndarray]:
    """Both as (H, W, 3) in [0, 1]."""
    bench = driver.bench
    driver.until(lambda: all(bench.decoded.get(side) is not None for side in bench.comparison.sides))
    return tuple(as_real(bench.decoded.get(side)) for side in bench.comparison.sides)


def test_the_source_is_turned_flipped_and_cropped_along(desk):
    bench = desk.bench
    a, b = sides(desk)
    for command, way in (
        ("turn_left", np.rot90), ("flip_horizontally", np.fliplr), ("flip_vertically", np.flipud),
        ("turn_right", lambda pixels: np.rot90(pixels, -1)), ("turn_around", lambda pixels: np.rot90(pixels, 2)),
    ):  # fmt: skip
        desk.run(command)
        a, b = way(a), way(b)
        seen = sides(desk)
        assert np.array_equal(seen[0], a), command
        assert np.abs(seen[1] - b).max() <= 1.5 / 255, command
        assert bench.view.camera.image == bench.comparison.size == a.shape[1::-1]
        assert bench.comparison.reference is bench.comparison.sides[0].pixels
    bench.region.switch(True)
    bench.region.place(Box(10, 5, 60, 50))
    desk.until(lambda: bench.region.figures[1].psnr is not None)
    part = np.s_[5:50, 10:60]
    assert abs(bench.region.figures[1].psnr - psnr(a[part], b[part])) < 0.2 and bench.region.figures[0].is_reference
    while desk.workspace.history.next_undo is not None:
        desk.run("undo")
    assert bench.view.camera.image == (96, 64) and bench.comparison.sides[0].pixels is desk.workspace.picture.pixels


def test_a_crop_to_what_is_selected_leaves_just_that(desk):
    bench = desk.bench
    a, b = sides(desk)
    desk.run("tool_rectangle")
    tool = bench.edit_tool
    tool.begin(10, 8)
    tool.extend(60, 30)
    tool.end()
    desk.viewport.setFocus()
    QTest.keyClick(desk.viewport, Qt.Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert bench.comparison.size == (50, 22) and desk.window.statusBar().size_label.text() == "50 × 22"
    seen = sides(desk)
    assert np.array_equal(seen[0], a[8:30, 10:60]) and np.abs(seen[1] - b[8:30, 10:60]).max() <= 1.5 / 255
    desk.paint()
    shown = desk.shown_at(10.5, 8.5)  # of the middle of a Gaussian at 20, 16
    assert shown[0] > shown[1]
    desk.run("undo")
    assert bench.comparison.size == (96, 64)
    desk.run("redo")
    desk.run("swap_sides")
    assert bench.comparison.size == (50, 22)  # the canvas is that of the edit, on whichever side


def test_what_was_resized_is_looked_at_beside_a_resampled_source(desk):
    from daub.app.model.editing import canvas

    bench = desk.bench
    canvas.resize(bench.editing, 48, 32)
    desk.until(lambda: bench.comparison.sides[0] is not None)
    side = bench.comparison.sides[0]
    assert side.title == "Source, resampled" and side.pixels.shape == (32, 48, 3) and bench.comparison.size == (48, 32)
    assert np.abs(side.pixels - as_real(desk.workspace.picture.pixels)[::2, ::2]).mean() < 0.05
    bench.region.switch(True)
    bench.region.place(Box(0, 0, 20, 20))
    assert bench.comparison.reference is None and "resized" in bench.region.why and "48 × 32" in bench.region.why
    canvas.resize(bench.editing, 96, 64)
    assert bench.comparison.sides[0].pixels is desk.workspace.picture.pixels and bench.comparison.reference is not None


def answered(kind: type, answer) -> list:
    """Soon finds the dialog, calls `answer` with it, and presses Enter."""
    found = []

    def act() -> None:
        dialog = next((each for each in QApplication.topLevelWidgets() if isinstance(each, kind)), None)
        if dialog is None or not dialog.isVisible():
            QTimer.singleShot(20, act)
            return
        found.append(answer(dialog))
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(20, act)
    return found


def test_the_dialogs_take_numbers(desk):
    def crop(dialog: CropDialog) -> None:
        dialog.left.setValue(90)
        assert dialog.width.value() == 6  # all of it on the canvas
        dialog.left.setValue(4)
        dialog.top.setValue(6)
        dialog.width.setValue(40)
        dialog.height.setValue(30)

    def resize(dialog: ResizeDialog) -> None:
        dialog.width.setValue(80)
        assert dialog.height.value() == 60
        dialog.keeps.setChecked(False)
        dialog.height.setValue(50)
        assert dialog.width.value() == 80

    for kind, answer, command, size in (
        (CropDialog, crop, "crop", (40, 30)), (ResizeDialog, resize, "resize_canvas", (80, 50)),
    ):  # fmt: skip
        found = answered(kind, answer)
        desk.run(command)
        assert found and desk.bench.comparison.size == size


def test_what_is_typed_first_replaces_the_first_number(desk):
    for kind, command, whole in ((CropDialog, "crop", (16, 64)), (ResizeDialog, "resize_canvas", (80, 320))):
        answered(kind, lambda dialog: QTest.keyClicks(dialog.focusWidget(), "80"))
        desk.run(command)
        assert desk.bench.comparison.size == whole


def test_importance_is_not_painted_on_another_canvas(desk):
    desk.run("paint")
    assert desk.bench.painting.is_on
    desk.run("flip_vertically")
    assert not desk.bench.painting.is_on and not desk.bench.painting.is_possible
    desk.run("undo")
    assert desk.bench.painting.is_possible


def test_a_refit_is_to_the_source_as_it_lies(desk):
    desk.run("flip_horizontally")
    desk.run("select_all")
    flipped = np.fliplr(desk.workspace.picture.pixels)
    assert np.array_equal(desk.bench.refitting._source, flipped)
