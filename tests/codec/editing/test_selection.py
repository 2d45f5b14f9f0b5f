import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daub.codec.editing import selection
from daub.codec.editing.groups import NO_GROUP, Group, editable, shown, without_group
from daub.codec.editing.selection import Mode
from daub.codec.editing.shapes import Polygon, Rectangle
from daub.render.gaussians import Gaussians


def _spread(count=200, seed=0, size=64):
    rng = np.random.default_rng(seed)
    mean = rng.uniform(0, size - 1, (count, 2))
    covariance = np.eye(2) * rng.uniform(1, 9, (count, 1, 1))
    return Gaussians.build(mean, covariance, rng.uniform(-0.5, 0.9, (count, 3)))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1))
def test_modes_are_those_of_sets(rows):
    before, found, selectable = np.array(rows).T
    sets = [set(np.flatnonzero(each)) for each in (before, found & selectable)]
    for mode, expected in (
        (Mode.REPLACE, sets[1]),
        (Mode.ADD, sets[0] | sets[1]),
        (Mode.SUBTRACT, sets[0] - sets[1]),
        (Mode.INTERSECT, sets[0] & sets[1]),
    ):
        assert set(np.flatnonzero(mode.join(before, found, selectable))) == expected


def test_a_region_and_the_shape_that_it_was_made_of_select_alike():
    gaussians = _spread()
    for shape in (Rectangle(10, 5, 30, 40), Rectangle(-5, -5, 12, 12)):
        by_region = selection.by_region(gaussians, shape.region(64, 64))
        assert (by_region == selection.by_shape(gaussians, shape)).all() and by_region.any()


def test_a_lasso_of_500_corners_over_50_000_gaussians_takes_one_pass():
    gaussians = _spread(50_000, size=4000)
    angle = np.linspace(0, 2 * np.pi, 500, endpoint=False)
    radius = 1500 + 300 * np.sin(9 * angle)
    lasso = Polygon(np.stack([2000 + radius * np.cos(angle), 2000 + radius * np.sin(angle)], 1))
    found = selection.by_shape(gaussians, lasso)
    x, y = (gaussians.mean.astype(float) - 2000).T
    expected = np.hypot(x, y) < 1500 + 300 * np.sin(9 * np.arctan2(y, x))
    assert (found != expected).mean() < 2e-4


def test_what_is_not_a_number_is_in_no_range():
    values = np.array([1.0, np.nan, 3.0])
    assert selection.by_range(values).tolist() == [True, False, True]
    assert selection.by_range(values, most=2).tolist() == [True, False, False]


def test_similar_colours_are_of_the_picture_or_of_the_amplitude():
    two = Gaussians.build([[2, 2], [8, 2]], [np.eye(2)] * 2, [[0.5, 0.1, 0.1], [-0.2, 0.0, 0.0]])
    picture = np.zeros((5, 11, 3), np.float32)
    picture[:, 6:] = 0.7
    assert selection.by_colour(two, picture, [0.7, 0.7, 0.7], 0.01).tolist() == [False, True]
    assert selection.by_amplitude(two, [0.5, 0.1, 0.1], 0.01).tolist() == [True, False]
    assert selection.by_amplitude(two, [0.5, 0.1, 0.1], 1.0).all()


def test_growth_takes_in_those_that_touch():
    row = Gaussians.build([[0, 0], [3, 0], [6, 0], [20, 0]], [np.eye(2) * 4] * 4, [[1, 1, 1]] * 4)
    first = np.array([True, False, False, False])
    once = selection.grown(row, first)
    assert once.tolist() == [True, True, False, False]
    assert selection.grown(row, once).tolist() == [True, True, True, False]
    assert selection.grown(row, first, reach=10).all()
    nothing = np.zeros(4, bool)
    assert not selection.grown(row, nothing).any() and selection.grown(row, ~nothing).all()


def test_hidden_and_locked_groups_are_not_selected_and_hidden_ones_add_nothing():
    gaussians = _spread(4)
    groups = (Group("a", visible=False), Group("b", locked=True), Group("c", strength=0.5))
    of = np.array([0, 1, 2, NO_GROUP], np.int32)
    assert editable(groups, of).tolist() == [False, False, True, True]
    colour = shown(gaussians, groups, of).colour
    np.testing.assert_allclose(colour, gaussians.colour * [[0], [1], [0.5], [1]], rtol=1e-6)
    assert shown(gaussians, groups, np.full(4, NO_GROUP)) is gaussians
    left, numbers = without_group(groups, of, 1)
    assert [group.name for group in left] == ["a", "c"] and numbers.tolist() == [0, NO_GROUP, 1, NO_GROUP]
