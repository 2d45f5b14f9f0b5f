"""A scene in the window: opened, looked around in, compared."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from gaussian_scenes import some_splats
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from random_splats import scene

from daub.app.model.compare.modes import Mode
from daub.app.model.host import Leaving
from daub.codec.progress import drive
from daub.codec.scenes import reading
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.symbols import box_of, classes_of, quantise
from daub.codec.scenes.formats import ply_header
from daub.codec.scenes.restoration.guidance import Guidance, layer_for
from daub.codec.scenes.restoration.layer import layer_of
from daub.codec.scenes.restoration.refined import restoring
from daub.codec.scenes.scene_files import write_scene
from daub.render.splats.splats import Splats

pytestmark = pytest.mark.gui


@pytest.fixture
def statue(tmp_path):
    path = tmp_path / "statue.ply"
    write_scene(scene(2, 400), path)
    return path


def show(driver, path):
    """Opens a scene and waits until a whole picture of it is there."""
    driver.window.open_path(path)
    driver.until(lambda: driver.bench.stage.is_open and driver.bench.stage.document.path == path)
    rest(driver)


def rest(driver):
    """Waits until nothing moves and all that is seen is whole."""

    def whole() -> bool:
        stage = driver.bench.stage
        sides = [side for side in "ab" if stage.versions.on(side) is not None]
        frames = [stage._drawn.get(side) for side in sides]
        return all(
            frame is not None and frame.coarseness == 1 and frame.shot.viewpoint is stage.viewpoint
            and (frame.shot.width, frame.shot.height) == stage.size
            and frame.shot.versions[side] is stage.versions.on(side)
            for side, frame in zip(sides, frames, strict=True)
        )  # fmt: skip

    driver.until(whole)


def drag(driver, button, dx, dy, modifiers=Qt.KeyboardModifier.NoModifier):
    """Over the middle of the picture, in steps as a hand makes them."""
    start = QPoint(driver.viewport.width() // 2, driver.viewport.height() // 2 - 60)
    QTest.mousePress(driver.viewport, button, modifiers, start)
    for step in range(1, 6):
        QTest.mouseMove(driver.viewport, start + QPoint(dx * step // 5, dy * step // 5))
        driver.qtbot.wait(5)
    QTest.mouseRelease(driver.viewport, button, modifiers, start + QPoint(dx, dy))


def test_a_scene_opens_like_a_picture_and_says_what_it_is(driver, statue):
    show(driver, statue)
    window = driver.window
    assert window.windowTitle().startswith("statue.ply") and not window.welcome.isVisible()
    assert window.recent.names() == [str(statue)]
    facts = {name: label.text() for name, label in window.scene.facts.values.items()}
    assert facts["Gaussians"] == "400" and facts["Format"] == "PLY" and facts["Harmonics"] == "none"
    assert driver.bench.chrome.pages == ("Scene",)
    menus = [action.text().replace("&", "") for action in window.menuBar().actions() if action.isVisible()]
    assert "Scene" in menus and "Canvas" not in menus
    assert window.versions.isVisible() and not window.source_list.isVisible()
    # The very pixels of the renderer are on the screen, one for each of the screen.
    stage = driver.bench.stage
    camera = stage.viewpoint.camera(*stage.size)
    wanted = stage.versions.original.drawn.seen(camera).image()
    seen = driver.screen()[: stage.size[1]]
    middle = slice(150, 300)
    error = np.abs(seen[middle, 200:500] / 255 - np.clip(wanted[middle, 200:500], 0, 1))
    assert wanted[middle, 200:500].max() > 0.3 and error.max() < 2.5 / 255


def test_how_far_a_large_one_is_read_is_told_and_it_can_be_given_up(driver, statue, tmp_path, monkeypatch):
    show(driver, statue)
    large = tmp_path / "large.ply"
    write_scene(scene(3, 4000), large)
    monkeypatch.setattr(ply_header, "_ROWS_AT_ONCE", 16)
    goes_on = threading.Event()
    done = reading.done

    def slowly(share):
        done(share)
        if share > 0.5:
            assert goes_on.wait(60)

    monkeypatch.setattr(ply_header, "done", slowly)
    readout = driver.window.status.readout
    driver.window.open_path(large)
    driver.until(lambda: readout.text().startswith("Opening large.ply, ") and readout.text().endswith(" % …"))
    QTest.keyClick(driver.viewport, Qt.Key.Key_Escape)
    assert readout.text() == "" and driver.bench.stage.document.path == statue
    goes_on.set()
    driver.until(lambda: not driver.workspace.background.running)
    assert readout.text() == "" and driver.bench.stage.document.path == statue


def test_what_is_damaged_is_one_line_and_what_is_open_stays(driver, statue, tmp_path):
    show(driver, statue)
    broken = tmp_path / "broken.ply"
    broken.write_bytes(statue.read_bytes()[:3000])
    with driver.heard(driver.workspace.failed) as told:
        driver.window.open_path(broken)
    assert "broken.ply" in told[0].line and "\n" not in told[0].line
    assert driver.bench.stage.document.path == statue


def test_a_hand_turns_moves_and_comes_nearer(driver, statue):
    show(driver, statue)
    stage = driver.bench.stage
    before = stage.viewpoint
    drag(driver, Qt.MouseButton.LeftButton, 100, 0)
    assert stage.viewpoint.eye[0] < before.eye[0] - 0.1 and stage.viewpoint.target == pytest.approx(before.target)
    assert stage.viewpoint.eye[1] == pytest.approx(before.eye[1])
    rest(driver)
    turned = stage.viewpoint
    drag(driver, Qt.MouseButton.RightButton, 0, 50)
    moved = stage.viewpoint
    # What was in the middle is now as far below it as the pointer went.
    u, v, _ = moved.camera(*stage.size).project([turned.target])[0]
    assert (u, v) == pytest.approx((stage.size[0] / 2, stage.size[1] / 2 + 50), abs=0.1)
    drag(driver, Qt.MouseButton.LeftButton, 30, 0, Qt.KeyboardModifier.ShiftModifier)
    assert stage.viewpoint.rotation == pytest.approx(moved.rotation)
    at = QPointF(driver.viewport.width() / 2, 200)
    wheel = QWheelEvent(
        at, driver.viewport.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    distance = stage.viewpoint.distance
    QApplication.sendEvent(driver.viewport, wheel)
    assert stage.viewpoint.distance == pytest.approx(distance / 2)
    QTest.keyClick(driver.viewport, Qt.Key.Key_F)
    assert stage.viewpoint.eye == pytest.approx(before.eye)
    driver.run("next_camera")
    driver.run("next_camera")
    assert stage.place == "Camera 2 of 24, made" and driver.window.scene.place.text() == stage.place
    rest(driver)


def test_a_double_click_brings_what_is_there_to_the_middle(driver, tmp_path):
    ball = tmp_path / "ball.ply"
    places = [[0, 0, 0], [0.5, 0.3, 0.2], [-0.5, -0.4, -0.3]]
    write_scene(Splats.build(places, [[0.05] * 3] * 3, [0.98] * 3, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]), ball)
    show(driver, ball)
    stage = driver.bench.stage
    u, v, _ = stage.viewpoint.camera(*stage.size).project([places[1]])[0]
    eye = stage.viewpoint.eye
    QTest.mouseDClick(driver.viewport, Qt.MouseButton.LeftButton, pos=QPoint(round(u), round(v)))
    driver.until(lambda: np.abs(stage.viewpoint.target - places[1]).max() < 0.05)
    assert stage.viewpoint.eye == pytest.approx(eye)
    rest(driver)
    before = stage.viewpoint
    QTest.mouseDClick(driver.viewport, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))  # there is nothing
    driver.until(lambda: not driver.workspace.background.running)
    assert stage.viewpoint is before


def test_it_flies_with_the_keys_while_the_right_button_is_held(driver, statue):
    show(driver, statue)
    stage, mode = driver.bench.stage, driver.bench.view.look.mode
    start = stage.viewpoint
    QTest.keyClick(driver.viewport, Qt.Key.Key_W)
    assert stage.viewpoint is start
    middle = QPoint(300, 200)
    QTest.mousePress(driver.viewport, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.keyPress(driver.viewport, Qt.Key.Key_W)
    driver.until(lambda: np.linalg.norm(stage.viewpoint.eye - start.eye) > 0.1)
    ahead = (stage.viewpoint.eye - start.eye) @ start.rotation.T
    assert ahead == pytest.approx([0, 0, np.linalg.norm(ahead)])
    QTest.keyRelease(driver.viewport, Qt.Key.Key_W)
    stopped = stage.viewpoint
    QTest.keyPress(driver.viewport, Qt.Key.Key_E)
    driver.until(lambda: stage.viewpoint.eye[1] < stopped.eye[1] - 0.05)
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, middle)
    rest(driver)
    assert driver.bench.view.look.mode is mode
    driver.run("fly")
    stopped = stage.viewpoint
    QTest.keyPress(driver.viewport, Qt.Key.Key_D)
    driver.until(lambda: (stage.viewpoint.eye - stopped.eye) @ stopped.rotation[0] > 0.05)
    QTest.keyRelease(driver.viewport, Qt.Key.Key_D)
    rest(driver)


def test_a_key_of_flight_with_ctrl_or_alt_is_left_to_the_window(driver, statue):
    show(driver, statue)
    driver.run("fly")
    still = driver.bench.stage.viewpoint
    held = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.MetaModifier
    for modifier in held:
        for key in (Qt.Key.Key_Q, Qt.Key.Key_W):
            offered = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
            offered.ignore()
            driver.viewport.event(offered)
            assert not offered.isAccepted()
            pressed = QKeyEvent(QEvent.Type.KeyPress, key, modifier)
            driver.viewport.keyPressEvent(pressed)
            assert not pressed.isAccepted()
    driver.qtbot.wait(50)
    assert driver.bench.stage.viewpoint is still
    offered = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier)
    offered.ignore()
    driver.viewport.event(offered)
    assert offered.isAccepted()


def test_the_keyboard_stays_on_its_row_while_pictures_come(driver, statue, tmp_path):
    show(driver, statue)
    other = tmp_path / "other.spz"
    write_scene(scene(2, 400), other)
    stage, rows = driver.bench.stage, driver.window.versions.list
    stage.add_all([(other, "b")])
    driver.until(lambda: stage.versions.compares)
    assert rows.currentRow() == 1
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Up)
    assert rows.currentRow() == 0
    stage.orbit(10, 0)
    rest(driver)
    assert rows.currentRow() == 0
    QTest.keyClick(rows, Qt.Key.Key_B)
    assert stage.versions.on("b").name == "statue.ply" and rows.currentRow() == 0
    driver.run("swap_sides")
    assert rows.currentRow() == 1
    rest(driver)


def test_two_files_of_a_scene_are_compared_from_one_camera(driver, statue, tmp_path):
    show(driver, statue)
    other = tmp_path / "other.spz"
    write_scene(scene(2, 400), other)
    driver.bench.host.files.ask_for_several = lambda *_: [other]
    driver.run("add_files")
    stage = driver.bench.stage
    driver.until(lambda: stage.versions.compares)
    assert [stage.versions.on(side).name for side in "ab"] == ["statue.ply", "other.spz"]
    driver.run("view_side_by_side")
    rest(driver)
    assert len(driver.bench.view.panes) == 2 and stage.size[0] < driver.viewport.width() / 2
    driver.until(lambda: stage.psnr_of(stage.versions.on("b").key) is not None)
    assert 25 < stage.psnr_of(stage.versions.on("b").key) < 60
    assert any("dB of this view" in fact for fact in driver.bench.comparison.sides[1].facts)
    driver.run("view_difference")
    assert driver.bench.view.mode is Mode.DIFFERENCE
    rest(driver)
    a, b = (side.pixels for side in driver.bench.comparison.sides)
    assert a.shape == b.shape == (*stage.size[::-1], 3) and (a != b).any()
    driver.run("swap_sides")
    assert [stage.versions.on(side).name for side in "ab"] == ["other.spz", "statue.ply"]
    rest(driver)
    driver.run("view_blink")
    drag(driver, Qt.MouseButton.LeftButton, 40, 10)
    rest(driver)
    driver.run("swap_sides")
    driver.window.versions.list.setFocus()
    QTest.keyClick(driver.window.versions.list, Qt.Key.Key_Delete)
    assert not stage.versions.compares and driver.window.versions.list.count() == 1


def test_another_kind_of_document_gets_another_window(driver, statue, photo, monkeypatch):
    opened = []

    class Other:
        def __init__(self):
            opened.append(self)
            self.bench = self
            self.stage = self.workspace = self.sources = self

        def open(self, origin, *_):
            self.path = getattr(origin, "path", origin)

        def add(self, others):
            assert not others

    monkeypatch.setattr(driver.window.host, "open_window", Other)
    show(driver, statue)
    driver.window.open_path(photo)
    assert [other.path for other in opened] == [photo] and driver.workspace.picture is None
    assert driver.bench.stage.document.path == statue


def test_a_picture_stays_where_a_scene_is_opened_beside_it(driver, statue, photo, monkeypatch):
    opened = []
    monkeypatch.setattr(driver.window.host, "open_window", lambda: opened.append(1) or driver_of_none(opened))
    driver.open(photo)
    driver.window.open_path(statue)
    assert opened[0] == 1 and opened[1] == statue and not driver.bench.stage.is_open


def driver_of_none(opened):
    """Stands for the workbench of another window: notes which scene it is to open."""

    class Bench:
        class stage:
            @staticmethod
            def open(path, others):
                opened.append(path)

    return Bench


def test_ellipsoids_lie_where_the_picture_has_them(driver, statue):
    show(driver, statue)
    plain = driver.screen()
    driver.run("show_ellipses")
    overlay, stage = driver.bench.overlay, driver.bench.stage
    driver.until(lambda: overlay.is_drawn)
    assert overlay.subject.gaussians is stage.gaussian_sides[1].gaussians
    assert (driver.screen() != plain).mean() > 0.01
    assert "Inspect" not in driver.bench.chrome.pages and not driver.window.actions_by_name["pick"].isEnabled()
    before = overlay.subject.gaussians
    drag(driver, Qt.MouseButton.LeftButton, 60, 0)
    rest(driver)
    driver.until(lambda: overlay.reading.subject.gaussians is stage.gaussian_sides[1].gaussians)
    assert overlay.subject.gaussians is not before and len(overlay.subject.gaussians) > 50


def test_versions_are_made_beside_the_window_and_can_be_given_up_and_saved(driver, statue, tmp_path, monkeypatch):
    show(driver, statue)
    stage = driver.bench.stage
    driver.run("make_spz")
    driver.until(lambda: stage.versions.compares)
    made = stage.versions.on("b")
    assert made.name == "SPZ" and made.format == "SPZ" and made.gaussians == 400 and len(made.data) == made.bytes
    # It is in no file: whoever closes the window is asked, and another scene gets a window of its own.
    asked, opened = [], []
    monkeypatch.setattr("daub.app.window.host.may_lose", lambda names, *rest: asked.append(names) or Leaving.STAY)
    monkeypatch.setattr(driver.window.host, "open_window", lambda: opened.append(1) or driver_of_none(opened))
    assert driver.window.isWindowModified() and not driver.window.close() and asked == [["SPZ"]]
    driver.window.open_path(statue)
    assert opened[0] == 1 and stage.versions.on("b") is made
    driver.bench.host.files.ask = lambda *_: tmp_path / "made.spz"
    with driver.heard(driver.workspace.noticed) as told:
        driver.run("save_version")
    assert (tmp_path / "made.spz").read_bytes() == made.data and "made.spz" in told[0]
    assert not driver.window.isWindowModified()
    driver.window.scene.quality.number.setValue(40)
    assert driver.bench.making.quality == driver.window.scene.quality.slider.value() == 40
    driver.run("make_daub")
    assert driver.window.jobs.isVisible() or driver.bench.jobs.waiting
    driver.run("cancel_jobs")
    assert not driver.bench.jobs.waiting and len(stage.versions.rows) == 2


def test_a_daub_that_tells_of_views_is_restored_beside_the_window_and_compared(driver, tmp_path):
    original = some_splats(150)
    symbols = quantise(original, classes_of(np.ones((150, 2)), 0.05), box_of(original, 0.01, 6))
    layer = layer_for(original, symbols.splats(), made_views(original, 3, 48, 48), Guidance(share=1.0, rounds=8))
    plain, guided = tmp_path / "plain.daub", tmp_path / "guided.daub"
    plain.write_bytes(scene_file.write(symbols))
    guided.write_bytes(scene_file.write(symbols, [layer.chunk()]))
    show(driver, plain)
    assert not driver.window.actions_by_name["restore_version"].isEnabled()
    show(driver, guided)
    stage = driver.bench.stage
    assert driver.window.actions_by_name["restore_version"].text().replace("&", "") == "Restore side B from 3 views"
    driver.run("restore_version")
    driver.until(lambda: stage.versions.compares)
    restored = stage.versions.on("b")
    assert restored.name == "guided.daub, restored" and restored.bytes == len(guided.read_bytes())
    wanted = drive(restoring(symbols.splats(), layer_of(guided.read_bytes())))
    np.testing.assert_allclose(restored.drawn.dc, wanted.dc, atol=1e-3)
    assert not np.allclose(restored.drawn.dc, stage.document.original.drawn.dc, atol=1e-3)
    assert not driver.window.actions_by_name["restore_version"].isEnabled()  # it is
    assert not driver.window.isWindowModified()  # its file is on the disk


def test_a_turntable_is_written_beside_the_window(driver, statue, tmp_path, monkeypatch):
    from daub.app.model.scene import turn

    monkeypatch.setattr(turn, "FRAMES", 3)
    monkeypatch.setattr(turn, "SIDE", 32)
    show(driver, statue)
    driver.bench.host.files.ask = lambda *_: tmp_path / "turn.png"
    with driver.heard(driver.workspace.noticed) as told:
        driver.run("export_turntable")
    assert told == ["Wrote turn-1.png, 3 pictures"] and len(list(tmp_path.glob("turn-*.png"))) == 3
    with driver.heard(driver.workspace.failed) as told:
        driver.run("export_turntable")
    assert "turn-1.png" in told[0].line and "\n" not in told[0].line


def test_a_scene_is_dropped_and_another_file_of_it_put_on_a_side(driver, statue, tmp_path):
    drop(driver, statue, 0.5)
    driver.until(lambda: driver.bench.stage.is_open)
    rest(driver)
    other = tmp_path / "other.sog"
    write_scene(scene(2, 400), other)
    drop(driver, other, 0.1)
    versions = driver.bench.stage.versions
    driver.until(lambda: versions.compares)
    assert [versions.on(side).name for side in "ab"] == ["other.sog", "statue.ply"]
    rest(driver)


def drop(driver, path, across):
    """Onto the viewport, at such a share of its width."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    viewport, how = driver.viewport, (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    at = viewport.mapTo(driver.window, QPoint(round(across * viewport.width()), viewport.height() // 2))
    QApplication.sendEvent(driver.window, QDragEnterEvent(at, Qt.DropAction.CopyAction, data, *how))
    QApplication.sendEvent(driver.window, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, *how))


