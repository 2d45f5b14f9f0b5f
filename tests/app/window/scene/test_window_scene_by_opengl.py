"""Scenes in the window that OpenGL draws, in a context of their own: made to, where there is no graphics card."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from random_splats import scene

from daub.app.model.compare.modes import Mode
from daub.app.window.viewport import scene_drawer
from daub.codec.scenes.scene_files import write_scene
from daub.render.eight_bit import to_8bit
from daub.render.splats.gl.drawer import Drawer

pytestmark = pytest.mark.gui


@pytest.fixture
def by_opengl(monkeypatch):
    """The pictures that OpenGL has drawn."""
    monkeypatch.setenv(scene_drawer.CHOICE, scene_drawer.OPENGL)
    image, drawn = Drawer.image, []

    def noted(*arguments):
        drawn.append(image(*arguments))
        return drawn[-1]

    monkeypatch.setattr(Drawer, "image", noted)
    return drawn


@pytest.fixture
def statue(tmp_path):
    path = tmp_path / "statue.ply"
    write_scene(scene(2, 400, 2), path)
    return path


def whole(driver) -> np.ndarray:
    """The pixels of side B, once nothing moves."""
    stage = driver.bench.stage

    def is_there() -> bool:
        frame = stage._newest
        return (
            frame is not None and frame.coarseness == 1 and not frame.shot.moves
            and frame.shot.viewpoint is stage.viewpoint and (frame.shot.width, frame.shot.height) == stage.size
            and all(stage.versions.on(side) is None or side in frame.pixels for side in "ab")
        )  # fmt: skip

    driver.until(is_there)
    return stage._newest.pixels["b"]


def by_processor(stage) -> np.ndarray:
    return to_8bit(stage.versions.original.drawn.seen(stage.viewpoint.camera(*stage.size)).image())


def assert_as_by_processor(stage, pixels: np.ndarray) -> None:
    """But for what lies behind a pixel that is nearly opaque, up to 1 %, which OpenGL adds."""
    error = np.abs(pixels.astype(int) - by_processor(stage))
    assert error.max() <= 3 and error.mean() < 0.02


def test_what_opengl_draws_is_what_the_processor_draws(by_opengl, driver, statue):
    driver.window.open_path(statue)
    driver.until(lambda: driver.bench.stage.is_open)
    stage = driver.bench.stage
    pixels = whole(driver)
    assert any(pixels is each for each in by_opengl) and pixels.std() > 20
    assert_as_by_processor(stage, pixels)
    # A hand turns it, and it is drawn again; and so it is beside another version.
    before, start = stage.viewpoint, QPoint(300, 200)
    QTest.mousePress(driver.viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(driver.viewport, start + QPoint(60, 0))
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    assert stage.viewpoint is not before
    count = len(by_opengl)
    turned = whole(driver)
    assert len(by_opengl) > count
    assert_as_by_processor(stage, turned)
    assert np.abs(turned.astype(int) - pixels).max() > 50
    stage.add_all([(statue, "b")])
    driver.until(lambda: stage.versions.compares)
    driver.run("view_difference")
    assert driver.bench.view.mode is Mode.DIFFERENCE
    whole(driver)
    driver.until(lambda: stage.psnr_of(stage.versions.on("b").key) is not None)
    assert stage.psnr_of(stage.versions.on("b").key) == np.inf  # the same file
    # The overlay has the Gaussians as before.
    driver.run("show_ellipses")
    driver.until(lambda: driver.bench.overlay.is_drawn and len(driver.bench.overlay.subject.gaussians) > 100)


def test_where_opengl_fails_the_processor_draws_and_the_log_says_so_once(by_opengl, driver, statue, monkeypatch):
    monkeypatch.setattr("daub.render.splats.gl.drawer._constants", lambda *_: {"HARMONICS": 3})  # does not compile
    told = []
    driver.workspace.noticed.connect(told.append)
    driver.window.open_path(statue)
    driver.until(lambda: driver.bench.stage.is_open)
    pixels = whole(driver)
    assert not by_opengl and np.array_equal(pixels, by_processor(driver.bench.stage))
    driver.bench.stage.orbit(30, 0)
    assert np.array_equal(whole(driver), by_processor(driver.bench.stage))
    lines = [line for line in told if "OpenGL" in line]
    assert len(lines) == 1 and lines[0].startswith("The processor draws scenes, as OpenGL cannot: cannot compile")


@pytest.mark.parametrize(
    ("chosen", "renderer", "expected"),
    [
        ("", "NVIDIA GeForce RTX 4090/PCIe/SSE2", True),
        ("", "llvmpipe (LLVM 19.1.7, 256 bits)", False),
        ("opengl", "llvmpipe (LLVM 19.1.7, 256 bits)", True),
        ("processor", "NVIDIA GeForce RTX 4090/PCIe/SSE2", False),
    ],
)
def test_a_graphics_card_draws_unless_a_person_has_chosen(qapp, monkeypatch, chosen, renderer, expected):
    monkeypatch.setenv(scene_drawer.CHOICE, chosen)
    assert scene_drawer.draws_scenes(renderer) is expected
