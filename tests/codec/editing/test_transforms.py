"""Maps and canvas operations, judged by what they render."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from property_tests import examples

from daub.codec.editing import canvas
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.transforms import Affine
from daub.codec.errors import DaubError
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians
from daub.render.strips import Region

CPU = CpuRasteriser()


def drawing(seed=0, count=60, width=72, height=48):
    rng = np.random.default_rng(seed)
    factor = rng.normal(0, 2.5, (count, 2, 2))
    covariance = factor @ factor.transpose(0, 2, 1) + 0.3 * np.eye(2)
    mean = rng.uniform(-3, [width + 2, height + 2], (count, 2))
    return Drawing(Gaussians.build(mean, covariance, rng.uniform(-0.6, 0.9, (count, 3))), width, height)


def same(first, second, tolerance=2e-4):
    np.testing.assert_allclose(first, second, atol=tolerance)


numbers = st.floats(-3, 3).filter(lambda x: abs(x) > 0.05)


@settings(max_examples=examples(30))
@given(numbers, numbers, st.floats(-2, 2), st.floats(-30, 30), st.floats(-180, 180))
def test_the_inverse_undoes_a_map(a, d, shear, move, degrees):
    there = Affine(np.array([[a, shear], [0, d]]), np.array([move, -move]))
    there = there.then(Affine.rotation(degrees, (11, 7)))
    first = drawing().gaussians
    back = there.inverse.of(there.of(first))
    np.testing.assert_allclose(back.mean, first.mean, atol=2e-2)
    np.testing.assert_allclose(back.colour, first.colour, rtol=2e-3, atol=1e-5)
    scale = np.abs(first.covariance).max((1, 2), keepdims=True)
    np.testing.assert_allclose(back.covariance / scale, first.covariance / scale, atol=5e-3)


@settings(max_examples=examples(30))
@given(numbers, numbers, st.floats(-2, 2))
def test_a_map_is_that_of_covariances_and_keeps_the_colour_at_the_centre(a, d, shear):
    first = drawing().gaussians
    there = Affine(np.array([[a, shear], [0.3, d]]) if abs(a * d - 0.3 * shear) > 0.01 else np.eye(2), np.zeros(2))
    after = there.of(first)
    expected = there.matrix @ first.covariance.astype(np.float64) @ there.matrix.T
    np.testing.assert_allclose(after.covariance, expected, rtol=2e-3, atol=2e-3 * np.abs(expected).max((1, 2)).min())
    np.testing.assert_allclose(after.colour, first.colour, rtol=1e-4, atol=1e-6)


def test_only_those_selected_go_along():
    first = drawing().gaussians
    selected = np.arange(len(first)) % 3 == 0
    after = Affine.translation(5, -2).of(first, selected)
    assert (after.parameters[~selected] == first.parameters[~selected]).all()
    np.testing.assert_allclose(after.mean[selected], first.mean[selected] + [5, -2], atol=1e-5)


def test_maps_that_flatten_are_refused():
    with pytest.raises(ValueError):
        Affine(np.array([[1, 1], [1, 1]]), np.zeros(2))
    with pytest.raises(ValueError):
        Affine(np.full((2, 2), np.nan), np.zeros(2))


def test_flips_render_the_flipped_picture():
    first = drawing()
    picture = first.rendered(CPU)
    same(canvas.flipped_horizontally(first).rendered(CPU), picture[:, ::-1])
    same(canvas.flipped_vertically(first).rendered(CPU), picture[::-1])


@given(st.integers(0, 2**31))
@settings(max_examples=examples(20))
def test_flipped_twice_is_the_same(seed):
    first = drawing(seed)
    for flip in (canvas.flipped_horizontally, canvas.flipped_vertically):
        twice = flip(flip(first)).gaussians.parameters
        assert (twice[:, 2:] == first.gaussians.parameters[:, 2:]).all()
        np.testing.assert_allclose(twice[:, :2], first.gaussians.mean, atol=1e-5)


@pytest.mark.parametrize("quarters", [-1, 0, 1, 2, 3, 4])
def test_turns_render_the_turned_picture(quarters):
    first = drawing()
    after = canvas.turned(first, quarters)
    expected = np.rot90(first.rendered(CPU), quarters)
    assert (after.height, after.width) == expected.shape[:2]
    same(after.rendered(CPU), expected)


def test_a_crop_renders_the_part_and_drops_what_cannot_reach_it():
    first = drawing()
    after, kept = canvas.cropped(first, Region(20, 11, 31, 17))
    same(after.rendered(CPU), first.rendered(CPU)[11:28, 20:51])
    assert len(after) == kept.sum() < len(first)


def test_a_crop_may_reach_beyond_the_canvas():
    first = drawing()
    after, _ = canvas.cropped(first, Region(-4, -6, 80, 60))
    same(after.rendered(CPU)[6:54, 4:76], first.rendered(CPU))


def test_a_crop_to_nothing_is_refused():
    with pytest.raises(DaubError):
        canvas.cropped(drawing(), Region(0, 0, 0, 5))


def test_a_larger_canvas_shows_the_same_picture():
    first = drawing()
    after = canvas.resized(first, 144, 96)
    big, small = after.rendered(CPU), first.rendered(CPU)
    means = big.reshape(48, 2, 72, 2, 3).mean((1, 3))
    assert np.abs(means - small)[4:-4, 4:-4].mean() < 0.03
    again = canvas.resized(after, 72, 48)
    assert np.abs(again.rendered(CPU) - small).mean() < 0.03


def test_the_thinnest_keep_their_area_when_they_are_turned():
    """Of sides of which a determinant would lose all digits: the area is that before, to the last of them."""
    shapes = np.float32([[-20, 0, 1e9], [-30, 3, 1e12], [3, -20, 0]])
    thin = Gaussians(np.concatenate([np.ones((3, 2), np.float32), shapes, np.ones((3, 3), np.float32)], 1))
    for degrees in (17.3, 30, 89):
        turned = Affine.rotation(degrees, (0, 0)).of(thin)
        assert np.isfinite(turned.parameters).all()
        np.testing.assert_allclose(turned.log_scale.sum(1), thin.log_scale.sum(1), atol=1e-5)
        np.testing.assert_allclose(turned.coefficient, thin.coefficient, rtol=1e-6)
