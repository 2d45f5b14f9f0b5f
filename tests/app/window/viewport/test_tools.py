"""Gestures without a window: what tools make of a list of positions."""

from __future__ import annotations

import pytest

from daub.app.model.compare.modes import Mode
from daub.app.model.view.view import View
from daub.app.window.viewport.brush_tool import BrushTool
from daub.app.window.viewport.tools import LOOSE, Button, Cursor, Hand, Key, Pointer, Tool, usual_tools


@pytest.fixture
def view() -> View:
    view = View()
    view.resize(800, 600, 1.0)
    view.show(400, 300, compares=True)
    return view


@pytest.fixture
def taps() -> list:
    return []


@pytest.fixture
def hand(view, taps) -> Hand:
    return Hand(usual_tools(view, lambda: taps.append("tap")))


def drag(hand: Hand, *places: tuple[float, float], button=Button.LEFT) -> None:
    """Presses at the first place, moves over the others, releases at the last."""
    hand.press(Pointer(*places[0], button, hand.keys))
    for place in places[1:]:
        hand.move(Pointer(*place, keys=hand.keys))
    hand.release(Pointer(*places[-1], keys=hand.keys))


@pytest.mark.parametrize("button", list(Button))
def test_a_drag_moves_the_picture_by_as_much(hand, view, button):
    left, top = view.camera.offset
    drag(hand, (100, 100), (130, 90), (150, 120), button=button)
    assert view.camera.offset == (left + 50, top + 20)


def test_a_click_with_an_unsteady_hand_moves_nothing(hand, view):
    before = view.camera.offset
    drag(hand, (100, 100), (100 + LOOSE - 1, 100))
    assert view.camera.offset == before
    view.resize(800, 600, 2.0)
    before = view.camera.offset
    drag(hand, (100, 100), (100 + 2 * LOOSE - 1, 100))
    assert view.camera.offset == before, "as far on a fine screen"


def test_the_split_line_is_taken_where_it_is_and_the_picture_elsewhere(hand, view):
    view.jump_split(0.5)
    before = view.camera.offset
    drag(hand, (view.split_at + 8, 50), (300, 60))
    assert view.split_at == 300 and view.camera.offset == before
    drag(hand, (400, 50), (440, 50))
    assert view.split_at == 300 and view.camera.offset == (before[0] + 40, before[1])
    view.choose(Mode.B)
    drag(hand, (300, 50), (320, 50))
    assert view.split_at == 300, "a line that is not seen cannot be taken"


def test_with_space_the_picture_is_moved_wherever_it_is_taken(hand, view, taps):
    view.jump_split(0.5)
    line, before = view.split_at, view.camera.offset
    hand.key(Key.SPACE, True)
    drag(hand, (line, 50), (line + 30, 50))
    hand.key(Key.SPACE, False)
    assert view.split_at == line and view.camera.offset == (before[0] + 30, before[1]) and not taps


def test_space_alone_is_a_tap_unless_the_keyboard_goes_elsewhere(hand, view, taps):
    for down in (True, False):
        hand.key(Key.SPACE, down)
    assert taps == ["tap"]
    hand.key(Key.SPACE, True)
    hand.let_go()
    hand.key(Key.SPACE, False)
    assert taps == ["tap"] and not hand.keys


def test_a_peek_ends_with_the_key_and_with_the_keyboard(hand, view):
    for key, mode in ((Key.PEEK_A, Mode.A), (Key.PEEK_B, Mode.B)):
        view.choose(Mode.SPLIT)
        hand.key(key, True)
        assert view.mode is mode
        hand.key(key, False)
        assert view.mode is Mode.SPLIT
        hand.key(key, True)
        hand.let_go()
        assert view.mode is Mode.SPLIT
        hand.key(key, False)
        assert view.mode is Mode.SPLIT


def test_of_two_keys_that_peek_the_last_one_counts_and_then_the_one_that_is_left(hand, view):
    hand.key(Key.PEEK_A, True)
    hand.key(Key.PEEK_B, True)
    assert view.mode is Mode.B and view.peeked == "b"
    hand.key(Key.PEEK_B, False)
    assert view.peeked == "a"
    hand.key(Key.PEEK_A, False)
    assert view.peeked is None


