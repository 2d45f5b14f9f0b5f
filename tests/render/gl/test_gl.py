"""The OpenGL drawing is the same model as the rasterisers'."""

from __future__ import annotations

import numpy as np
import pytest
from scenes import steep

from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser

pytestmark = pytest.mark.gui

WIDTH, HEIGHT = 67, 45


@pytest.fixture
def layer(gl_context):
    from daub.render.gl.gaussians import GaussianLayer

    layer = GaussianLayer()
    yield layer
    layer.delete()


def population(count: int = 120, seed: int = 5) -> Gaussians:
    """Sheared, signed, tiny to large, some of them off the image."""
    rng = np.random.default_rng(seed)
    l1, l3 = np.exp(rng.uniform(-0.7, 2.3, (2, count)))
    k = rng.normal(0, 0.8, count)
    covariance = np.empty((count, 2, 2))
    covariance[:, 0, 0], covariance[:, 1, 1] = l1**2, (1 + k**2) * l3**2
    covariance[:, 0, 1] = covariance[:, 1, 0] = k * l1 * l3
    return Gaussians.build(
        rng.uniform(-8, [WIDTH + 8, HEIGHT + 8], (count, 2)), covariance, rng.normal(0.1, 0.3, (count, 3))
    )


def agreement(image: np.ndarray, truth: np.ndarray) -> float:
    return -10 * np.log10(np.mean((image - truth) ** 2))


def drawn(layer, gaussians: Gaussians, width: int, height: int, origin=(0.0, 0.0), scale=1.0) -> np.ndarray:
    layer.upload(gaussians)
    layer.draw(width, height, origin, scale)
    return layer.target.pixels()


def test_agrees_with_reference(layer):
    gaussians = population()
    truth = ReferenceRasteriser().forward(gaussians, WIDTH, HEIGHT)
    assert layer.target.precision == "RGBA32F", layer.reason
    assert agreement(drawn(layer, gaussians, WIDTH, HEIGHT), truth) > 80


@pytest.mark.parametrize("scale", [0.25, 0.6, 2.5])
def test_any_scale_is_the_resized_model(layer, scale):
    gaussians = population()
    width, height = round(WIDTH * scale), round(HEIGHT * scale)
    truth = ReferenceRasteriser().forward(gaussians.resized(scale, scale), width, height)
    assert agreement(drawn(layer, gaussians, width, height, scale=scale), truth) > 70


def test_steep_ones_are_drawn_smaller(layer):
    gaussians = steep(np.random.default_rng(5), 40, WIDTH, HEIGHT, (4, 20))
    width, height = round(WIDTH * 0.6), round(HEIGHT * 0.6)
    truth = ReferenceRasteriser().forward(gaussians.resized(0.6, 0.6), width, height)
    assert agreement(drawn(layer, gaussians, width, height, scale=0.6), truth) > 50 and np.ptp(truth) > 0.5


def test_part_of_the_picture(layer):
    gaussians = population()
    truth = ReferenceRasteriser().forward(gaussians, WIDTH, HEIGHT)
    part = drawn(layer, gaussians, 20, 15, origin=(31.0, 17.0))
    assert agreement(part, truth[17:32, 31:51]) > 80


def test_none_is_black_and_a_new_population_replaces_the_old(layer):
    assert np.ptp(drawn(layer, population(), WIDTH, HEIGHT)) > 0
    assert not drawn(layer, Gaussians.empty(), WIDTH, HEIGHT).any()


@pytest.mark.parametrize("swapped", [False, True], ids=["an image as A", "an image as B"])
def test_split_shows_a_left_and_b_right_whatever_they_are(gl_context, swapped):
    from daub.render.gl.display import Display, Kind, Part, Placement, Shading, Side, View
    from daub.render.gl.gaussians import GaussianLayer
    from daub.render.gl.target import Target
    from daub.render.gl.texture import Texture

    layer, display, image, screen = GaussianLayer(), Display(), Texture(), Target("RGBA32F")
    broad = np.broadcast_to(1e6 * np.eye(2), (1, 2, 2))
    layer.upload(Gaussians.build([[4, 3]], broad, [[0.0, 0.5, 0.0]]))
    layer.draw(8, 6, (0.0, 0.0), 1.0)
    image.upload(np.full((6, 8, 3), [1.0, 0.0, 0.0], np.float16))
    placement = Placement((12, 6), (8, 6), (2.0, 0.0), 1.0)
    sides = [Side(image.texture), Side(layer.target.texture, Part((0.0, 0.0), 1.0))]
    green = 0.5 * (1 - np.exp(-4.5))
    colours = [[1, 0, 0], [0, green, 0]]
    if swapped:
        sides.reverse()
        colours.reverse()

    def seen(view: View, a=sides[0], b=sides[1]) -> np.ndarray:
        screen.begin(12, 6)
        shading = Shading(view, (0.25, 0.25, 0.25), split=6, kind=Kind.ABSOLUTE, gain=0.5, by_channel=True)
        display.draw(placement, a, b, shading)
        return screen.pixels()[3]

    row = seen(View.SPLIT)
    np.testing.assert_allclose(row[2:6], [colours[0]] * 4, atol=1e-3)
    np.testing.assert_allclose(row[6:10], [colours[1]] * 4, atol=1e-3)
    assert row[0, 0] == row[0, 1] == row[0, 2] < 0.26, "beside the image is the surround"
    for view, colour in ((View.A, colours[0]), (View.B, colours[1]), (View.DIFFERENCE, [0.5, green / 2, 0])):
        np.testing.assert_allclose(seen(view)[2:10], [colour] * 8, atol=1e-3)
    for view, given in ((View.A, (None, sides[1])), (View.B, (sides[0], None)), (View.DIFFERENCE, (sides[0], None))):
        np.testing.assert_allclose(seen(view, *given)[2:10], 0.25, atol=1e-3, err_msg="nothing is there")
    for thing in (layer, display, image, screen):
        thing.delete()


def test_a_shader_that_does_not_compile_says_why(gl_context, monkeypatch):
    from daub.render.gl import program

    monkeypatch.setattr(program, "_HEADER", "#version 330 core\n")  # SUPPORT is missing
    with pytest.raises(RuntimeError, match=r"cannot compile gaussian\.(vert|frag): .*SUPPORT"):
        program.Program("gaussian.vert", "gaussian.frag")
