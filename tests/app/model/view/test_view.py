"""How the picture is looked at: sides, split line, gain, and moving around."""

from __future__ import annotations

import pytest

from daub.app.model.compare.difference import GAINS, Difference
from daub.app.model.compare.modes import BLINK_PERIODS, Mode
from daub.app.model.view.view import View


@pytest.fixture
def view() -> View:
    """800x600 pixels with a picture of 400x300, which has two sides."""
    view = View()
    view.resize(800, 600, 1.0)
    view.show(400, 300, compares=True)
    return view


def test_a_side_is_chosen_and_peeked_at(view):
    assert view.mode is Mode.B
    view.peek("a")
    assert view.mode is Mode.A and view.look.mode is Mode.B
    view.peek(None)
    view.choose(Mode.SPLIT)
    assert view.mode is Mode.SPLIT and view.splits


def test_without_a_second_side_there_is_nothing_to_compare(view):
    view.choose(Mode.DIFFERENCE)
    view.show(10, 10, compares=False)
    assert view.mode is Mode.B
    view.choose(Mode.A)
    view.jump_split(0.5)
    view.peek("a")
    assert view.mode is Mode.B and not view.splits
    view.compare(True)
    view.choose(Mode.SIDE_BY_SIDE)
    view.compare(False)
    assert view.mode is Mode.B and len(view.panes) == 1


def test_the_gain_goes_as_far_as_there_are_gains(view):
    for _ in range(20):
        view.amplify(1)
    assert view.look.gain == GAINS[-1]
    for _ in range(20):
        view.amplify(-1)
    assert view.look.gain == GAINS[0]


@pytest.mark.parametrize("mode", list(Mode))
def test_in_any_mode_either_side_can_be_peeked_at_and_nothing_moves(view, mode):
    view.choose(mode)
    place, panes = view.camera.offset, len(view.panes)
    for side, seen in (("a", Mode.A), ("b", Mode.B)):
        view.peek(side)
        assert view.mode is seen and {pane.mode for pane in view.panes} == {seen} and not view.differs
        assert view.camera.offset == place and len(view.panes) == panes
    view.peek(None)
    assert view.look.mode is mode


def test_side_by_side_two_panes_show_the_same_part_of_the_picture(view):
    view.zoom_to(3.0)
    middle = view.camera.to_image(400, 300)
    moved = []
    view.moved.connect(lambda: moved.append(1))
    view.choose(Mode.SIDE_BY_SIDE)
    left, right = view.panes
    assert (left.left, left.width, left.mode) == (0, 399, Mode.A)
    assert (right.left, right.width, right.mode) == (401, 399, Mode.B)
    assert moved and view.camera.to_image(199.5, 300) == pytest.approx(middle, abs=0.5)
    assert view.in_pane(501) == 100 and view.in_pane(100) == 100 and view.in_pane(-3) == -3
    view.point_at(501, 300)
    there = view.pixel
    view.point_at(100, 300)
    assert view.pixel == there == view.camera.pixel_at(100, 300)
    view.resize(1000, 600, 2.0)
    assert [pane.left for pane in view.panes] == [0, 502] and view.camera.view == (498, 600)
    view.choose(Mode.SPLIT)
    assert view.camera.view == (1000, 600)


def test_sides_that_blink_take_turns_until_something_else_is_chosen(view):
    view.choose(Mode.BLINK)
    seen = [view.mode]
    for _ in range(3):
        view.blink()
        seen.append(view.mode)
    assert seen == [Mode.A, Mode.B, Mode.A, Mode.B] and view.blinks
    view.peek("b")
    assert not view.blinks
    view.peek(None)
    for step, last in ((1, BLINK_PERIODS[-1]), (-1, BLINK_PERIODS[0])):
        for _ in range(20):
            view.blink_slower(step)
        assert view.look.blink == last
    view.choose(Mode.SPLIT)
    assert not view.blinks and view.mode is Mode.SPLIT


def test_each_difference_has_a_gain_of_its_own(view):
    view.choose_difference(Difference.ABSOLUTE)
    view.amplify(1)
    gain = view.look.gain
    view.next_difference()
    assert view.look.difference is Difference.SQUARED and view.look.gain != gain and view.differs
    view.choose(Mode.B)
    view.next_difference()
    assert view.look.difference is Difference.SQUARED, "it is shown again first"
    view.choose_difference(Difference.ABSOLUTE)
    assert view.look.gain == gain


def test_what_is_under_a_pointer_that_rests_is_known_after_every_movement(view):
    told = []
    view.hovered.connect(lambda: told.append(view.pixel))
    view.point_at(400, 300)
    view.pan(-60, 0)
    view.zoom_by(2.0, 0.0, 0.0)
    assert told == [(200, 150), (233, 150), view.camera.pixel_at(400, 300)] or len(told) == 3
    assert view.pixel == view.camera.pixel_at(400, 300)


def test_the_split_line_jumps_within_the_part_of_the_picture_in_view(view):
    left, right = view.camera.to_screen(0, 0)[0], view.camera.to_screen(400, 0)[0]
    for where, x in ((0.0, left), (0.5, 400), (1.0, right)):
        view.jump_split(where)
        assert view.split_at == pytest.approx(x, abs=1) and view.mode is Mode.SPLIT
    places = []
    for _ in range(4):
        view.cycle_split()
        places.append(round((view.split_at - left) / (right - left), 1))
    assert places == [0.0, 0.5, 1.0, 0.0]
    view.zoom_to(20.0)
    view.jump_split(0.0)
    assert view.split_at == 0, "the edge of the screen, not that of the picture"
    view.move_split(-50)
    assert view.split == 0.0
    view.move_split(9000)
    assert view.split == 1.0


def test_whoever_shows_it_is_told_what_has_changed(view):
    told = []
    view.changed.connect(lambda: told.append("changed"))
    view.moved.connect(lambda: told.append("moved"))
    view.hovered.connect(lambda: told.append(view.pixel))
    view.toggle("at_pixels")
    view.pan(3, 4)
    view.point_at(400, 300)
    view.point_at(400.2, 300)
    view.point_away()
    assert told == ["changed", "moved", view.camera.pixel_at(400, 300), None], "a pixel is told of once"


def test_nothing_moves_without_a_picture():
    view, moved = View(), []
    view.moved.connect(lambda: moved.append(1))
    view.fit()
    view.zoom_by(2)
    view.pan(1, 1)
    view.point_at(0, 0)
    assert not moved and view.pixel is None
