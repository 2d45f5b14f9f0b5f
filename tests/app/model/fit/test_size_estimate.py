"""How large a file would be: the fit does not wait for it."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from daub.app.model.fit import size_estimate
from daub.app.model.fit.size_estimate import SizeEstimate

PIXELS = np.zeros((8, 12, 3), np.float32)
RECORD = SimpleNamespace(gaussians=None, error=1.0)


@pytest.fixture
def slow(monkeypatch) -> threading.Semaphore:
    """Estimates 1000, 1001 and so on, each once it is permitted."""
    permits, made = threading.Semaphore(0), []

    def estimate(*_):
        assert permits.acquire(timeout=120)
        made.append(1000 + len(made))
        return made[-1]

    monkeypatch.setattr("daub.codec.rate.estimate.estimate_bytes", estimate)
    monkeypatch.setattr(size_estimate, "_EVERY", 0.0)
    monkeypatch.setattr(size_estimate, "_SHARE", 1e9)
    return permits


def test_a_quick_one_is_there_at_once(monkeypatch):
    monkeypatch.setattr("daub.codec.rate.estimate.estimate_bytes", lambda *_: 77)
    monkeypatch.setattr(size_estimate, "_PATIENCE", 20.0)
    estimate = SizeEstimate(PIXELS, None, lambda: False)
    assert estimate(RECORD, at_once=False) == 77


def test_none_is_made_while_its_kernels_are_compiled_by_another_process(monkeypatch):
    monkeypatch.setattr("daub.codec.rate.estimate.estimate_bytes", lambda *_: 77)
    monkeypatch.setattr(size_estimate, "_PATIENCE", 20.0)
    compiles = True
    monkeypatch.setattr("daub.codec.compiling.coder_is_compiled_beside", lambda: compiles)
    estimate = SizeEstimate(PIXELS, None, lambda: False)
    assert estimate(RECORD, at_once=False) is None and estimate(RECORD, at_once=True) is None
    compiles = False
    assert estimate(RECORD, at_once=False) == 77


def test_a_slow_one_is_shown_by_a_later_record(slow):
    estimate = SizeEstimate(PIXELS, None, lambda: False)
    assert estimate(RECORD, at_once=False) is None and estimate(RECORD, at_once=False) is None
    slow.release()
    under_way = estimate._under_way
    assert under_way.result(20) == 1000
    assert estimate(RECORD, at_once=False) == 1000  # and the next has begun
    assert estimate._under_way is not under_way
    slow.release()


def test_a_paused_fit_waits_for_its_own(slow):
    estimate = SizeEstimate(PIXELS, None, lambda: False)
    assert estimate(RECORD, at_once=False) is None
    slow.release(2)
    assert estimate(RECORD, at_once=True) == 1001


def test_nobody_waits_for_it_once_something_else_is_wanted(slow):
    news = threading.Event()
    estimate = SizeEstimate(PIXELS, None, news.is_set)
    threading.Timer(0.1, news.set).start()
    assert estimate(RECORD, at_once=True) is None
    assert estimate(RECORD, at_once=True) is None  # and none begins
    slow.release()


def test_what_goes_wrong_is_raised(monkeypatch):
    monkeypatch.setattr("daub.codec.rate.estimate.estimate_bytes", lambda *_: 1 // 0)
    monkeypatch.setattr(size_estimate, "_PATIENCE", 20.0)
    with pytest.raises(ZeroDivisionError):
        SizeEstimate(PIXELS, None, lambda: False)(RECORD, at_once=False)
