"""The history of a fit that the plots show."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.fit.timeline import Moment, Timeline
from daub.codec.progress import Event

GROWN, RELOCATED, PRUNED = Event


def timeline_of(*rows: tuple[int, int, float, Event | None], steps: int = 100) -> Timeline:
    timeline = Timeline(steps)
    for row in rows:
        timeline.record(*row)
    return timeline


def test_a_thinned_timeline_keeps_its_last_point():
    rows = [(step, 10 * step, step / 10, GROWN if step % 100 == 0 else None) for step in range(1, 998)]
    timeline = timeline_of(*rows, steps=1000)
    curves = timeline.curves(50)
    assert curves.shape[0] == 3 and 25 < curves.shape[1] <= 51
    assert list(curves[:, -1]) == [997, 9970, 99.7]
    assert list(timeline.events(GROWN)) == [100, 200, 300, 400, 500, 600, 700, 800, 900]


@pytest.mark.parametrize("count", [1, 2, 49, 50, 51, 99, 100, 101])
def test_thinned_points_are_rows_in_their_order_the_first_and_the_last_among_them(count):
    timeline = timeline_of(*((step, step, 0.0, None) for step in range(1, count + 1)), steps=200)
    steps = timeline.curves(50)[0]
    assert len(steps) <= 51 and steps[0] == 1 and steps[-1] == count
    assert (np.diff(steps) > 0).all()


def test_an_empty_timeline_has_neither_points_nor_moments():
    timeline = Timeline(0)
    assert len(timeline) == 0 and timeline.curves(10).shape == (3, 0)
    assert timeline.moment(5, 100) is None and len(timeline.events(PRUNED)) == 0


def test_a_fit_that_goes_on_beyond_its_steps_is_recorded_to_its_end():
    timeline = timeline_of(*((step, 10 * step, 20.0 + step, None) for step in range(1, 8)), steps=3)
    assert list(timeline.curves(10)[0]) == [1, 2, 3, 4, 5, 6, 7] and timeline.step == 7


def test_a_second_attempt_starts_the_timeline_again():
    timeline = Timeline(3)
    for attempt in (100, 200):
        for step in (1, 2, 3):
            timeline.record(step, attempt + step, 30.0, GROWN if attempt == 100 else None)
    assert list(timeline.curves(10)[1]) == [201, 202, 203]
    assert len(timeline.events(GROWN)) == 0, "events of the first attempt are not those of the second"


def test_an_attempt_that_was_cut_short_is_forgotten_by_the_next():
    timeline = timeline_of((1, 10, 20.0, None), (5, 20, 25.0, RELOCATED), (2, 7, 21.0, None))
    assert list(timeline.curves(10)[0]) == [2] and len(timeline.events(RELOCATED)) == 0


def test_the_moment_nearest_to_a_step_says_what_was_gained():
    timeline = timeline_of((10, 100, 20.0, None), (20, 150, 22.0, None), (30, 140, 23.0, None))
    assert timeline.moment(22, 0) == Moment(20, 150, 22.0, None, 50)
    assert timeline.moment(1e9, 0) == Moment(30, 140, 23.0, None, -10)
    assert timeline.moment(-5, 0) == Moment(10, 100, 20.0, None, 0), "nothing stands before the first row"


def test_a_change_within_reach_goes_before_a_nearer_row():
    timeline = timeline_of((10, 100, 20.0, None), (20, 150, 22.0, GROWN), (30, 150, 23.0, None))
    assert timeline.moment(27, 8) == Moment(20, 150, 22.0, GROWN, 50)
    assert timeline.moment(27, 6) == Moment(30, 150, 23.0, None, 0)


def test_of_two_changes_within_reach_the_nearer_is_meant():
    timeline = timeline_of((10, 100, 20.0, GROWN), (20, 100, 21.0, RELOCATED), (30, 90, 22.0, PRUNED))
    assert timeline.moment(14, 50).event == GROWN
    assert timeline.moment(16, 50).event == RELOCATED
    assert timeline.moment(29, 50) == Moment(30, 90, 22.0, PRUNED, -10)
