"""What the window reads of a fit: the latest state, the timeline, the pace, the read-out, the sliders."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.latest import Latest
from daub.app.model.pace import Pace
from daub.app.model.timeline import Timeline
from daub.app.model.wanted import GOALS, Wanted, from_slider, to_slider
from daub.app.window.panels.readout import decoded_at
from daub.app.window.panels.result_panel import size_text
from daub.codec.progress import Event
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians


def test_the_latest_value_is_announced_once_until_it_is_taken():
    announced = []
    slot = Latest("first", lambda: announced.append(slot.peek()))
    slot.publish("second")
    slot.publish("third")
    assert announced == ["second"]
    assert slot.take() == ("third", 2)
    slot.publish("fourth")
    assert announced == ["second", "fourth"]


def test_a_thinned_timeline_keeps_its_last_point():
    timeline = Timeline(1000)
    for step in range(1, 998):
        timeline.record(step, 10 * step, step / 10, Event.GROWN if step % 100 == 0 else None)
    curves = timeline.curves(50)
    assert curves.shape[0] == 3 and 25 < curves.shape[1] <= 51
    assert list(curves[:, -1]) == [997, 9970, 99.7]
    assert list(timeline.events(Event.GROWN)) == [100, 200, 300, 400, 500, 600, 700, 800, 900]


def test_a_second_attempt_starts_the_timeline_again():
    timeline = Timeline(3)
    for attempt in (100, 200):
        for step in (1, 2, 3):
            timeline.record(step, attempt + step, 30.0, None)
    assert list(timeline.curves(10)[1]) == [201, 202, 203]


def test_pace():
    pace = Pace()
    assert pace.seconds_left is None and pace.steps_per_second is None
    for i in range(11):
        pace.mark(now=i * 0.1, step=10 * i, fraction=0.05 * i)
    assert pace.steps_per_second == pytest.approx(100)
    assert pace.seconds_left == pytest.approx(1.0)
    pace.interrupt()
    assert pace.seconds_left is None


def test_the_read_out_is_what_the_rasteriser_draws():
    rng = np.random.default_rng(2)
    covariance = np.array([[9.0, 2.0], [2.0, 5.0]])
    gaussians = Gaussians.build(
        rng.uniform(0, [30, 20], (40, 2)), np.broadcast_to(covariance, (40, 2, 2)), rng.normal(0.1, 0.2, (40, 3))
    )
    image = np.clip(CpuRasteriser().forward(gaussians, 30, 20), 0, 1)
    for x, y in ((0, 0), (29, 19), (13, 7)):
        np.testing.assert_allclose(decoded_at(gaussians, x, y), image[y, x], atol=1e-4)


def test_the_slider_is_logarithmic_and_gives_round_numbers():
    assert [round(from_slider(p, 100, 50_000)) for p in (0, 1000)] == [100, 50_000]
    assert from_slider(500, 100, 50_000) in (2200, 2300)
    for value in (100, 1000, 5000, 50_000):
        assert from_slider(to_slider(value, 100, 50_000), 100, 50_000) == pytest.approx(value, rel=0.05)


def test_what_is_wanted_becomes_the_settings_of_the_encoder():
    for goal in GOALS:
        settings = Wanted(goal.kind, goal.start * goal.per_unit, steps=77, seed=5).settings()
        assert (settings.goal.kind, settings.steps, settings.seed) == (goal.kind, 77, 5)
        assert settings.goal.value == goal.start * goal.per_unit


def test_sizes_have_four_digits():
    assert [size_text(n) for n in (812, 35_128, 135_060, 1_354_000)] == ["812 bytes", "35.13 kB", "135.1 kB", "1.35 MB"]
