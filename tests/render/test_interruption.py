"""Work that is given up: what is asked, on which thread, and that nothing half done is left behind."""

from __future__ import annotations

import threading
import time

import pytest

from daub.render.interruption import GivenUp, aside, go_on, while_wanted
from daub.render.spreading import spread


def test_only_the_thread_that_says_so_is_asked():
    ended = []

    def elsewhere():
        go_on()
        ended.append(True)

    with while_wanted(lambda: False):
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        with pytest.raises(GivenUp):
            go_on()
    assert ended == [True]
    go_on()


def test_the_inner_one_counts_and_the_outer_one_comes_back():
    with while_wanted(lambda: False):
        with while_wanted(lambda: True):
            go_on()
        with pytest.raises(GivenUp):
            go_on()


def test_spread_keeps_the_order_and_begins_nothing_more_once_it_is_given_up():
    assert spread(lambda number: -number, range(100)) == [-number for number in range(100)]
    begun, asked = [], threading.Event()

    def wanted() -> bool:
        asked.set()
        return False

    def work(number: int) -> None:
        begun.append(number)
        if number:
            assert asked.wait(60)  # so that the queue is full when it is given up
            time.sleep(0.001)

    with pytest.raises(GivenUp), while_wanted(wanted):
        spread(work, range(5000))
    assert len(begun) < 5000


def test_spread_raises_what_the_work_raises():
    with pytest.raises(ZeroDivisionError):
        spread(lambda number: 1 // number, [2, 1, 0])


def test_what_is_done_aside_comes_back_and_so_does_what_it_raises():
    here = threading.current_thread()
    assert aside(threading.current_thread) is here  # nobody is asked
    with while_wanted(lambda: True):
        assert aside(threading.current_thread) is not here
        with pytest.raises(TimeoutError, match="its own"):
            aside(raises)


def raises():
    raise TimeoutError("its own")


def test_what_is_done_aside_is_left_as_soon_as_it_is_not_wanted():
    go, ended = threading.Event(), threading.Event()

    def work() -> None:
        go.wait(30)
        ended.set()

    with pytest.raises(GivenUp), while_wanted(lambda: False):
        aside(work)
    assert not ended.is_set()
    go.set()
    assert ended.wait(30)
