"""A part of the picture on a grid of its own."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from daub.app.model.fit import frame
from daub.app.model.fit.frame import FramePainter, Framing
from daub.render.devices import Failover, choose
from daub.render.gaussians import Gaussians
from daub.render.reference import ReferenceRasteriser


@pytest.mark.parametrize("scale", [0.4, 1.0, 3.0])
def test_a_framing_shows_the_same_part_as_the_screen(scale):
    rng = np.random.default_rng(3)
    covariance = np.broadcast_to(30 * np.eye(2), (20, 2, 2))
    gaussians = Gaussians.build(rng.uniform(0, 60, (20, 2)), covariance, rng.uniform(0, 0.3, (20, 3)))
    framing = Framing((12.0, 8.0), scale, round(30 * scale), round(20 * scale))
    whole = ReferenceRasteriser().forward(gaussians.resized(scale, scale), round(60 * scale), round(60 * scale))
    part = ReferenceRasteriser().forward(framing.framed(gaussians), framing.width, framing.height)
    if scale != 0.4:  # there the corner lies between two pixels of the whole
        x, y = round(12 * scale), round(8 * scale)
        np.testing.assert_allclose(part, whole[y : y + framing.height, x : x + framing.width], atol=1e-5)
    middle = framing.framed(Gaussians.build([[12 + 15 - 0.5, 8 + 10 - 0.5]], covariance[:1], [[1, 1, 1]])).mean[0]
    np.testing.assert_allclose(middle + 0.5, [15 * scale, 10 * scale], rtol=1e-5)


def test_the_cpu_renders_frames_where_it_is_to_and_no_more_often_than_they_may_take_time(monkeypatch):
    rng = np.random.default_rng(4)
    gaussians = Gaussians.build(rng.uniform(0, 60, (20, 2)), [30 * np.eye(2)] * 20, rng.uniform(0, 0.3, (20, 3)))
    painter = FramePainter(Failover(choose("cpu").rasteriser))
    painter.framing = Framing((12.0, 8.0), 1.5, 40, 30)
    assert painter.paint(gaussians, None, at_once=False) is None, "OpenGL draws them itself"
    painter.by_cpu = True
    now = 1000.0
    monkeypatch.setattr(frame.time, "perf_counter", lambda: now)
    first = painter.paint(gaussians, None, at_once=False)
    expected = ReferenceRasteriser().forward(painter.framing.framed(gaussians), 40, 30)
    np.testing.assert_allclose(first.image, expected, atol=1e-4)
    assert first.is_on_host and first.gaussians is gaussians
    now += 0.01
    assert painter.paint(gaussians, first, at_once=False) is first, "too early for another"
    assert painter.paint(gaussians, first, at_once=True) is not first
    now += 0.02
    assert painter.paint(gaussians, first, at_once=False) is not first
    painter.by_cpu = False
    assert painter.paint(gaussians, first, at_once=True) is None


def test_what_a_frame_takes_to_be_compiled_is_not_waited_for_again(monkeypatch):
    gaussians = Gaussians.build([[20, 20]], [30 * np.eye(2)], [[0.3, 0.3, 0.3]])
    rasteriser = choose("cpu").rasteriser
    painter = FramePainter(Failover(rasteriser))
    painter.framing, painter.by_cpu = Framing((0.0, 0.0), 1.0, 40, 30), True
    now, forward, compiles = 1000.0, rasteriser.forward, True
    monkeypatch.setattr(frame.time, "perf_counter", lambda: now)

    def slow(*rendered):
        nonlocal now
        now += 5
        if compiles:
            numba.njit(lambda number: number + 1)(1)
        return forward(*rendered)

    monkeypatch.setattr(rasteriser, "forward", slow)
    first = painter.paint(gaussians, None, at_once=False)
    compiles, now = False, now + 0.1
    second = painter.paint(gaussians, first, at_once=False)
    assert second is not first
    now += 0.1
    assert painter.paint(gaussians, second, at_once=False) is second, "five seconds and nothing compiled: too early"