def test_wheel_pinch_and_touchpad(hand, view):
    at = Pointer(300, 200)
    place, zoom = view.camera.to_image(300, 200), view.camera.zoom
    hand.wheel(at, 3)
    assert view.camera.zoom == pytest.approx(2 * zoom)
    hand.pinch(at, 0.5)
    assert view.camera.zoom == pytest.approx(zoom)
    assert view.camera.to_image(300, 200) == pytest.approx(place, abs=1)
    left, top = view.camera.offset
    hand.scroll(at, 7, -5)
    assert view.camera.offset == (left + 7, top - 5)
    for key in (Key.LEFT, Key.UP):
        hand.key(key, True)
        hand.key(key, False)
    assert view.camera.offset == (left + 67, top + 55)


def test_a_double_click_moves_the_split_line_on(hand, view):
    assert not hand.double_click(Pointer(100, 100, Button.LEFT))
    view.jump_split(0.0)
    assert hand.double_click(Pointer(100, 100, Button.LEFT))
    assert view.split_at == pytest.approx(400, abs=1)


def test_the_pointer_says_what_can_be_taken(hand, view):
    view.jump_split(0.5)
    assert hand.cursor(Pointer(view.split_at, 50)) is Cursor.SPLITTING
    assert hand.cursor(Pointer(100, 50)) is Cursor.USUAL
    hand.press(Pointer(100, 50, Button.LEFT))
    assert hand.cursor(Pointer(view.split_at, 50)) is Cursor.GRABBING
    hand.release(Pointer(100, 50))
    assert hand.cursor(Pointer(100, 50)) is Cursor.USUAL


def test_the_first_tool_that_takes_hold_gets_all_of_the_drag(view):
    class Brush(Tool):
        def __init__(self):
            self.strokes = []

        def press(self, at):
            self.strokes.append([at.x])
            return True

        def move(self, at):
            self.strokes[-1].append(at.x)

        def release(self, at):
            self.strokes[-1].append("up")

    brush = Brush()
    hand, before = Hand([brush, *usual_tools(view, lambda: None)]), view.camera.offset
    drag(hand, (1, 1), (50, 1), (99, 1))
    hand.move(Pointer(500, 1))
    assert brush.strokes == [[1, 50, 99, "up"]] and view.camera.offset == before
    assert hand.wheel(Pointer(1, 1), 1), "what it does not know is left to the others"


def test_without_a_picture_there_is_nothing_to_take(taps):
    hand = Hand(usual_tools(View(), lambda: taps.append("tap")))
    assert not hand.press(Pointer(1, 1, Button.LEFT)) and not hand.key(Key.LEFT, True)


class Strokes:
    """What a brush tool does to the painting."""

    def __init__(self):
        self.is_on, self.done = True, []

    def begin(self, x, y):
        self.done.append(("begin", x, y))

    def extend(self, x, y):
        self.done.append(("to", x, y))

    def end(self):
        self.done.append(("end",))


@pytest.fixture
def strokes() -> Strokes:
    return Strokes()


@pytest.fixture
def brush_hand(view, strokes) -> Hand:
    return Hand(usual_tools(view, lambda: None, BrushTool(view, strokes)))


def test_the_brush_paints_at_positions_of_the_image(brush_hand, view, strokes):
    before = view.camera.offset
    drag(brush_hand, view.camera.to_screen(10, 20), view.camera.to_screen(30, 25))
    (begin, *start), (to, *end), last = strokes.done
    assert (begin, to, last) == ("begin", "to", ("end",))
    assert start == pytest.approx([10, 20]) and end == pytest.approx([30, 25])
    assert view.camera.offset == before


def test_the_brush_leaves_the_split_line_the_space_bar_and_the_middle_button_alone(brush_hand, view, strokes):
    view.jump_split(0.5)
    line = view.split_at
    assert brush_hand.cursor(Pointer(line, 50)) is Cursor.SPLITTING
    assert brush_hand.cursor(Pointer(line + 50, 50)) is Cursor.PAINTING
    drag(brush_hand, (line, 50), (line + 60, 50))
    line = view.split_at
    assert line == pytest.approx(460)
    drag(brush_hand, (100, 50), (140, 50), button=Button.MIDDLE)
    brush_hand.key(Key.SPACE, True)
    drag(brush_hand, (100, 50), (140, 50))
    assert not strokes.done
    brush_hand.key(Key.SPACE, False)
    brush_hand.double_click(Pointer(100, 50, Button.LEFT))
    assert view.split_at == line and strokes.done[0][0] == "begin"


def test_a_brush_that_is_put_away_takes_nothing(brush_hand, view, strokes):
    strokes.is_on = False
    before = view.camera.offset
    drag(brush_hand, (100, 50), (140, 50))
    assert not strokes.done and view.camera.offset != before
    assert brush_hand.cursor(Pointer(100, 50)) is Cursor.USUAL
