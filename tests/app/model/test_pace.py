"""How fast a fit goes, and how long it still takes."""

from __future__ import annotations

import pytest

from daub.app.model.pace import Pace


def test_an_even_pace_is_measured_and_carried_on():
    pace = Pace()
    assert pace.seconds_left is None and pace.steps_per_second is None
    for i in range(11):
        pace.mark(now=i * 0.1, step=10 * i, fraction=0.05 * i)
    assert pace.steps_per_second == pytest.approx(100)
    assert pace.seconds_left == pytest.approx(1.0)
    pace.interrupt()
    assert pace.seconds_left is None and pace.steps_per_second is None


def test_one_mark_says_nothing():
    pace = Pace()
    pace.mark(now=3.0, step=10, fraction=0.5)
    assert pace.steps_per_second is None and pace.seconds_left is None


def test_it_follows_a_fit_that_slows_down():
    pace = Pace()
    for i in range(100):  # 100 steps a second for a second, then 10
        now = 0.01 * i
        pace.mark(now, i, i / 1000)
    for i in range(40):
        pace.mark(1.0 + 0.1 * i, 100 + i, (100 + i) / 1000)
    assert pace.steps_per_second == pytest.approx(10)
    assert pace.seconds_left == pytest.approx((1 - 0.139) * 1000 / 10)


def test_a_pause_does_not_count():
    pace = Pace()
    pace.mark(0.0, 0, 0.0)
    pace.mark(1.0, 100, 0.1)
    pace.interrupt()
    pace.mark(500.0, 100, 0.1)
    pace.mark(501.0, 200, 0.2)
    assert pace.steps_per_second == pytest.approx(100)
    assert pace.seconds_left == pytest.approx(8)


def test_where_nothing_moves_nobody_knows_the_end():
    pace = Pace()
    pace.mark(0.0, 5, 0.5)
    pace.mark(1.0, 5, 0.5)
    assert pace.steps_per_second == 0 and pace.seconds_left is None
    pace.mark(1.0, 6, 0.6)
    assert pace.seconds_left == pytest.approx(4)
