"""Shapes against what a pixel of a drawn polygon, or a plain distance, says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daub.codec.editing.shapes import Polygon, Rectangle, Stroke


def _plainly_inside(corners, x, y):
    inside = False
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, 0), strict=True):
        if (y0 <= y) != (y1 <= y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


@given(st.integers(0, 2**32 - 1), st.integers(0, 12))
def test_a_polygon_holds_what_the_even_odd_rule_says(seed, count):
    rng = np.random.default_rng(seed)
    corners, points = rng.uniform(-5, 25, (count, 2)), rng.uniform(-5, 25, (60, 2))
    expected = [_plainly_inside(corners, *point) for point in points]
    assert Polygon(corners).contains(points).tolist() == expected


def test_corners_on_pixel_centres_count_each_pixel_once():
    """Two halves of a square that share an edge through pixel centres hold every pixel of it exactly once."""
    left, right = Polygon([(0, 0), (8, 0), (0, 8)]), Polygon([(8, 0), (8, 8), (0, 8)])
    both = left.region(9, 9).astype(int) + right.region(9, 9)
    whole = Polygon([(0, 0), (8, 0), (8, 8), (0, 8)]).region(9, 9)
    assert (both == whole).all() and whole.sum() == 64


def test_a_region_of_a_lasso_is_that_of_the_circle_it_follows():
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    region = Polygon(np.stack([60 + 30 * np.cos(angle), 50 + 30 * np.sin(angle)], 1)).region(120, 100)
    y, x = np.mgrid[:100, :120]
    away = np.hypot(x - 60, y - 50)
    assert region[away < 29.9].all() and not region[away > 30.1].any()


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_a_stroke_measures_the_distance_to_its_line(seed, count):
    rng = np.random.default_rng(seed)
    path, points = rng.uniform(0, 30, (count, 2)), rng.uniform(-10, 40, (50, 2))
    dense = np.concatenate(
        [a + (b - a) * np.linspace(0, 1, 400)[:, None] for a, b in zip(path, np.roll(path, -1, 0), strict=True)][
            : max(count - 1, 1)
        ]
    )
    if count == 1:
        dense = path
    expected = np.sqrt(((points[:, None] - dense) ** 2).sum(2)).min(1)
    found = Stroke(path, 6.0).distance(points)
    near = expected < 5.9
    np.testing.assert_allclose(found[near], expected[near], atol=0.06)  # the dense points are 0.1 apart
    assert np.isinf(found[expected > 6.1]).all()


def test_regions_beside_the_canvas_are_empty():
    for shape in (Rectangle(50, 50, 5, 5), Stroke([(-9, -9)], 2), Polygon([]), Polygon([(30, 1), (40, 1), (35, 9)])):
        assert not shape.region(20, 20).any()


def test_a_rectangle_is_whole_pixels():
    region = Rectangle(2, 3, 4, 5).region(10, 10)
    assert region.sum() == 20 and region[3:8, 2:6].all()


def test_a_stroke_needs_a_point_and_a_radius():
    with pytest.raises(ValueError):
        Stroke([], 2)
    with pytest.raises(ValueError):
        Stroke([(1, 1)], 0)


@pytest.mark.parametrize("seed", range(60))
def test_the_pixels_of_a_polygon_are_those_whose_centres_it_contains(seed):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(-5, 30, (int(rng.integers(0, 9)), 2))
    if seed % 2:  # on pixels, where a tie has to fall to the same side
        corners = corners.round()
    width, height = (int(side) for side in rng.integers(1, 25, 2))
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    inside = Polygon(corners).contains(np.stack([x.ravel(), y.ravel()], 1)).reshape(height, width)
    assert np.array_equal(Polygon(corners).region(width, height), inside)
