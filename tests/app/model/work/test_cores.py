"""One core is left to other programs, in this process and in those that work for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from daub.app.model.work import job_process
from daub.app.model.work.cores import Cores
from daub.render import threads


@pytest.fixture(autouse=True)
def no_limit():
    yield
    threads.set_limit(None)


@pytest.mark.parametrize(("count", "usual", "possible"), [(1, False, False), (2, False, True), (3, True, True)])
def test_one_is_left_where_there_are_some(count, usual, possible):
    cores, told = Cores(count), []
    cores.changed.connect(lambda: told.append(threads.allowed(8)))
    assert (cores.is_usual, cores.is_possible, cores.leaves_one) == (usual, possible, False)
    cores.leave_one(True)
    assert cores.leaves_one is possible and told == [count - 1 if possible else 8]
    cores.leave_one(False)
    assert not cores.leaves_one and threads.allowed(8) == 8


def test_the_count_is_that_of_the_cores_that_this_process_may_have():
    code = "import os; os.sched_setaffinity(0, {0}); from daub.app.model.work.cores import core_count as c; print(c())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


def test_another_process_has_the_same_limit(monkeypatch):
    seen = []

    class Answers:
        def requests(self):
            for limit in (3, 8):
                yield {"work": "look", "given": {}, "threads": limit}, []

        def send(self, head, arrays=()):
            json.dumps(head)

    def look(given, arrays, tell):
        seen.append(threads.allowed(8))
        return {}, []

    monkeypatch.setattr(job_process, "Answers", Answers)
    monkeypatch.setitem(job_process.WORK, "look", f"{__name__}:look")
    monkeypatch.setattr(sys.modules[__name__], "look", look, raising=False)
    job_process.main()
    assert seen == [3, 8]
