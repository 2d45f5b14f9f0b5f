"""Gestures with the region tool."""

from __future__ import annotations

import numpy as np
import pytest
from later import Later

from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.modes import Mode
from daub.app.model.compare.region import Region
from daub.app.model.picture.box import Box
from daub.app.model.sources.sides import CompareSource
from daub.app.model.view.view import View
from daub.app.window.viewport.region_tool import RegionTool
from daub.app.window.viewport.tools import Button, Cursor, Hand, Key, Pointer, usual_tools


@pytest.fixture
def view() -> View:
    """Twice as large as its 200x150 pixels, from the corner of the screen."""
    view = View()
    view.resize(400, 300, 1.0)
    view.show(200, 150, compares=True)
    view.zoom_to(2.0)
    view.pan(-view.camera.offset[0], -view.camera.offset[1])
    assert view.camera.to_screen(0, 0) == (0, 0)
    return view


@pytest.fixture
def region() -> Region:
    comparison, later = Comparison(), Later()
    pixels = np.zeros((150, 200, 3), np.float32)
    comparison.show((CompareSource("Source", pixels=pixels), None), pixels, (200, 150))
    region = Region(comparison, Decoded(comparison, later, lambda failure: None), later)
    region.switch(True)
    return region


@pytest.fixture
def hand(view, region) -> Hand:
    return Hand(usual_tools(view, lambda: None, RegionTool(view, region)))


def drag(hand: Hand, *places, button=Button.LEFT) -> None:
    hand.press(Pointer(*places[0], button, hand.keys))
    for place in places[1:]:
        hand.move(Pointer(*place, keys=hand.keys))
    hand.release(Pointer(*places[-1], keys=hand.keys))


def test_it_draws_moves_and_resizes(hand, region):
    drag(hand, (20, 30), (60, 60), (121, 101))
    assert region.box == Box(10, 15, 61, 51)
    drag(hand, (70, 60), (90, 40))
    assert region.box == Box(20, 5, 71, 41), "moved by its inside"
    drag(hand, (142, 50), (162, 190))
    assert region.box == Box(20, 5, 81, 41), "its right edge alone"
    drag(hand, (41, 11), (31, 21))
    assert region.box == Box(15, 10, 81, 41), "a corner"
    drag(hand, (300, 200), (310, 220))
    assert region.box == Box(150, 100, 156, 111), "another one, beside it"


def test_space_the_middle_button_and_the_split_line_are_for_the_picture(hand, region, view):
    before = view.camera.offset
    drag(hand, (20, 30), (60, 60), button=Button.MIDDLE)
    hand.key(Key.SPACE, True)
    drag(hand, (20, 30), (60, 60))
    hand.key(Key.SPACE, False)
    view.jump_split(0.5)
    drag(hand, (view.split_at, 30), (250, 60))
    assert region.box is None and view.camera.offset != before and view.split_at == 250


def test_escape_drops_the_rectangle_and_then_the_tool(hand, region):
    drag(hand, (20, 30), (60, 60))
    assert hand.key(Key.ESCAPE, True) and region.box is None and region.is_on
    hand.key(Key.ESCAPE, False)
    assert hand.key(Key.ESCAPE, True) and not region.is_on
    assert not hand.key(Key.ESCAPE, True), "it is for others again"
    drag(hand, (20, 30), (60, 60))
    assert region.box is None


def test_the_pointer_says_what_it_would_take(hand, region, view):
    drag(hand, (40, 40), (119, 119))
    assert region.box == Box(20, 20, 60, 60)
    places = {
        (80, 80): Cursor.MOVING, (40, 80): Cursor.SPLITTING, (120, 80): Cursor.SPLITTING, (80, 40): Cursor.DOWN,
        (80, 120): Cursor.DOWN, (40, 40): Cursor.FALLING, (120, 120): Cursor.FALLING, (120, 40): Cursor.RISING,
        (40, 120): Cursor.RISING, (300, 80): Cursor.PAINTING,
    }  # fmt: skip
    assert {place: hand.cursor(Pointer(*place)) for place in places} == places
    region.switch(False)
    assert hand.cursor(Pointer(80, 80)) is Cursor.USUAL


def test_in_either_pane_it_is_the_same_rectangle(hand, region, view):
    view.choose(Mode.SIDE_BY_SIDE)
    right = view.panes[1]
    u, v = 100.5, 70.5
    x, y = view.camera.to_screen(u, v)
    at = right.left + x
    drag(hand, (view.in_pane(at), y), (view.in_pane(at + 10), y + 10))
    assert region.box.left == 100 and region.box.top == 70
