"""Centres, ellipses, filled ellipses and maps: where they lie, in which colours, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest

from daub.render.gaussians import Gaussians

pytestmark = pytest.mark.gui

SIZE = 41, 31
COLOURS = np.stack([np.arange(256), 255 - np.arange(256), np.full(256, 90)], 1).astype(np.uint8)
ONE = Gaussians.build([[20, 15]], np.diag([100.0, 25.0])[None], [[0.5, 0.5, 0.5]])


@pytest.fixture
def drawn(gl_context):
    """Draws on black with a method of the overlay; (H, W, 3), row 0 at the top."""
    from daub.render.gl.display import Placement
    from daub.render.gl.overlay import Overlay
    from daub.render.gl.target import Target

    overlay, screen = Overlay(), Target("RGBA32F")

    def draw(how, gaussians, shares, *rest, zoom=1.0):
        overlay.upload(gaussians, np.float32(shares), COLOURS)
        screen.begin(*SIZE)
        getattr(overlay, how)(Placement(SIZE, SIZE, (0.0, 0.0), zoom), *rest)
        return screen.pixels()[::-1]  # the screen's rows run upwards

    yield draw
    for thing in (overlay, screen):
        thing.delete()


def test_ellipses_lie_at_one_sigma_with_a_halo_outside(drawn):
    image = drawn("ellipses", ONE, [1.0], 1.0)
    y, x = np.nonzero(image.sum(2) > 0)
    radius = ((x - 20) / 10) ** 2 + ((y - 15) / 5) ** 2
    assert len(x) > 40 and radius.min() > 0.7 and radius.max() < 1.75
    coloured = np.abs(image - COLOURS[255] / 255).max(2) < 0.02
    y, x = np.nonzero(coloured)
    radius = ((x - 20) / 10) ** 2 + ((y - 15) / 5) ** 2
    assert len(x) > 30 and radius.max() < 1.35


def test_a_filled_ellipse_is_full_to_its_edge_and_seen_through(drawn):
    image = drawn("filled", ONE, [0.5], 1.0)
    y, x = np.mgrid[:31, :41]
    radius = ((x - 20) / 10) ** 2 + ((y - 15) / 5) ** 2
    expected = COLOURS[128] / 255
    ratio = image[15, 20] / expected
    assert ratio == pytest.approx(np.full(3, ratio[0]), abs=0.02) and 0.4 < ratio[0] < 0.7
    assert (image[radius < 0.9] > 0).any(1).all() and not image[radius > 1.2].any()


def test_a_slanted_one_is_slanted(drawn):
    slanted = Gaussians.build([[20, 15]], [[[49.0, 40.0], [40.0, 49.0]]], [[1, 1, 1]])
    image = drawn("filled", slanted, [1.0], 1.0)
    assert image[20, 25].any() and image[10, 15].any() and not image[10, 25].any() and not image[20, 15].any()


def test_dots_are_at_the_centres_in_their_colours(drawn):
    two = Gaussians.build([[10, 8], [30, 20]], [np.eye(2)] * 2, [[1, 1, 1]] * 2)
    image = drawn("centres", two, [0.0, 1.0], 6.0)
    for (x, y), entry in (((10, 8), 0), ((30, 20), 255)):
        assert np.abs(image[y, x] / 0.95 - COLOURS[entry] / 255).max() < 0.05
    y, x = np.nonzero(image.sum(2) > 0)
    assert (np.minimum(np.hypot(x - 10, y - 8), np.hypot(x - 30, y - 20)) < 4).all()


@pytest.mark.parametrize("how", ["ellipses", "filled", "centres"])
def test_what_has_no_share_is_not_drawn(drawn, how):
    two = Gaussians.build([[10, 8], [30, 20]], [np.eye(2) * 4] * 2, [[1, 1, 1]] * 2)
    image = drawn(how, two, [-1.0, 0.4], 3.0 if how == "centres" else 1.0)
    assert image[12:].any() and not image[:12, :20].any()
    assert not drawn(how, two, [-1.0, -1.0], 1.0).any()
    assert not drawn(how, Gaussians.empty(), np.empty(0), 1.0).any()


def test_a_map_covers_the_picture_and_nothing_beside(gl_context):
    from daub.render.gl.display import Placement
    from daub.render.gl.heat import HeatLayer
    from daub.render.gl.target import Target

    layer, screen = HeatLayer(), Target("RGBA32F")
    layer.upload(np.array([[0, 255], [128, 64]], np.uint8), COLOURS)
    screen.begin(*SIZE)
    layer.draw(Placement(SIZE, (20, 10), (5.0, 4.0), 1.0), 1.0)
    image = screen.pixels()[::-1]
    for (x, y), entry in (((6, 5), 0), ((23, 5), 255), ((6, 12), 128), ((23, 12), 64)):
        assert np.abs(image[y, x] - COLOURS[entry] / 255).max() < 0.01
    outside = image.copy()
    outside[4:14, 5:25] = 0
    assert not outside.any()
    for thing in (layer, screen):
        thing.delete()
