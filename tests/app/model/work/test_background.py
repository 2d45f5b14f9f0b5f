"""Work beside the model: results come back on its thread, files are written even when it closes."""

from __future__ import annotations

import queue
import threading
import time

import pytest

from daub.app.model.work.background import Background
from daub.codec.errors import DaubError


@pytest.fixture
def calls():
    """What was posted to the thread of the model."""
    return queue.SimpleQueue()


@pytest.fixture
def failures() -> list:
    return []


@pytest.fixture
def background(calls, failures):
    background = Background(calls.put, failures.append)
    yield background
    background.close()
    background.wait_for_files()
    background.end()


def test_a_result_comes_back_on_the_thread_of_the_model(background, calls):
    threads, got = [], []
    background.run(lambda: threads.append(threading.current_thread()) or 7, got.append)
    assert background.running == 1
    calls.get(timeout=120)()
    assert got == [7] and background.running == 0
    assert threads != [threading.current_thread()] and threads[0].name.startswith("daub")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (DaubError("cannot open a.png", "it is empty", "check it"), "cannot open a.png, it is empty, check it"),
        (MemoryError(), "that did not work, there is not enough memory, choose a smaller image"),
        (KeyError("x"), "that did not work, KeyError: 'x', please report this with the details"),
    ],
)
@pytest.mark.parametrize("told", ["everybody", "whoever asked"])
def test_an_exception_is_one_line(background, calls, failures, error, line, told):
    def fail():
        raise error

    own = []
    background.run(fail, lambda _: None, None if told == "everybody" else own.append)
    calls.get(timeout=120)()
    (failure,) = failures if told == "everybody" else own
    assert failure.line == line and "Traceback" in failure.details


def test_closing_drops_what_is_looked_at_and_writes_what_is_written(background, calls):
    began, go_on, done = threading.Event(), threading.Event(), []
    background.run(lambda: began.set() or go_on.wait(120), done.append)
    background.run(lambda: go_on.wait(120), done.append)
    background.run(lambda: done.append("dropped"), done.append)
    for name in "ab":
        background.write(lambda name=name: go_on.wait(120) and done.append(name), done.append)
    assert began.wait(120)
    background.close()
    background.run(lambda: done.append("late"), done.append)
    go_on.set()
    background.wait_for_files()
    assert done == ["a", "b"]
    while not calls.empty():
        calls.get()()
    assert done == ["a", "b"], "nobody is left who could be told"


def test_once_it_is_closed_only_what_is_still_at_work_counts():
    release, posted = threading.Event(), []
    background = Background(posted.append, pytest.fail)  # as of a window that is gone: nobody calls what is posted
    for _ in range(2):
        background.run(lambda: release.wait(10), pytest.fail)
    background.run(lambda: None, pytest.fail)  # waits for a thread
    assert background.running == 3
    background.close()
    assert background.running == 2, "what has not begun was dropped"
    release.set()
    deadline = time.monotonic() + 5
    while background.running and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not background.running


def test_files_do_not_wait_for_one_that_takes_minutes_which_is_finished_all_the_same(background, calls):
    got, go = [], threading.Event()
    background.write(lambda: go.wait(120) and "film", got.append, takes_minutes=True)
    background.write(lambda: "picture", got.append)
    calls.get(timeout=120)()
    assert got == ["picture"]
    go.set()
    background.wait_for_files()
    calls.get(timeout=120)()
    assert got == ["picture", "film"]
