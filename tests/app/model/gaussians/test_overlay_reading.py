"""What is drawn of Gaussians: filters, order and colours."""

import numpy as np
import pytest
from scenes import some_gaussians

from daub.app.model.compare.colour_maps import DIVERGING, SEQUENTIAL, table
from daub.app.model.gaussians.overlay_reading import HIDDEN, read, shares_of, span_of
from daub.app.model.gaussians.properties import Property, Subject, size


@pytest.fixture
def subject():
    return Subject(some_gaussians(200, 60, 40, seed=2), 60, 40, bits=np.linspace(10, 40, 200))


def test_the_largest_are_drawn_first_with_their_own_colours(subject):
    reading = read(subject, Property.BITS, {})
    assert (np.diff(size(reading.drawn)) <= 1e-6).all()
    order = np.argsort(-size(subject.gaussians), kind="stable")
    low, high = reading.span
    assert reading.shares == pytest.approx(np.clip((subject.bits[order] - low) / (high - low), 0, 1), abs=1e-6)
    assert reading.colours is table(SEQUENTIAL)
    assert reading.kept.all() and reading.histogram.counts.sum() == 200


def test_filters_of_several_properties_hold_together(subject):
    filters = {Property.BITS: (20.0, 30.0), Property.SIZE: (0.0, float(np.median(size(subject.gaussians))))}
    reading = read(subject, Property.LIGHT, filters)
    expected = (subject.bits >= 20) & (subject.bits <= 30) & (size(subject.gaussians) <= filters[Property.SIZE][1])
    assert np.array_equal(reading.kept, expected) and 0 < expected.sum() < 100
    assert (reading.shares == HIDDEN).sum() == 200 - expected.sum()
    assert reading.colours is table(DIVERGING)
    assert set(reading.known) == {Property.LIGHT, Property.BITS, Property.SIZE}


def test_what_is_not_known_filters_nothing_and_has_no_histogram(subject):
    reading = read(subject, Property.BIRTH, {Property.ERROR: (1.0, 2.0)})
    assert reading.kept.all() and reading.histogram is None and np.isnan(reading.values).all()
    assert np.isfinite(reading.shares).all()


def test_what_is_known_is_not_worked_out_again(subject, monkeypatch):
    first = read(subject, Property.SIZE, {})
    monkeypatch.setattr(
        "daub.app.model.gaussians.overlay_reading.values_of", lambda which, subject: pytest.fail("again")
    )
    again = read(subject, Property.SIZE, {Property.SIZE: (1.0, 2.0)}, first.known)
    assert again.values is first.values


def test_spans_leave_the_extremes_out():
    values = np.concatenate([np.linspace(1, 2, 998), [1e-9, 1e9]])
    low, high = span_of(values, logarithmic=True, signed=False)
    assert 0.9 < low < 1.1 and 1.9 < high < 2.1
    assert span_of(np.array([]), logarithmic=False, signed=False) == (0, 1)
    low, high = span_of(np.full(5, 3.0), logarithmic=False, signed=False)
    assert low == 3 and high > low


@pytest.mark.parametrize("which", [Property.SIZE, Property.BITS, Property.LIGHT])
def test_shares_rise_from_end_to_end(which):
    axis = which.value
    span = (-9.0, 9.0) if axis.signed else (1.0, 100.0)
    shares = shares_of(np.linspace(*span, 50), span, axis)
    assert shares[0] == 0 and shares[-1] == pytest.approx(1) and (np.diff(shares) > 0).all()
    assert shares_of(np.array([np.nan, 1e9, -1e9]), span, axis)[1] == 1
    if axis.logarithmic:
        assert shares_of(np.array([10.0]), span, axis) == pytest.approx([0.5])
