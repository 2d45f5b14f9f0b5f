"""What is wanted in the midst of a step, which for a large picture takes a second: who waits for it, and who not."""

from __future__ import annotations

import math
import time

import pytest
from pretended_encoder import PLAN_STEPS, ROUND_STEPS

from daub.app.model.fit import run
from daub.app.model.fit.state import Phase
from daub.codec.goal import Goal

QUALITY = Goal("quality", 50)
IN_THE_PLAN, IN_THE_FIT, IN_THE_ROUNDING = PLAN_STEPS + 1, 2 * PLAN_STEPS + 2, 2 * PLAN_STEPS + 5 + 1


@pytest.fixture
def in_a_step(bench):
    """Brings a fit of 5 steps to the midst of the step after so many records."""
    bench.encoder.asks = True

    def begin(records: int) -> None:
        bench.fit(1, QUALITY, steps=5)
        bench.give(records)
        bench.until(lambda s: bench.encoder.asked == records + 1)

    begin.bench = bench
    return begin


@pytest.mark.parametrize("records", [0, IN_THE_PLAN, IN_THE_ROUNDING])
def test_a_cancel_ends_the_step_where_nothing_can_be_gone_on_from(in_a_step, records):
    in_a_step(records)
    bench = in_a_step.bench
    bench.want(fit=None)
    state = bench.until(lambda s: s.phase is Phase.STOPPED)
    assert bench.encoder.open_generators == 0 and state.encoded is None and state.failure is None


@pytest.mark.parametrize("records", [IN_THE_PLAN, IN_THE_FIT, IN_THE_ROUNDING])
def test_another_fit_and_the_end_of_everything_wait_for_no_step(in_a_step, records):
    in_a_step(records)
    bench = in_a_step.bench
    bench.fit(2, Goal("gaussians", 10), steps=5)
    bench.until(lambda s: s.ticket == 2 and bench.encoder.asked == records + 2)
    bench.give(1)
    bench.until(lambda s: s.ticket == 2 and s.progress.step == 1)
    bench.worker.close()
    assert bench.worker.wait(120) and bench.encoder.open_generators == 0


def test_a_cancel_in_a_fit_comes_after_a_short_step_so_that_it_can_be_gone_on(in_a_step, monkeypatch):
    monkeypatch.setattr(run, "_LONG_STEP", math.inf)
    in_a_step(IN_THE_FIT)
    bench = in_a_step.bench
    bench.want(fit=None)
    time.sleep(0.05)
    assert bench.worker.state.peek().fit.phase is Phase.FITTING
    bench.give(1)
    state = bench.until(lambda s: s.phase is Phase.STOPPED)
    assert state.timeline.reel.last.step == state.timeline.step == 3


def test_a_cancel_in_a_fit_ends_a_long_step_and_the_one_before_can_be_gone_on_from(in_a_step, monkeypatch):
    monkeypatch.setattr(run, "_LONG_STEP", 0.0)
    in_a_step(IN_THE_FIT)
    bench = in_a_step.bench
    bench.want(fit=None)
    state = bench.until(lambda s: s.phase is Phase.STOPPED)
    assert bench.encoder.open_generators == 0 and state.encoded is None and state.failure is None
    last = state.timeline.reel.last
    assert last.step == state.timeline.step == 2
    assert last.snapshot is state.snapshot and last.start.checkpoint.step == 2


def test_a_stop_in_a_fit_ends_a_long_step_and_makes_its_file_of_the_one_before(in_a_step, monkeypatch):
    monkeypatch.setattr(run, "_LONG_STEP", 0.0)
    in_a_step(IN_THE_FIT)
    bench = in_a_step.bench
    bench.want(stops=1)
    bench.until(lambda s: bench.encoder.packed)
    bench.give(ROUND_STEPS)
    state = bench.until(lambda s: s.phase is Phase.STOPPED)
    assert state.encoded.data.startswith(b"part") and state.timeline.reel.last.step == state.timeline.step == 2


@pytest.mark.parametrize("records", [IN_THE_PLAN, IN_THE_ROUNDING])
def test_a_stop_makes_its_file_without_waiting_for_the_step(in_a_step, records):
    in_a_step(records)
    bench = in_a_step.bench
    bench.want(stops=1)
    bench.until(lambda s: bench.encoder.packed)
    bench.give(ROUND_STEPS)
    state = bench.until(lambda s: s.phase is Phase.STOPPED)
    assert state.encoded.data.startswith(b"part") and state.failure is None


def test_a_stop_before_there_are_gaussians_waits_for_the_first(in_a_step):
    in_a_step(0)
    bench = in_a_step.bench
    bench.want(stops=1)
    time.sleep(0.05)
    assert not bench.encoder.packed
    bench.give(1 + ROUND_STEPS)
    assert bench.until(lambda s: s.phase is Phase.STOPPED).encoded.data.startswith(b"part")
