"""How the picture is looked at: sides, split line, gain, and moving around."""

from __future__ import annotations

import pytest

from daub.app.model.view import GAINS, Mode, View


@pytest.fixture
def view() -> View:
    """800x600 pixels with a picture of 400x300, which has two sides."""
    view = View()
    view.resize(800, 600, 1.0)
    view.show(400, 300, compares=True)
    return view


def test_a_side_is_chosen_and_peeked_at(view):
    assert view.mode is Mode.B
    view.peek(True)
    assert view.mode is Mode.A and view.look.mode is Mode.B
    view.peek(False)
    view.choose(Mode.SPLIT)
    assert view.mode is Mode.SPLIT and view.splits


def test_without_a_second_side_there_is_nothing_to_compare(view):
    view.choose(Mode.DIFFERENCE)
    view.show(10, 10, compares=False)
    assert view.mode is Mode.B
    view.choose(Mode.A)
    view.jump_split(0.5)
    view.peek(True)
    assert view.mode is Mode.B and not view.splits


def test_the_gain_goes_as_far_as_there_are_gains(view):
    for _ in range(20):
        view.amplify(1)
    assert view.look.gain == GAINS[-1]
    for _ in range(20):
        view.amplify(-1)
    assert view.look.gain == GAINS[0]


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