def test_what_moves_says_that_it_is_a_preview_and_is_whole_afterwards(driver, statue, monkeypatch):
    from daub.app.model.scene import pace

    show(driver, statue)
    monkeypatch.setattr(pace.Pace, "coarseness", 3.0, raising=False)
    monkeypatch.setattr(pace.Pace, "note", lambda *_: None)
    stage = driver.bench.stage
    del stage._frames._pace.coarseness  # that of the class
    stage.orbit(20, 0)
    driver.until(lambda: stage.preview != "")
    assert stage.preview == "preview, 1/3.0 resolution"
    assert driver.bench.comparison.sides[1].is_live
    driver.until(lambda: stage.preview == "")
    assert not driver.bench.comparison.sides[1].is_live


def test_it_moves_without_opengl_too(open_window, statue, monkeypatch):
    from daub.app.window.viewport import opengl

    monkeypatch.setattr(opengl, "missing", lambda: "there is none here")
    driver = open_window()
    show(driver, statue)

    def painted() -> np.ndarray:
        driver.paint()
        image = driver.viewport.surface.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)

    def shows_it() -> bool:
        pixels = driver.bench.comparison.sides[1].pixels
        return np.array_equal(painted()[200:300, 200:400], pixels[200:300, 200:400])

    driver.until(shows_it)
    drag(driver, Qt.MouseButton.LeftButton, 60, 20)
    rest(driver)
    driver.until(shows_it)
    driver.until(lambda: not driver.workspace.background.running)  # what draws over the picture is loaded, too
