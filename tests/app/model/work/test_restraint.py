"""Work about a fit leaves it its share of the time."""

from __future__ import annotations

import pytest

from daub.app.model.work import restraint
from daub.app.model.work.restraint import LONGEST, REST, Restraint


def test_a_fit_gets_a_multiple_of_what_the_last_piece_took(monkeypatch):
    now, slept = [0.0], []
    monkeypatch.setattr(restraint.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(restraint.time, "sleep", slept.append)
    paced = Restraint()

    def work(seconds: float) -> str:
        now[0] += seconds
        return "done"

    assert paced.do(lambda: work(0.25), is_live=True) == "done"
    paced.do(lambda: work(60), is_live=True)
    paced.do(lambda: work(1), is_live=True)
    paced.do(lambda: work(60), is_live=False)
    paced.do(lambda: work(1), is_live=False)
    paced.do(lambda: work(1), is_live=True)
    assert slept == [0.0, 0.25 * REST, LONGEST, REST]
    with pytest.raises(ValueError):
        paced.do(lambda: int("no number"), is_live=False)
