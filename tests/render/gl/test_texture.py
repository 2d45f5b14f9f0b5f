"""Images on the GPU: what is sent strip by strip is what is sent at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from daub.render.gl.texture import Texture, mip_maps

KINDS = {
    "colours": lambda h, w: np.random.default_rng(2).random((h, w, 3)).astype(np.float16),
    "levels": lambda h, w: np.random.default_rng(2).integers(0, 256, (h, w, 3), np.uint8),
    "errors": lambda h, w: np.random.default_rng(2).random((h, w)).astype(np.float16),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (1, 37), (37, 1), (8, 8), (301, 6)], ids=str)
def test_every_level_is_the_mean_of_the_one_before(kind, size):
    levels = mip_maps(KINDS[kind](*size))
    assert levels[-1].shape[:2] == (1, 1) and all(level.dtype == levels[0].dtype for level in levels)
    for finer, coarser in pairwise(levels):
        down, across = (1 if side == 1 else 2 for side in finer.shape[:2])
        height, width = coarser.shape[:2]
        assert (height, width) == (max(1, finer.shape[0] // 2), max(1, finer.shape[1] // 2))
        blocks = finer[: height * down, : width * across].astype(float)
        mean = blocks.reshape(height, down, width, across, *finer.shape[2:]).mean((1, 3))
        if finer.dtype == np.uint8:
            np.testing.assert_array_equal(coarser, np.round(mean))
        else:
            np.testing.assert_allclose(coarser.astype(float), mean, atol=1e-3)


def read(texture: Texture, level: int, shape: tuple[int, ...]) -> np.ndarray:
    from OpenGL import GL

    GL.glBindTexture(GL.GL_TEXTURE_2D, texture.texture)
    GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 1)
    raw = GL.glGetTexImage(GL.GL_TEXTURE_2D, level, GL.GL_RED if len(shape) == 2 else GL.GL_RGB, GL.GL_FLOAT)
    return np.frombuffer(raw, np.float32).reshape(shape)


@pytest.mark.gui
@pytest.mark.parametrize("kind", KINDS)
def test_strips_come_to_the_whole_image(gl_context, kind):
    pixels = KINDS[kind](37, 21)
    levels, texture = mip_maps(pixels), Texture()
    texture.begin(levels)
    frames = 1
    while not texture.send(5 * pixels[0].nbytes):
        frames += 1
    assert frames >= 37 // 5, "a budget bounds what goes at once"
    scale = 255 if pixels.dtype == np.uint8 else 1
    for level, expected in enumerate(levels):
        found = read(texture, level, expected.shape)
        np.testing.assert_allclose(found * scale, expected.astype(float), atol=0.01 if scale > 1 else 1e-6)
    texture.upload(pixels)
    np.testing.assert_allclose(read(texture, 0, pixels.shape) * scale, pixels.astype(float), atol=0.01)
    texture.delete()


@pytest.mark.gui
@pytest.mark.parametrize("stored", [True, False], ids=["all levels at once", "level by level"])
def test_other_images_follow_in_the_same_texture(gl_context, monkeypatch, stored):
    from OpenGL import GL

    if not stored:
        monkeypatch.setattr(GL, "glTexStorage2D", None)  # as before OpenGL 4.2
    texture = Texture()
    for pixels in (KINDS["levels"](37, 21), KINDS["levels"](37, 21)[::-1], KINDS["errors"](37, 21)):
        before = texture.texture
        texture.upload(pixels)
        assert (texture.texture == before) or pixels.ndim == 2, "memory of another kind, and only that, is new"
        scale = 255 if pixels.dtype == np.uint8 else 1
        for level, expected in enumerate(mip_maps(pixels)):
            found = read(texture, level, expected.shape) * scale
            np.testing.assert_allclose(found, expected.astype(float), atol=0.01 if scale > 1 else 1e-6)
    texture.upload(pixels, reduced=False)
    GL.glBindTexture(GL.GL_TEXTURE_2D, texture.texture)
    assert GL.glGetTexLevelParameteriv(GL.GL_TEXTURE_2D, 1, GL.GL_TEXTURE_WIDTH) == 0, "nothing is left of the levels"
    texture.delete()
