"""The tint of what is important: where it lies, how strong it is, and that a part of a map can be replaced."""

from __future__ import annotations

import numpy as np
import pytest

from daub.render.gl.display import Placement

pytestmark = pytest.mark.gui

WIDTH, HEIGHT = 40, 30
PLACEMENT = Placement((60, 50), (WIDTH, HEIGHT), (5.0, 7.0), 1.0)


@pytest.fixture
def tinted(gl_context):
    """Draws a texture over grey; (H, W, 3) int, the picture alone."""
    from OpenGL import GL

    from daub.render.gl.tint import Tint

    tint = Tint()
    texture, framebuffer = GL.glGenTextures(1), GL.glGenFramebuffers(1)
    width, height = PLACEMENT.screen
    GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
    GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA8, width, height, 0, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, None)
    GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
    GL.glFramebufferTexture2D(GL.GL_FRAMEBUFFER, GL.GL_COLOR_ATTACHMENT0, GL.GL_TEXTURE_2D, texture, 0)

    def draw(map_texture) -> np.ndarray:
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
        GL.glClearColor(0.5, 0.5, 0.5, 1)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT)
        tint.draw(map_texture, PLACEMENT, 128, 1.0)
        data = GL.glReadPixels(0, 0, width, height, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE)
        screen = np.frombuffer(data, np.uint8).reshape(height, width, 4)[::-1].astype(int)
        assert (screen[..., 3] == 255).all(), "the compositor would take the picture for a transparent one"
        outside = np.ones((height, width), bool)
        outside[7 : 7 + HEIGHT, 5 : 5 + WIDTH] = False
        assert (abs(screen[outside][:, :3] - 128) <= 1).all(), "nothing beside the picture"
        return screen[7 : 7 + HEIGHT, 5 : 5 + WIDTH, :3]

    yield draw
    tint.delete()
    GL.glDeleteFramebuffers(1, [framebuffer])
    GL.glDeleteTextures(1, [texture])


@pytest.fixture
def map_texture(gl_context):
    from daub.render.gl.tint import MapTexture

    texture = MapTexture()
    yield texture
    texture.delete()


def test_the_tint_is_as_strong_as_the_map_says_and_neutral_has_none(tinted, map_texture):
    values = np.full((HEIGHT, WIDTH), 128, np.uint8)
    values[:, 10:20], values[:, 20:30], values[:, 30:] = 190, 255, 0
    map_texture.upload(values)
    seen = abs(tinted(map_texture) - 128).sum(2)
    neutral, some, much, less = (seen[:, left : left + 10] for left in (0, 10, 20, 30))
    assert neutral.max() <= 2 and np.ptp(some) == np.ptp(much) == 0 and 20 < some.mean() < 0.8 * much.mean()
    assert less.max() > 2 * less.min() > 20, "stripes, without a gap that would look neutral"


def test_a_rectangle_is_replaced_and_no_more(tinted, map_texture):
    values = np.full((HEIGHT, WIDTH), 128, np.uint8)
    map_texture.upload(values)
    values[5:12, 11:30] = 255
    map_texture.update(values[5:12, 11:30], 11, 5)
    changed = abs(tinted(map_texture) - 128).sum(2) > 10
    assert (changed == (values == 255)).all()
