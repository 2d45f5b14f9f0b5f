"""Undo and redo: one queue, a cursor that moves only after success, edits of one thing taken together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daub.app.model.workspace.history import LONGEST, MERGED_WITHIN, History


@dataclass(frozen=True)
class Write:
    """Puts a word at a place of a list."""

    place: int
    before: str
    after: str
    fails: str = ""  # "do" or "undo"

    @property
    def label(self) -> str:
        return f"word {self.place}"

    def do(self, page: list) -> None:
        if self.fails == "do":
            raise OSError("no ink")
        page[self.place] = self.after

    def undo(self, page: list) -> None:
        if self.fails == "undo":
            raise OSError("no rubber")
        page[self.place] = self.before

    def merged(self, later):
        if later.place != self.place:
            return None
        return Write(self.place, self.before, later.after)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def page() -> list:
    return ["a", "b"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(page, clock) -> History:
    return History(page, clock)


def test_what_was_done_is_undone_and_done_again(history, page):
    history.do(Write(0, "a", "x"))
    history.do(Write(1, "b", "y"))
    assert page == ["x", "y"] and (history.undo_label, history.redo_label) == ("word 1", "")
    history.undo()
    assert page == ["x", "b"] and (history.undo_label, history.redo_label) == ("word 0", "word 1")
    history.undo()
    history.undo()
    assert page == ["a", "b"] and (history.undo_label, history.redo_label) == ("", "word 0")
    for _ in range(3):
        history.redo()
    assert page == ["x", "y"]


def test_something_new_takes_the_place_of_what_lies_undone(history, page):
    history.do(Write(0, "a", "x"))
    history.undo()
    history.do(Write(1, "b", "y"))
    assert history.redo_label == ""
    history.undo()
    history.undo()
    assert page == ["a", "b"]


def test_edits_of_one_thing_in_quick_succession_are_one(history, page, clock):
    for before, after in zip("abcd", "bcde", strict=True):
        history.do(Write(0, before, after))
        clock.now += 0.9 * MERGED_WITHIN
    history.undo()
    assert page == ["a", "b"] and history.undo_label == ""
    history.redo()
    assert page == ["e", "b"]


@pytest.mark.parametrize("between", ["a while", "another edit", "an undo", "a seal"])
def test_edits_apart_from_each_other_are_two(history, page, clock, between):
    history.do(Write(0, "a", "x"))
    if between == "a while":
        clock.now += 1.1 * MERGED_WITHIN
    elif between == "another edit":
        history.do(Write(1, "b", "y"))
    elif between == "an undo":
        history.do(Write(1, "b", "y"))
        history.undo()
    else:
        history.seal()
    history.do(Write(0, "x", "z"))
    history.undo()
    assert page[0] == "x"


def test_the_cursor_moves_only_after_success(history, page):
    with pytest.raises(OSError, match="no ink"):
        history.do(Write(0, "a", "x", fails="do"))
    assert history.undo_label == ""
    history.do(Write(0, "a", "x", fails="undo"))
    with pytest.raises(OSError, match="no rubber"):
        history.undo()
    assert (history.undo_label, history.redo_label) == ("word 0", "") and page[0] == "x"


def test_everybody_is_told_of_a_change(history):
    told = []
    history.changed.connect(lambda: told.append((history.undo_label, history.redo_label)))
    history.do(Write(0, "a", "x"))
    history.undo()
    history.undo()  # nothing left: nothing to tell
    history.redo()
    assert told == [("word 0", ""), ("", "word 0"), ("word 0", "")]


def test_it_does_not_grow_without_end(history, page, clock):
    for turn in range(LONGEST + 10):
        clock.now += 10
        history.do(Write(0, str(turn), str(turn + 1)))
    for _ in range(LONGEST + 10):
        history.undo()
    assert page[0] == "10"


@given(st.lists(st.one_of(st.sampled_from(["undo", "redo"]), st.tuples(st.integers(0, 1), st.text(max_size=2)))))
def test_any_course_leaves_what_a_list_of_pages_would(course):
    clock = Clock()
    page = ["a", "b"]
    history, pages, at = History(page, clock), [("a", "b")], 0
    for turn in course:
        clock.now += 10
        if turn == "undo":
            history.undo()
            at = max(at - 1, 0)
        elif turn == "redo":
            history.redo()
            at = min(at + 1, len(pages) - 1)
        else:
            place, word = turn
            history.do(Write(place, page[place], word))
            pages[at + 1 :] = [tuple(page)]
            at += 1
        assert tuple(page) == pages[at]


def test_what_takes_too_much_memory_goes_the_oldest_first():
    @dataclass(frozen=True)
    class Big:
        label: str
        memory: int

        def do(self, place): ...

        def undo(self, place): ...

        def merged(self, later): ...

    history = History([], budget=100)
    for name, memory in (("a", 40), ("b", 40), ("c", 40)):
        history.do(Big(name, memory))
    assert history.titles == ("b", "c") and history.memory == 80 and history.position == 2
    history.do(Big("d", 500))
    assert history.titles == ("d",), "the newest stays whatever it takes"
    history.undo()
    assert history.position == 0
    for number in range(700):
        history.do(Big(str(number), 0))
    assert len(history.titles) == 500 and history.titles[-1] == "699"


def test_strokes_say_what_they_take(desk, photo):
    from daub.app.model.picture.brush import Brush

    desk.open(photo)
    desk.bench.painting.choose(diameter=4.0)
    assert isinstance(desk.bench.painting.brush, Brush)
    desk.bench.painting.begin(4, 4)
    desk.bench.painting.end()
    assert desk.workspace.history.memory > 0


def test_any_moment_can_be_gone_to_also_over_pictures_that_are_read_again(desk, draw):
    workspace = desk.workspace
    workspace.fitting.start_fits_paused(True)
    first, second = draw("first.png", 10), draw("second.png", 20)
    desk.open(first)
    workspace.change(effort=1)
    desk.open(second)
    workspace.change(seed=5)
    assert workspace.history.titles == ("effort 1", "opening second.png", "seed 5")
    workspace.opening._shelf._pictures.clear()
    workspace.go_to(0)
    desk.until(lambda: workspace.history.position == 0)
    assert workspace.picture.name == "first.png" and workspace.settings.effort != 1
    workspace.go_to(3)
    desk.until(lambda: workspace.history.position == 3)
    assert workspace.picture.name == "second.png" and workspace.settings.seed == 5
    second.unlink()
    workspace.go_to(1)
    desk.until(lambda: workspace.history.position == 1)
    workspace.opening._shelf._pictures.clear()
    workspace.go_to(3)
    desk.until(lambda: desk.heard["failed"])
    assert workspace.history.position == 1, "there is no way on"
