"""Work in a process beside the window: its order, what comes back, and that it is over when it is given up."""

from __future__ import annotations

import queue
import time
from contextlib import suppress

import numpy as np
import pytest
from working import COMMAND

from daub.app.model.work import jobs as jobs_module
from daub.app.model.work.background import Background
from daub.app.model.work.jobs import Job, Jobs, do_once
from daub.codec.errors import DaubError

AT_ONCE = 5  # seconds: on a machine that does a lot besides; what hangs takes 60


class Desk:
    """Jobs, and the thread of the model, which is that of the test."""

    def __init__(self):
        self.calls: queue.SimpleQueue = queue.SimpleQueue()
        self.failures, self.done, self.told = [], [], []
        self.background = Background(self.calls.put, self.failures.append)
        self.jobs = Jobs(self.background, self.calls.put, self.failures.append)

    def add(self, work, *arrays, **given) -> Job:
        job = Job(work, work, given, arrays, lambda *got: self.done.append(got), self.told.append)
        self.jobs.add(job)
        return job

    def until(self, condition, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0
            with suppress(queue.Empty):
                self.calls.get(timeout=min(left, 0.05))()


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setattr(jobs_module, "COMMAND", COMMAND)
    desk = Desk()
    yield desk
    desk.jobs.close()
    desk.background.close()
    desk.background.end()
    deadline = time.monotonic() + AT_ONCE
    while desk.jobs._turn.locked():
        assert time.monotonic() < deadline, "a job goes on"
        time.sleep(0.01)


def test_what_has_come_to_something_is_told_and_what_was_given_up_is_not(desk):
    finished = []
    desk.jobs.finished.connect(finished.append)
    first, second = desk.add("double", np.ones((2, 2), np.float32)), desk.add("double", np.ones((2, 2), np.float32))
    desk.jobs.cancel(second)
    desk.until(lambda: desk.done)
    assert finished == [first]


def test_jobs_are_done_one_after_another_in_one_process(desk):
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    first, second = desk.add("double", array), desk.add("double", array[::-1], by="hand")
    assert first.running and not second.running and tuple(desk.jobs.waiting) == (first, second)
    desk.until(lambda: len(desk.done) == 1)
    assert second.running
    desk.until(lambda: len(desk.done) == 2)
    (one, (doubled,)), (two, (reversed_,)) = desk.done
    assert one["given"] == {} and two["given"] == {"by": "hand"} and one["pid"] == two["pid"]
    assert np.array_equal(doubled, 2 * array) and np.array_equal(reversed_, 2 * array[::-1])
    assert desk.told.count({"fraction": 0.5, "word": "half"}) == 2 and not desk.jobs.waiting
    assert desk.jobs._kept.process is None, "a process that nobody needs is kept"


def test_a_job_that_is_given_up_is_killed_and_the_next_one_begins(desk):
    hanging, waiting = desk.add("hang"), desk.add("double")
    desk.until(lambda: desk.told)  # it hangs by now
    desk.jobs.cancel(hanging)
    assert tuple(desk.jobs.waiting) == (waiting,) and waiting.running
    desk.until(lambda: desk.done, AT_ONCE)
    assert len(desk.done) == 1 and desk.failures == []
    desk.jobs.cancel(hanging)  # it is over and done with


def test_a_job_that_waits_is_given_up_without_a_word(desk):
    desk.add("double")
    desk.jobs.cancel(desk.add("double", never=True))
    desk.add("double", last=True)
    desk.until(lambda: not desk.jobs.waiting)
    assert [done["given"] for done, _ in desk.done] == [{}, {"last": True}]


def test_a_job_given_up_before_its_process_runs_does_not_disturb_the_next(desk):
    for _ in range(20):
        desk.jobs.cancel(desk.add("hang"))
    desk.add("double")
    desk.until(lambda: desk.done)
    assert desk.failures == [] and len(desk.done) == 1


def test_a_failure_is_told_and_the_next_one_begins(desk):
    own = []
    desk.add("fail")
    desk.jobs.add(Job("own", "fail", {}, (), None, on_failure=own.append))
    desk.add("crash")
    desk.add("double")
    desk.until(lambda: desk.done)
    refused, crashed = desk.failures
    assert refused.line == own[0].line == "cannot do that, it is not there, look elsewhere"
    assert "Traceback" in refused.details and "in fail" in refused.details
    assert crashed.line.startswith("cannot go on with crash, its process has crashed")


def test_closing_ends_all(desk):
    desk.add("hang")
    desk.add("double")
    desk.until(lambda: desk.told)
    process = desk.jobs._kept.process
    desk.jobs.close()
    desk.add("double")
    assert process._popen.wait(AT_ONCE) is not None
    time.sleep(0.1)
    assert desk.done == []


def test_what_is_told_of_a_job_given_up_is_not_heard(desk):
    job = desk.add("double")
    deadline = time.monotonic() + 20
    while desk.calls.qsize() < 2:  # half, and done: posted, and not heard yet
        assert time.monotonic() < deadline
        time.sleep(0.01)
    desk.jobs.cancel(job)
    while not desk.calls.empty():
        desk.calls.get()()
    assert desk.told == [] and desk.done == []


def test_one_job_by_itself_is_waited_for(monkeypatch):
    monkeypatch.setattr(jobs_module, "COMMAND", COMMAND)
    done, (doubled,) = do_once(Job("by itself", "double", {"by": "itself"}, (np.ones(3),)))
    assert done["given"] == {"by": "itself"} and np.array_equal(doubled, [2, 2, 2])
    with pytest.raises(DaubError, match="it is not there"):
        do_once(Job("by itself", "fail", {}))
    with pytest.raises(DaubError, match="by itself, its process has crashed"):
        do_once(Job("by itself", "crash", {}))
