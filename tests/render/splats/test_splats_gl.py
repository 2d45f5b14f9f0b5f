"""Scenes drawn with OpenGL: the same pictures as on the processor, to a grey level."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
from OpenGL import GL
from random_splats import camera, hard, scene

from daub.render.eight_bit import to_8bit
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.ordering import nearest_first
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.gl.drawer import KEPT, Drawer
from daub.render.splats.splats import Splats

pytestmark = pytest.mark.gui

CAMERA = Camera.looking((0.4, -0.5, -3), (0, 0, 0), up=(0, -1, 0), width=97, height=71, vertical_fov=50)


@pytest.fixture
def drawer(gl_context):
    drawer = Drawer()
    yield drawer
    drawer.delete()


def drawn(drawer, kept: CpuScene, view: Camera = CAMERA) -> np.ndarray:
    return drawer.image(kept, view, nearest_first(kept, view))


def worst(drawer, splats: Splats, view: Camera = CAMERA) -> tuple[int, float]:
    """The largest difference to the processor's picture, and the mean one, in grey levels."""
    kept = CpuScene(splats)
    wanted = to_8bit(kept.seen(view).image())
    assert wanted.std() > 10
    error = np.abs(drawn(drawer, kept, view).astype(int) - wanted)
    return error.max(), error.mean()


@pytest.mark.parametrize("degree", range(5))
def test_the_picture_is_that_of_the_processor(drawer, degree):
    assert drawer.precision == "RGBA32F"
    most, mean = worst(drawer, scene(degree, 400, degree=degree))
    assert most <= 1 and mean < 0.02


def test_what_is_hard_to_draw(drawer):
    splats = hard()
    splats.log_scales[11] = 2  # beyond float32, it is left out here
    kept = CpuScene(splats)
    wanted, got = to_8bit(kept.seen(camera()).image()), drawn(drawer, kept, camera())
    error = np.abs(got.astype(int) - wanted)
    assert wanted.std() > 10 and np.quantile(error, 0.99) <= 1 and error.max() <= 3


def test_compensation_and_a_camera_askew(drawer):
    view = camera(120, 60, off_centre=0.2)
    for antialiased in (False, True):
        most, mean = worst(drawer, replace(scene(7, 300, 1), antialiased=antialiased), view)
        assert most <= 1 and mean < 0.02


def test_scenes_that_nobody_has_any_more_leave_the_gpu(drawer):
    scenes = [CpuScene(scene(seed, 200)) for seed in range(KEPT + 2)]
    first = [drawn(drawer, each) for each in scenes]
    assert len(drawer._kept) == KEPT
    assert all(np.array_equal(drawn(drawer, each), image) for each, image in zip(scenes, first, strict=True))
    del scenes[1:]
    gc.collect()
    assert np.array_equal(drawn(drawer, scenes[0]), first[0]) and len(drawer._kept) == 1


def test_nothing_in_front_is_black_and_sizes_change(drawer):
    kept = CpuScene(scene(0, 50))
    away = Camera.looking((0, 0, -9), (0, 0, -19), up=(0, -1, 0), width=30, height=20, vertical_fov=50)
    assert drawn(drawer, kept).any() and not drawn(drawer, kept, away).any()


def test_more_gaussians_than_can_be_looked_up_are_refused(drawer, monkeypatch):
    kept = CpuScene(scene(0, 50))
    found = GL.glGetIntegerv
    monkeypatch.setattr(GL, "glGetIntegerv", lambda name: 100 if name == GL.GL_MAX_TEXTURE_BUFFER_SIZE else found(name))
    with pytest.raises(RuntimeError, match="25 such Gaussians at most"):
        drawn(drawer, kept)
