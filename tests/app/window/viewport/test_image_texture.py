"""A large image: coarse at once, whole in the end, and no frame has to send all of it."""

from __future__ import annotations

import numpy as np
import pytest
from later import Later

pytestmark = pytest.mark.gui


@pytest.fixture
def sent(monkeypatch) -> list:
    """Bytes that were sent in each frame; an image of more than 12,000 is large."""
    from daub.app.window.viewport import image_texture
    from daub.render.gl.texture import Texture

    monkeypatch.setattr(image_texture, "AT_ONCE", 12_000)
    monkeypatch.setattr(image_texture, "COARSE", 9_000)
    monkeypatch.setattr(image_texture, "STRIP", 6_000)
    monkeypatch.setattr(image_texture, "SECONDS", 0.0)
    budgets, send = [], Texture.send
    monkeypatch.setattr(Texture, "send", lambda self, budget: budgets.append(budget) or send(self, budget))
    return budgets


def mean_of(texture: int) -> float:
    from OpenGL import GL

    GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
    GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 1)
    return float(np.frombuffer(GL.glGetTexImage(GL.GL_TEXTURE_2D, 0, GL.GL_RGB, GL.GL_FLOAT), np.float32).mean())


def width_of(texture: int) -> int:
    from OpenGL import GL

    GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
    return int(GL.glGetTexLevelParameteriv(GL.GL_TEXTURE_2D, 0, GL.GL_TEXTURE_WIDTH))


def test_a_large_image_is_seen_coarsely_at_once_and_whole_some_frames_later(gl_context, sent):
    from daub.app.window.viewport.image_texture import ImageTexture

    later = Later()
    pixels = np.random.default_rng(0).random((90, 110, 3)).astype(np.float16)
    image = ImageTexture(later.run)
    coarse = image.texture(pixels)
    assert 0 < width_of(coarse) < 110 and not image.is_whole and not image.is_sending
    assert mean_of(coarse) == pytest.approx(0.5, abs=0.03)
    later.go()
    frames = 0
    while not image.is_whole:
        assert image.is_sending
        shown = image.texture(pixels)
        frames += 1
    assert frames > 5 and max(sent) <= 12_000
    assert width_of(shown) == 110 and image.texture(pixels) == shown and not image.is_sending
    image.delete()


def test_a_frame_sends_as_much_as_it_has_time_for(gl_context, sent, monkeypatch):
    from daub.app.window.viewport import image_texture

    monkeypatch.setattr(image_texture, "SECONDS", 60.0)
    later = Later()
    pixels = np.random.default_rng(0).random((90, 110, 3)).astype(np.float16)
    image = image_texture.ImageTexture(later.run)
    image.texture(pixels)
    later.go()
    del sent[:]
    assert width_of(image.texture(pixels)) < 110 and not sent, "the first frame makes room for it"
    assert width_of(image.texture(pixels)) == 110 and image.is_whole, "all of it within one frame"
    assert len(sent) > 5 and set(sent) == {6_000}, "and nevertheless in strips, so that it can end between two"
    image.delete()


def test_another_image_takes_the_place_of_one_that_is_on_its_way(gl_context, sent):
    from daub.app.window.viewport.image_texture import ImageTexture

    later = Later()
    large, small = np.full((90, 110, 3), 0.25, np.float16), np.full((9, 11, 3), 0.75, np.float16)
    image = ImageTexture(later.run)
    image.texture(large)
    assert width_of(image.texture(small)) == 11 and image.is_whole
    later.go()
    assert width_of(image.texture(small)) == 11 and image.is_whole, "what came late is not wanted any more"
    image.texture(large)
    later.go()
    image.texture(large)
    assert image.is_sending
    assert mean_of(image.texture(small)) == pytest.approx(0.75, abs=1e-3)
    image.delete()
