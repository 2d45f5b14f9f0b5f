"""How fast a fit goes, and how long it still takes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daub.app.model.fit.pace import Pace, about


def test_an_even_pace_is_measured_and_carried_on():
    pace = Pace()
    assert pace.seconds_left is None and pace.steps_per_second is None
    for i in range(11):
        pace.mark(now=i * 0.1, step=10 * i, fraction=0.05 * i)
    assert pace.steps_per_second == pytest.approx(100)
    assert pace.seconds_left == pytest.approx(1.0)
    pace.interrupt()
    assert pace.seconds_left is None and pace.steps_per_second is None


def test_one_mark_and_the_first_half_second_say_nothing_of_the_end():
    pace = Pace()
    pace.mark(now=3.0, step=10, fraction=0.5)
    assert pace.steps_per_second is None and pace.seconds_left is None
    pace.mark(now=3.1, step=11, fraction=0.6)
    assert pace.seconds_left is None


def test_it_follows_a_fit_that_slows_down():
    pace = Pace()
    for i in range(100):  # 100 steps a second for a second, then 10
        now = 0.01 * i
        pace.mark(now, i, i / 1000)
    for i in range(80):
        pace.mark(1.0 + 0.1 * i, 100 + i, (100 + i) / 1000)
    assert pace.steps_per_second == pytest.approx(10)
    assert pace.seconds_left == pytest.approx((1 - 0.179) * 1000 / 10, rel=0.2)


def test_the_time_left_runs_down_and_does_not_jump():
    """Steps that take ten times as long now and then: a clock that shows it would be of no use."""
    pace, now, left = Pace(), 0.0, []
    for i in range(1, 301):
        now += 0.5 if i % 10 == 0 else 0.05
        pace.mark(now, i, i / 300)
        left.append((now, pace.seconds_left))
    known = [(at, seconds) for at, seconds in left[30:] if seconds is not None]
    for (before, was), (at, seconds) in pairwise(known):
        assert abs(seconds - max(was - (at - before), 0)) < 0.2 * was + 0.3
    assert all(abs(seconds - (now - at)) < 0.25 * (now - at) + 1 for at, seconds in known)


def _large_photo(wrong: float, seed: int) -> list[tuple[float, float]]:
    """(second, fraction) of the marks of an encode that takes some minutes: a plan of short fits on small copies, a fit
    whose steps take ever longer, and rounding in few long steps; each stage takes another time than its share.

    Args:
        wrong: factor by which a stage takes longer, or shorter, than its share of the work says.
    """
    rng = np.random.default_rng(seed)
    marks, now = [], 0.0
    stages = ((0.0, 0.14, 120, 1.5), (0.14, 0.5, 300, 4.0), (0.5, 0.75, 30, 1.0), (0.75, 1.0, 40, 1.0))
    for number, (begin, end, steps, slower) in enumerate(stages):
        seconds = 600 * (end - begin) * wrong ** (1 if number % 2 else -1)
        lasts = np.linspace(1, slower, steps) * rng.lognormal(0, 0.3, steps)
        lasts *= seconds / lasts.sum()
        lasts[rng.integers(steps)] += 15  # something else took the machine, or something was compiled
        for step, took in enumerate(lasts, 1):
            now += took
            marks.append((now, begin + (end - begin) * step / steps))
    return marks


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wrong", [0.4, 1.0, 2.5])
def test_of_a_large_photo_the_time_left_neither_jumps_up_nor_wavers(wrong, seed):
    pace, marks = Pace(), _large_photo(wrong, seed)
    told = []
    for step, (now, fraction) in enumerate(marks):
        pace.mark(now, step, fraction)
        if pace.seconds_left is not None:
            told.append((now, pace.seconds_left))
    seconds = [each for _, each in told]
    assert all(after <= 1.25 * before + 1 for before, after in pairwise(seconds)), "up by a jump"
    lines = [about(each) for each in seconds]
    rises = sum(after > before and about(after) != about(before) for before, after in pairwise(seconds))
    back = sum(first == third != second for first, second, third in zip(lines, lines[1:], lines[2:], strict=False))
    assert rises < 0.03 * len(lines) + 12 and back <= 3, "it wavers"
    end = marks[-1][0]
    last = [(end - now, left) for now, left in told if end - now < 0.2 * end]
    assert wrong != 1 or all(abs(left - right) < 0.5 * right + 15 for right, left in last), "the end is foreseen badly"


def test_a_step_in_which_something_is_compiled_does_not_make_hours_of_a_fit():
    """As it was seen at a first start: 36 seconds in one of 500 steps, and 22 for all the others."""
    pace, now, told = Pace(), 0.0, []
    for step in range(1, 501):
        now += 36.0 if step == 35 else 0.006 if step < 35 else 0.044
        pace.mark(now, step, step / 500)
        told.append((465 * 0.044 if step < 35 else (500 - step) * 0.044, pace.seconds_left))
    assert all(seconds is None or seconds < 3 * left + 5 for left, seconds in told)
    assert sum(seconds is not None for _, seconds in told) > 450


def test_steps_are_counted_anew_in_every_stretch_and_speed_is_never_negative():
    pace = Pace()
    for i in range(1, 41):
        pace.mark(0.01 * i, i, 0.001 * i, "plan")
    pace.mark(0.45, 1, 0.05, "fit")
    assert pace.steps_per_second is None, "nothing is known of this stretch yet"
    pace.mark(0.55, 2, 0.06, "fit")
    assert pace.steps_per_second == pytest.approx(10)
    assert pace.seconds_left is not None, "the work goes on, whatever it is called"


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(0, 400), st.sampled_from("abc")), max_size=40))
def test_whatever_comes_no_speed_and_no_time_is_negative(marks):
    pace, now, fraction = Pace(), 0.0, 0.0
    for seconds, step, stretch in marks:
        now += seconds
        fraction = min(fraction + 0.01, 1.0)
        pace.mark(now, step, fraction, stretch)
        assert pace.steps_per_second is None or pace.steps_per_second >= 0
        assert pace.seconds_left is None or pace.seconds_left >= 0


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


def test_times_that_nobody_knows_exactly_are_round():
    told = {0.2: "a few seconds", 4.9: "a few seconds", 5: "about 5 s", 13: "about 15 s", 33: "about 35 s"}
    told |= {58: "about 1 min", 61: "about 1 min", 202: "about 3 min 30 s", 599.9: "about 10 min", 1500: "about 25 min"}
    told |= {3599: "about 1 h", 7500: "about 2 h", 9000: "about 2 h 30 min"}
    assert {seconds: about(seconds) for seconds in told} == told
