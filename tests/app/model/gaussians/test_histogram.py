"""Counts of a property, and the range that is dragged over them."""

import numpy as np
import pytest

from daub.app.model.gaussians.histogram import BINS, Histogram, RangeDrag


@pytest.mark.parametrize("logarithmic", [False, True])
def test_every_value_is_counted_once_and_what_is_kept_among_them(logarithmic):
    values = np.random.default_rng(0).lognormal(1, 1, 5000)
    kept = values > 3
    counted = Histogram.of(values, kept, logarithmic)
    assert counted.counts.sum() == 5000 and counted.kept.sum() == kept.sum()
    assert (counted.kept <= counted.counts).all() and len(counted.edges) == BINS + 1
    assert counted.edges[0] == values.min() and counted.edges[-1] == values.max()
    steps = np.diff(np.log(counted.edges) if logarithmic else counted.edges)
    assert steps == pytest.approx(np.full(BINS, steps.mean()))


def test_what_has_no_place_on_the_axis_is_left_out():
    values = np.array([np.nan, -1.0, 0.0, 1.0, 10.0])
    everything = np.ones(5, bool)
    assert Histogram.of(values, everything, logarithmic=True).counts.sum() == 2
    assert Histogram.of(values, everything, logarithmic=False).counts.sum() == 4
    assert Histogram.of(values[:1], everything[:1], logarithmic=False) is None
    alike = Histogram.of(np.full(7, 3.0), np.ones(7, bool), logarithmic=True)
    assert alike.counts.sum() == 7 and alike.edges[0] < 3 < alike.edges[-1]


def test_a_drag_makes_a_range_whichever_way_it_goes():
    drag = RangeDrag(grip=5)
    drag.press(100, None)
    assert drag.is_dragging and drag.move(103) is None, "it may tremble"
    assert drag.move(140) == (100, 140) and drag.move(60) == (60, 100)
    assert drag.move(101) == (100, 101), "it has begun, and may become narrow again"
    assert not drag.release() and not drag.is_dragging and drag.move(200) is None


def test_an_end_is_taken_hold_of_and_the_other_stays():
    drag = RangeDrag(grip=5)
    drag.press(58, (60, 100))
    assert drag.move(30) == (30, 100)
    drag.release()
    drag.press(103, (30, 100))
    assert drag.move(120) == (30, 120)
    drag.release()
    drag.press(75, (30, 120))  # in the middle a new one begins
    assert drag.move(90) == (75, 90)


def test_a_click_is_no_drag():
    drag = RangeDrag()
    drag.press(10, (0, 50))
    drag.move(11)
    assert drag.release()
    assert not drag.release(), "there was no press"
