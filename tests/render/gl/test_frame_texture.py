"""Frames of a CUDA backend reach the texture, through a shared buffer or the host; CUDA itself is a stand-in."""

from __future__ import annotations

import numpy as np
import pytest
from fake_cuda import DeviceArray, FakeRuntime

from daub.render.device_image import DeviceImage, InteropError

gui = pytest.mark.gui


def image_of(runtime: FakeRuntime, width: int, height: int, seed: int = 0) -> tuple[DeviceImage, np.ndarray]:
    content = np.random.default_rng(seed).normal(size=(height, width, 4)).astype(np.float32)
    array, event = DeviceArray(content), runtime.event()
    runtime.record(event, 7)
    return DeviceImage(array.content.ctypes.data, width, height, event, runtime, array), content


def pixels_of(texture: int, width: int, height: int) -> np.ndarray:
    from OpenGL import GL

    GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
    raw = GL.glGetTexImage(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA, GL.GL_FLOAT)
    return np.frombuffer(raw, np.float32).reshape(height, width, 4)


@pytest.fixture
def texture(gl_context):
    from daub.render.gl.frame import FrameTexture

    texture = FrameTexture()
    yield texture
    texture.delete()


@gui
def test_a_frame_is_copied_on_the_device_in_order(texture):
    runtime = FakeRuntime()
    for seed in range(2):
        image, content = image_of(runtime, 13, 7, seed)
        runtime.log.clear()
        texture.upload(image)
        assert np.array_equal(pixels_of(texture.texture, 13, 7), content)
        order = ["wait", "map", "copy", "unmap", "synchronize"]
        assert runtime.log == (order if seed else ["stream", "register", *order])
    assert texture.through_host == "" and not runtime.held


@gui
def test_another_size_is_registered_anew_and_everything_is_let_go_of(texture):
    runtime = FakeRuntime()
    for width, height in ((13, 7), (40, 30), (5, 5)):
        image, content = image_of(runtime, width, height)
        texture.upload(image)
        assert np.array_equal(pixels_of(texture.texture, width, height), content)
        assert len(runtime.registered) == 1
    texture.delete()
    assert not runtime.registered and not runtime.mapped
    texture.delete()


@gui
@pytest.mark.parametrize("refused", ["register", "map", "copy", "unmap"])
def test_where_nothing_can_be_shared_frames_go_through_the_host(texture, refused):
    runtime = FakeRuntime(refused)
    image, content = image_of(runtime, 13, 7)
    if refused == "copy":  # it fails but once: on the host the same call works

        def copy(to, source, size, stream, real=runtime.copy):
            try:
                real(to, source, size, stream)
            finally:
                runtime.refuse = ""

        runtime.copy = copy
    texture.upload(image)
    assert np.array_equal(pixels_of(texture.texture, 13, 7), content)
    assert "999" in texture.through_host and len(runtime.held) == 1
    image, content = image_of(runtime, 20, 10)
    runtime.log.clear()
    texture.upload(image)
    assert np.array_equal(pixels_of(texture.texture, 20, 10), content)
    assert "register" not in runtime.log and "map" not in runtime.log, "it is not tried for every frame"
    texture.delete()
    assert not runtime.held


@gui
def test_a_new_backend_brings_its_own_runtime(texture):
    first, second = FakeRuntime(), FakeRuntime()
    texture.upload(image_of(first, 8, 8)[0])
    image, content = image_of(second, 8, 8, 1)
    texture.upload(image)
    assert not first.registered and len(second.registered) == 1
    assert np.array_equal(pixels_of(texture.texture, 8, 8), content)


@gui
def test_a_frame_that_cannot_be_had_at_all_is_an_error(texture):
    runtime = FakeRuntime("wait")
    image, _ = image_of(runtime, 8, 8)
    with pytest.raises(InteropError, match="wait"):
        texture.upload(image)
