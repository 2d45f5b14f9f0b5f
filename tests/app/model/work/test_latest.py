"""The slot between the worker and the window."""

from __future__ import annotations

import threading

from daub.app.model.work.latest import Latest


def test_the_latest_value_is_announced_once_until_it_is_taken():
    announced = []
    slot = Latest("first", lambda: announced.append(slot.peek()))
    slot.publish("second")
    slot.publish("third")
    assert announced == ["second"]
    assert slot.take() == ("third", 2)
    slot.publish("fourth")
    assert announced == ["second", "fourth"]


def test_taking_twice_gives_the_same_value_and_version():
    slot = Latest("first", lambda: None)
    assert slot.take() == slot.take() == ("first", 0)
    assert slot.peek() == "first"


def test_a_notified_reader_may_take_at_once():
    """As a window on the writing thread would: `notify` runs outside the lock."""
    taken = []
    slot = Latest(0, lambda: taken.append(slot.take()))
    for value in (1, 2, 3):
        slot.publish(value)
    assert taken == [(1, 1), (2, 2), (3, 3)]


def test_a_reader_on_another_thread_sees_the_last_value_and_none_out_of_order():
    there_is_one, seen = threading.Semaphore(0), []
    slot = Latest(0, there_is_one.release)

    def read() -> None:
        while not seen or seen[-1] < 2000:
            assert there_is_one.acquire(timeout=30)
            seen.append(slot.take()[0])

    reader = threading.Thread(target=read)
    reader.start()
    for value in range(1, 2001):
        slot.publish(value)
    reader.join(60)
    assert not reader.is_alive(), "the last value was never announced"
    assert seen == sorted(seen) and seen[-1] == 2000
