"""SSIMULACRA2 and FLIP of the shown result: one at a time, and of no other."""

from __future__ import annotations

import threading

import pytest

from daub.codec.errors import DaubError
from daub.codec.evaluation.perceptual import Perceptual
from daub.codec.goal import Goal


@pytest.fixture
def measured(monkeypatch):
    """Permits for measuring; each that is used gives one point more."""
    permits, asked = threading.Semaphore(0), []

    def measure(pixels, document):
        asked.append(document)
        assert permits.acquire(timeout=120)
        return Perceptual(float(len(asked)), 0.25)

    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", measure)
    permits.asked = asked
    yield permits
    permits.release(100)


def fitted(desk, seed: int):
    desk.workspace.change(goal=Goal("gaussians", 30), seed=seed)
    desk.until(lambda: desk.state.goal == Goal("gaussians", 30) and desk.state.encoded is None)
    return desk.finish()


def test_results_that_are_passed_over_are_not_measured(desk, photo, measured):
    desk.open(photo)
    first, second, third = (fitted(desk, seed) for seed in (1, 2, 3))
    desk.until(lambda: len(desk.workspace.results) >= 3)
    assert len(measured.asked) == 1, "one at a time"
    measured.release(2)
    desk.until(lambda: desk.workspace.results.of(desk.state.ticket).perceptual == Perceptual(2.0, 0.25))
    assert [each for each in measured.asked] == [first.document, third.document]
    of = {id(each.encoded): each.perceptual for each in desk.workspace.results}
    assert of[id(first)] == Perceptual(1.0, 0.25) and of[id(second)] is None


def test_without_packages_it_asks_once(desk, photo, monkeypatch):
    asked = []
    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", lambda *_: asked.append(1))
    desk.open(photo)
    fitted(desk, 1)
    desk.until(lambda: asked and not desk.workspace.background.running)
    fitted(desk, 2)
    desk.until(lambda: desk.workspace.results.of(desk.state.ticket).ms_ssim and not desk.workspace.background.running)
    assert len(asked) == 1


def test_a_failure_is_told_once(desk, photo, monkeypatch):
    def fail(*_):
        raise DaubError("cannot measure FLIP", "the package is broken", "install it anew")

    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", fail)
    told = []
    desk.workspace.failed.connect(told.append)
    desk.open(photo)
    for seed in (1, 2):
        fitted(desk, seed)
        desk.until(lambda: not desk.workspace.background.running)
    assert [failure.line for failure in told] == ["cannot measure FLIP, the package is broken, install it anew"]
