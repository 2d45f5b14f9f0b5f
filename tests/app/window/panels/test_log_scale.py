"""A slider for numbers that people compare by ratios."""

from __future__ import annotations

import pytest

from daub.app.window.panels.log_scale import from_slider, to_slider


def test_it_is_logarithmic_and_gives_round_numbers():
    assert [round(from_slider(p, 100, 50_000)) for p in (0, 1000)] == [100, 50_000]
    assert from_slider(500, 100, 50_000) in (2200, 2300)
    for value in (100, 1000, 5000, 50_000):
        assert from_slider(to_slider(value, 100, 50_000), 100, 50_000) == pytest.approx(value, rel=0.05)


def test_values_beyond_the_ends_lie_at_the_ends():
    assert (to_slider(1, 100, 50_000), to_slider(1e9, 100, 50_000)) == (0, 1000)
