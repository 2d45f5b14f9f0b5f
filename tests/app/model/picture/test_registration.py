"""Where a picture lies on a canvas: the same for pixels, for Gaussians, and for what is done to drawings."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.picture.registration import SAME, Registration
from daub.codec.editing import canvas
from daub.codec.editing.drawing import Drawing
from daub.render.gaussians import Gaussians
from daub.render.strips import Region

WIDTH, HEIGHT = 23, 14


@pytest.fixture
def rasteriser():
    from daub.render.cpu.backend import CpuRasteriser

    return CpuRasteriser()


def three() -> Gaussians:
    shapes = [[[9.0, 2.0], [2.0, 3.0]], [[4.0, -1.0], [-1.0, 6.0]], [[2.0, 0.3], [0.3, 2.0]]]
    return Gaussians.build([[5, 4], [16.3, 9.6], [11, 2.2]], shapes, [[0.9, 0, 0], [0, 0.8, 0.1], [0.1, 0.2, 0.9]])


def changed(drawing: Drawing, at: Registration, rng: np.random.Generator) -> tuple[Drawing, Registration]:
    """A drawing, and where the first one lies on it, after one thing that leaves pixels as they are."""
    kind = rng.integers(4)
    width, height = drawing.size
    if kind == 0:
        return canvas.flipped_horizontally(drawing), at.flipped(0, width)
    if kind == 1:
        return canvas.flipped_vertically(drawing), at.flipped(1, height)
    if kind == 2:
        quarters = int(rng.integers(-3, 4))
        return canvas.turned(drawing, quarters), at.turned(quarters, width, height)
    left, top = (int(rng.integers(0, 2)) for _ in range(2))
    region = Region(left, top, width - left - 1, height - top)
    return canvas.cropped(drawing, region)[0], at.cropped(left, top)


@pytest.mark.parametrize("seed", range(12))
def test_pixels_and_gaussians_go_the_same_way(seed, rasteriser):
    rng, at, drawing = np.random.default_rng(seed), SAME, Drawing(three(), WIDTH, HEIGHT)
    picture = drawing.rendered(rasteriser)
    for _ in range(6):
        drawing, at = changed(drawing, at, rng)
        assert at.is_exact
        seen = at.pixels(picture, drawing.size)
        assert seen.base is not None and np.abs(seen - drawing.rendered(rasteriser)).max() < 1e-4
        again = Drawing(at.gaussians(three()), *drawing.size).rendered(rasteriser)
        assert np.abs(seen - again).max() < 1e-4
        assert at.then(at.inverse) == SAME


@pytest.mark.parametrize("seed", range(6))
def test_another_size_is_resampled(seed, rasteriser):
    rng, at, drawing = (
        np.random.default_rng(seed),
        SAME.resized(1.5, 2),
        canvas.resized(Drawing(three(), 24, 14), 36, 28),
    )
    picture = Drawing(three(), 24, 14).rendered(rasteriser)
    for _ in range(3):
        drawing, at = changed(drawing, at, rng)
        assert not at.is_exact and at.pixels(picture, drawing.size) is None
        seen = at.resampled(picture, drawing.size)
        assert seen.shape[1::-1] == drawing.size
        assert np.abs(seen - drawing.rendered(rasteriser).clip(0, 1)).mean() < 0.02
        again = Drawing(at.gaussians(three()), *drawing.size).rendered(rasteriser)
        assert np.abs(again - drawing.rendered(rasteriser)).max() < 1e-3


def test_beside_the_picture_there_are_no_pixels():
    assert SAME.cropped(-1, 0).pixels(np.zeros((4, 4, 3)), (4, 4)) is None
    assert SAME.cropped(2, 0).pixels(np.zeros((4, 4, 3)), (3, 4)) is None
    assert SAME.cropped(2, 0).pixels(np.zeros((4, 4, 3)), (2, 4)).shape == (4, 2, 3)
