"""Triangles as a graphics card draws them: whole areas without seams, colours and textures as they were given."""

from __future__ import annotations

import numpy as np
import pytest

from daub.render.cpu.triangles import draw_triangles

WHITE = np.full((1, 1, 4), 255, np.uint8)
WHOLE = np.array([0, 0, 1e6, 1e6], np.float32)


def drawn(places, colours, corners, texels=None, texture=WHITE, clip=WHOLE, size=(20, 30), ground=0):
    image = np.full((*size, 4), ground, np.uint8)
    places = np.array(places, np.float32)
    texels = np.full_like(places, 0.5) if texels is None else np.array(texels, np.float32)
    colours = np.broadcast_to(np.array(colours, np.uint8), (len(places), 4)).copy()
    draw_triangles(image, places, texels, colours, np.array(corners, np.uint32), np.array(clip, np.float32), texture)
    return image


def corners_of(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


QUAD = [(0, 1, 2), (0, 2, 3)]


@pytest.mark.parametrize("turn", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_two_triangles_make_a_rectangle_in_which_every_pixel_is_drawn_once(turn):
    image = drawn(corners_of(3, 2, 17, 12), (200, 100, 50, 128), [[corners[i] for i in turn] for corners in QUAD])
    expected = np.zeros((20, 30, 4), np.uint8)
    expected[2:12, 3:17] = (100, 50, 25, 128)
    assert np.abs(image.astype(int) - expected).max() <= 1


def test_a_fan_around_a_point_on_a_pixel_has_no_seams_and_no_pixel_twice():
    around = [(10.5 + 8 * np.cos(turn), 9.5 + 8 * np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 12, False)]
    image = drawn([(10.5, 9.5), *around], (255, 255, 255, 100), [(0, 1 + i, 1 + (i + 1) % 12) for i in range(12)])
    assert set(np.unique(image[..., 3])) == {0, 100}
    assert abs((image[..., 3] > 0).sum() - 3 * 8**2) < 12, "the area of a regular dodecagon is three radii squared"


def test_a_centre_on_the_edge_of_the_rectangle_belongs_to_its_upper_and_left_edges():
    image = drawn(corners_of(2.5, 3.5, 5.5, 6.5), (255, 255, 255, 255), QUAD)
    assert np.argwhere(image[..., 3]).min(0).tolist() == [3, 2] and np.argwhere(image[..., 3]).max(0).tolist() == [5, 4]


def test_colours_vary_from_corner_to_corner():
    colours = [(0, 0, 0, 255), (255, 0, 0, 255), (255, 0, 0, 255), (0, 0, 0, 255)]
    image = drawn(corners_of(0, 0, 30, 20), colours, QUAD)
    np.testing.assert_allclose(image[7, :, 0], 255 * (np.arange(30) + 0.5) / 30, atol=1)


def test_a_texture_at_its_own_size_is_drawn_to_the_bit_and_clipped():
    texture = np.random.default_rng(1).integers(0, 256, (10, 14, 4), np.uint8)
    texture[..., 3] = 255
    texels = corners_of(0, 0, 1, 1)
    image = drawn(corners_of(4, 5, 18, 15), (255,) * 4, QUAD, texels, texture, (6, 5, 16.0, 14))
    expected = np.zeros((20, 30, 4), np.uint8)
    expected[5:14, 6:16] = texture[:9, 2:12]
    np.testing.assert_array_equal(image, expected)


def test_what_lies_over_something_lets_it_through_by_its_alpha():
    image = drawn(corners_of(0, 0, 30, 20), (255, 0, 0, 64), QUAD, ground=200)
    assert np.abs(image[10, 10].astype(int) - [64 + 150, 150, 150, 64 + 150]).max() <= 1


def test_what_is_outside_or_without_area_draws_nothing():
    assert not drawn(corners_of(-20, -9, 0, 0), (255,) * 4, QUAD).any()
    assert not drawn(corners_of(40, 30, 90, 80), (255,) * 4, QUAD).any()
    assert not drawn([(3, 3), (9, 9), (15, 15)], (255,) * 4, [(0, 1, 2)]).any()
