"""Looking at the picture: zoom, pan, split, peek, overlays, read-out. Real mouse and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from daub.app.model.compare.modes import Mode
from daub.app.model.fit.state import Phase, Snapshot
from daub.app.window.viewport import opengl

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def fitted(driver, photo):
    """A picture with one green Gaussian over all of it as its decoded side: what is shown can be told apart."""
    from daub.render.gaussians import Gaussians

    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.until(lambda: any(result.ms_ssim is not None for result in driver.workspace.results))
    broad = 1e6 * np.eye(2)[None]
    green = Gaussians.build([[48, 32]], broad, [[0.0, 0.5, 0.0]])
    driver.workspace.state = replace(driver.state, encoded=None, snapshot=Snapshot(green, 1))
    driver.workspace.changed.emit(driver.workspace.state)
    driver.paint()
    return driver


SOURCE = np.array([200, 40, 40])
DECODED = np.array([0, round(255 * 0.5 * (1 - np.exp(-4.5))), 0])


def as_array(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def wheel(driver, at: QPoint, notches: float) -> None:
    turn(driver.viewport, at, notches)


def turn(widget, at: QPoint, notches: float) -> None:
    place = QPointF(at)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def drag(driver, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(driver.viewport, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(driver.viewport, start + (end - start) * share)
    QTest.mouseRelease(driver.viewport, LEFT, pos=end)


def test_the_wheel_zooms_at_the_cursor(fitted):
    camera = fitted.bench.view.camera
    at = fitted.logical(20.5, 40.5)
    zoom = camera.zoom
    wheel(fitted, at, 3)
    assert camera.zoom == pytest.approx(2 * zoom)
    assert camera.pixel_at(at.x(), at.y()) == (20, 40)
    wheel(fitted, at, -3)
    assert camera.zoom == pytest.approx(zoom)


def test_the_wheel_changes_a_goal_only_where_the_focus_is(driver):
    for field in (driver.window.goals.advanced.steps, driver.window.goals.sliders["quality"]):
        before = field.value()
        turn(field, QPoint(10, 10), 2)
        assert field.value() == before
        field.setFocus()
        turn(field, QPoint(10, 10), 2)
        assert field.value() > before


def test_dragging_moves_the_picture_and_f_fits_it(fitted):
    camera = fitted.bench.view.camera
    fit = camera.offset
    drag(fitted, QPoint(200, 200), QPoint(260, 170))
    assert camera.offset == (fit[0] + 60, fit[1] - 30)
    QTest.keyClick(fitted.viewport, Qt.Key.Key_F)
    assert camera.offset == fit
    QTest.keyClick(fitted.viewport, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert camera.zoom == 1 and "100 %" in fitted.window.status.zoom.text()


def test_space_and_drag_moves_but_does_not_play(fitted):
    QTest.keyPress(fitted.viewport, Qt.Key.Key_Space)
    before = fitted.bench.view.camera.offset
    drag(fitted, QPoint(200, 200), QPoint(240, 200))
    QTest.keyRelease(fitted.viewport, Qt.Key.Key_Space)
    assert fitted.bench.view.camera.offset == (before[0] + 40, before[1])
    fitted.paint(3)
    assert fitted.state.phase is Phase.FINISHED


def test_views(fitted):
    fitted.bench.view.toggle("by_channel")
    expected = {Qt.Key.Key_S: SOURCE, Qt.Key.Key_D: DECODED, Qt.Key.Key_E: np.minimum(8 * abs(SOURCE - DECODED), 255)}
    for key, colour in expected.items():
        QTest.keyClick(fitted.viewport, key)
        np.testing.assert_allclose(fitted.shown_at(10, 50), colour, atol=8)


def test_the_split_line_can_be_dragged_and_jumps(fitted):
    viewport, view = fitted.viewport, fitted.bench.view
    QTest.keyClick(viewport, Qt.Key.Key_X)
    assert view.look.mode is Mode.SPLIT
    QTest.keyClick(viewport, Qt.Key.Key_2)
    np.testing.assert_allclose(fitted.shown_at(40, 50), SOURCE, atol=2)
    np.testing.assert_allclose(fitted.shown_at(56, 50), DECODED, atol=2)
    line = QPoint(round(view.split * viewport.width()), 100)
    camera = view.camera.offset
    drag(fitted, line, fitted.logical(20, 20))
    assert view.camera.offset == camera, "the picture stays"
    np.testing.assert_allclose(fitted.shown_at(40, 50), DECODED, atol=2)
    np.testing.assert_allclose(fitted.shown_at(10, 50), SOURCE, atol=2)
    for key, u in ((Qt.Key.Key_1, 0), (Qt.Key.Key_3, 96)):
        QTest.keyClick(viewport, key)
        assert view.split * view.camera.view[0] == pytest.approx(view.camera.to_screen(u, 0)[0])
    QTest.mouseDClick(viewport, LEFT, pos=QPoint(100, 100))
    assert view.split * view.camera.view[0] == pytest.approx(view.camera.to_screen(0, 0)[0])


def test_holding_p_peeks_at_the_source(fitted):
    np.testing.assert_allclose(fitted.shown_at(10, 50), DECODED, atol=2)
    QTest.keyPress(fitted.viewport, Qt.Key.Key_P)
    np.testing.assert_allclose(fitted.shown_at(10, 50), SOURCE, atol=2)
    QTest.keyRelease(fitted.viewport, Qt.Key.Key_P)
    np.testing.assert_allclose(fitted.shown_at(10, 50), DECODED, atol=2)


def test_the_read_out_tells_both_sides_and_their_difference(fitted):
    QTest.mouseMove(fitted.viewport, fitted.logical(10.5, 50.5))
    r, g, b = DECODED
    expected = f"x 10  y 50    A 200 40 40    B {r} {g} {b}    B − A {r - 200:+d} {g - 40:+d} {b - 40:+d}"
    fitted.until(lambda: fitted.window.status.readout.text() == expected)
    QTest.mouseMove(fitted.viewport, QPoint(2, 2))
    fitted.until(lambda: fitted.window.status.readout.text() == "")


def test_zoom_shows_the_pixel_grid_of_the_source_and_no_pixels_in_the_decoded(fitted):
    fitted.bench.view.zoom_to(24)
    decoded = fitted.screen()
    QTest.keyClick(fitted.viewport, Qt.Key.Key_S)
    lines = fitted.screen()
    x, y = (round(v) for v in fitted.bench.view.camera.to_screen(40, 34))
    cell = lines[y + 4 : y + 20, x : x + 24].astype(int).sum(2)
    assert (cell[:, 0] != cell[:, 12]).all(), "a line at the left of the pixel"
    assert np.ptp(cell[:, 2:22]) == 0, "one colour inside"
    assert decoded.shape == lines.shape


def test_overlays_are_drawn_and_leave_the_window_opaque(driver, photo):
    driver.fit(photo)
    driver.finish()
    above = slice(0, driver.viewport.strip.y())  # which lies on it

    def amber() -> int:
        """Pixels of the picture in the colour of large Gaussians."""
        red, green, blue = np.moveaxis(driver.screen()[above].astype(int), 2, 0)
        return ((red > 180) & (abs(green - 0.76 * red) < 30) & (blue < 110)).sum()

    assert amber() == 0
    for key in (Qt.Key.Key_O, Qt.Key.Key_C):
        QTest.keyClick(driver.viewport, key)
        driver.until(lambda: amber() > 50)  # colours and places are found beside the window
        QTest.keyClick(driver.viewport, key)
        driver.until(lambda: amber() == 0)
    QTest.keyClick(driver.viewport, Qt.Key.Key_O)
    # A picture with alpha below 1 is blended again by whoever composes the window: its colours change.
    composed = as_array(driver.viewport.grab().toImage())
    np.testing.assert_array_equal(composed[above], driver.screen()[above])


def test_nothing_is_drawn_anew_when_nothing_has_changed(fitted):
    fitted.screen()
    draws = fitted.viewport.scene.gaussian_draws
    fitted.paint(5)
    assert fitted.viewport.scene.gaussian_draws == draws
    fitted.bench.view.zoom_to(3)
    fitted.paint()
    assert fitted.viewport.scene.gaussian_draws == draws + 1


def test_a_state_that_tells_only_how_far_a_step_is_paints_nothing(fitted, monkeypatch):
    viewport, workspace, asked = fitted.viewport, fitted.workspace, []

    def show(**changes) -> int:
        """How often a frame is asked for when such a state comes."""
        asked.clear()
        workspace.state = replace(workspace.state, **changes)
        workspace.changed.emit(workspace.state)
        return len(asked)

    monkeypatch.setattr(viewport, "update", lambda: asked.append(1))
    monkeypatch.setattr(viewport, "_painted", -60.0)  # the share of the fit keeps no frame back
    progress = workspace.state.progress
    assert show(progress=replace(progress, fraction=progress.fraction / 2)) == 0
    assert show(progress=replace(progress, seconds_left=7.0), is_compiling=True) == 0
    assert show(progress=replace(progress, step=progress.step + 1)) > 0
    assert show(snapshot=replace(workspace.state.snapshot, psnr=20.0)) > 0


def test_a_slow_machine_sees_a_coarse_picture_while_it_moves_and_a_fine_one_at_rest(driver, photo):
    driver.fit(photo, gaussians=400)
    driver.finish()
    fine = driver.screen()
    driver.bench.view.camera.pan(1, 0)  # the same picture drawn anew, and back
    driver.bench.view.camera.pan(-1, 0)
    driver.viewport._fine_seconds = 0.3
    driver.viewport._moving.setInterval(60_000)
    driver.bench.view.moved.emit()
    driver.paint()
    target = driver.viewport.scene.b.layer.target
    wanted = driver.viewport.scene.framing
    assert (target.width, target.height) == (-(-wanted.width // 2), -(-wanted.height // 2))
    assert driver.viewport.scene.coarseness == 2
    driver.run("view_split")
    driver.paint()
    assert (target.width, target.height) == (wanted.width, wanted.height), "nobody judges a preview"
    driver.run("view_decoded")
    driver.viewport._moving.start(0)
    np.testing.assert_array_equal(driver.screen(), fine)


def test_the_strip_folds_by_mouse_and_by_menu_and_is_dragged_higher(fitted):
    strip, action = fitted.viewport.strip, fitted.window.actions_by_name["show_timeline"]
    camera, chrome = fitted.bench.view.camera, fitted.bench.chrome
    inset, height = camera.inset, chrome.strip_height
    QTest.mouseClick(strip.fold, LEFT)
    assert 0 < camera.inset < inset and not action.isChecked()
    assert strip.line.whole.startswith("Finished"), "folded, it tells what it can in a line"
    action.trigger()
    assert camera.inset == inset and not strip.line.whole
    QTest.mousePress(strip, LEFT, pos=QPoint(300, 10))
    QTest.mouseMove(strip, QPoint(300, -30))
    QTest.mouseRelease(strip, LEFT, pos=QPoint(300, 10))
    assert chrome.strip_height == height + 40 and strip.y() == fitted.viewport.height() - strip.taken


def test_without_float_blending_the_cpu_decodes_and_says_so(open_window, photo, monkeypatch):
    from daub.render.errors import Reason
    from daub.render.gl.gaussians import GaussianLayer

    chosen = None, Reason("decoded on the CPU", "for the test")
    monkeypatch.setattr(GaussianLayer, "_choose_target", lambda self: chosen)
    driver = open_window()
    driver.fit(photo)
    driver.until(lambda: driver.state.phase is Phase.FINISHED)
    driver.until(lambda: abs(driver.shown_at(10, 50) - SOURCE).max() < 40)
    assert "for the test" in driver.window.status.device.toolTip()


@pytest.fixture(params=["", "register", "wait"], ids=["shared", "through the host", "not at all"])
def cuda_fit(request, monkeypatch, open_window, photo):
    """A window whose fit runs on a backend that renders the frames; CUDA is a stand-in."""
    from fake_cuda import FakeCuda, FakeRuntime

    import daub.render.cuda
    from daub.render.cpu.backend import CpuRasteriser

    runtime = FakeRuntime(request.param)
    monkeypatch.setattr(daub.render.cuda, "open_backend", lambda: FakeCuda(CpuRasteriser(), runtime))
    driver = open_window()
    driver.fit(photo, steps=8000)
    driver.until(lambda: driver.state.gaussians is not None and len(driver.state.gaussians) >= 60)
    return driver, runtime


def test_a_fit_on_cuda_shows_its_own_frames_and_says_how(cuda_fit):
    driver, runtime = cuda_fit
    scene, label = driver.viewport.scene, driver.window.status.device
    if runtime.refuse == "wait":
        driver.until(lambda: label.text() == "CUDA: Fake GPU · drawn by OpenGL alone")
        draws = scene.gaussian_draws
        driver.until(lambda: scene.gaussian_draws > draws)
    else:
        driver.until(lambda: scene.b.frame_draws >= 5)
        draws = scene.gaussian_draws
        frames, sent, step = scene.b.frame_draws, scene.b._gaussians, driver.step
        driver.until(lambda: scene.b.frame_draws >= frames + 5 and driver.step > step)
        assert scene.gaussian_draws == draws, "frames stand in for the sum"
        assert scene.b._gaussians is sent, "what nobody draws is sent to the graphics card"
        through_host = " · copied through host memory while a fit runs" if runtime.refuse else ""
        assert label.text() == f"CUDA: Fake GPU{through_host}"
        assert ("999" in label.toolTip()) == bool(runtime.refuse)
    QTest.keyClick(driver.viewport, Qt.Key.Key_Space)
    driver.until(lambda: driver.state.phase is Phase.PAUSED)
    driver.paint(2)
    red, blue = driver.shown_at(20, 32), driver.shown_at(72, 32)
    assert red[0] > red[2] + 60 and blue[2] > blue[0] + 60
    # One step shows that step's own frame, and OpenGL's sum of the same Gaussians is the same picture.
    step = driver.step
    driver.window.actions_by_name["step"].trigger()
    driver.until(lambda: driver.step > step and driver.state.phase is Phase.PAUSED)
    driver.until(lambda: driver.state.frame is None or driver.state.frame.gaussians is driver.state.gaussians)
    driver.paint(2)
    rendered = driver.screen().astype(int)
    assert scene.b.shows_frame(scene.framing) == (runtime.refuse != "wait")
    driver.workspace.state = replace(driver.state, frame=None)
    driver.workspace.changed.emit(driver.state)
    drawn = driver.screen().astype(int)
    assert not scene.b.shows_frame(scene.framing)
    height = driver.bench.view.camera.view[1] - driver.bench.view.camera.inset
    off = np.abs(rendered - drawn)[:height]
    assert (off <= 1).mean() > 0.999 and off.max() <= 8  # ends of very thin Gaussians lie within a pixel
    assert not driver.window.toasts.lines()
    driver.window.close()
    assert not runtime.registered and not runtime.held


def test_without_a_graphics_card_the_cpu_renders_the_frames_of_a_fit(open_window, photo, monkeypatch):
    monkeypatch.setattr(opengl, "is_software", lambda _: True)  # whatever there is here
    driver = open_window()
    scene = driver.viewport.scene
    driver.fit(photo, steps=20_000)
    driver.until(lambda: scene.b.frame_draws >= 3)
    draws, frames = scene.gaussian_draws, scene.b.frame_draws
    driver.bench.view.zoom_by(1.5)
    driver.until(lambda: scene.b.frame_draws >= frames + 3)
    assert scene.gaussian_draws == draws, "frames stand in for the sum, also of the part that was seen before"
    driver.until(lambda: driver.state.frame.framing == scene.framing)
    assert scene.b.reason.what.startswith("rendered by the CPU while a fit runs") and not scene.b.reason.why
    driver.window.actions_by_name["play"].trigger()
    driver.until(lambda: driver.state.phase is Phase.PAUSED)
    step = driver.step
    driver.window.actions_by_name["step"].trigger()
    driver.until(lambda: driver.step > step and driver.state.phase is Phase.PAUSED)
    driver.until(lambda: driver.state.frame.gaussians is driver.state.gaussians)
    rendered = driver.screen().astype(int)
    assert scene.b.shows_frame(scene.framing)
    driver.workspace.state = replace(driver.state, frame=None)
    driver.workspace.changed.emit(driver.state)
    summed = driver.screen().astype(int)
    assert scene.gaussian_draws > draws
    height = driver.bench.view.camera.view[1] - driver.bench.view.camera.inset
    assert np.abs(rendered - summed)[:height].max() <= 1


@pytest.mark.parametrize(
    ("renderer", "expected"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("Google SwiftShader", True),
        ("GDI Generic", True),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", False),
    ],
)
def test_opengl_without_a_graphics_card_is_known_by_its_name(renderer, expected):
    assert opengl.is_software(renderer) is expected
