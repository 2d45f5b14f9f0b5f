"""The worker: whatever is wanted in whatever order, one owner of the fit, its device, and its end."""

from __future__ import annotations

import itertools
import logging
import threading
import time

import numba
import pytest
from pretended_encoder import PIXELS, Backend

from daub.app.model.fit.device import Device, DeviceOpening
from daub.app.model.fit.state import Phase
from daub.app.model.fit.wanted import FitRequest, PackRequest
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings
from daub.render.devices import Chosen, fall_back
from daub.render.errors import DeviceUnavailable, Reason


@pytest.mark.parametrize("order", list(itertools.permutations(["thread", "device", "kernels", "picture", "pause"])))
def test_a_fit_comes_about_in_whatever_order_things_happen(new_bench, monkeypatch, order):
    bench, kernels = new_bench(), threading.Event()

    def warm_up(rasteriser):
        yield 0.5
        assert kernels.wait(120)

    monkeypatch.setattr("daub.app.model.fit.device._warm_up", warm_up)
    bench.give(100)
    events = {
        "thread": bench.worker.start,
        "device": lambda: bench.want(device="cpu"),
        "kernels": kernels.set,
        "picture": lambda: bench.fit(1, steps=5),
        "pause": lambda: (bench.want(playing=False), bench.want(playing=True)),
    }
    for name in order:
        events[name]()
        time.sleep(0.002)  # the thread may get on with it
    state = bench.until(lambda s: s.phase is Phase.FINISHED)
    assert state.ticket == 1 and state.encoded is not None


def test_another_device_in_the_middle_of_opening_one_is_the_one_that_fits(new_bench, monkeypatch):
    bench, began, go_on = new_bench(), threading.Event(), threading.Event()

    def warm_up(rasteriser):
        if rasteriser.name == "cuda":
            began.set()
            assert go_on.wait(120)
        yield 0.5

    monkeypatch.setattr("daub.app.model.fit.device._warm_up", warm_up)
    bench.give(100)
    bench.worker.start()
    bench.want(device="cuda")
    bench.fit(1, steps=5)
    assert began.wait(120)
    bench.want(device="cpu")
    go_on.set()
    bench.until(lambda s: s.phase is Phase.FINISHED)
    assert [device.name for device in bench.told] == ["cuda", "cpu"]
    assert bench.encoder.encoded[-1][2].name == "cpu" and len(bench.encoder.encoded) == 1


def test_that_kernels_are_compiled_is_told_until_the_next_record(bench, encoder, monkeypatch):
    def encode(*given, **more):
        numba.njit(lambda number: number + 1)(1)  # as the first fit of a kind does, before its first record
        return (yield from encoder.encode(*given, **more))

    monkeypatch.setattr("daub.codec.encoder.encode", encode)
    bench.fit(1, steps=5)
    state = bench.until(lambda s: s.is_compiling)
    assert state.phase is Phase.FITTING and state.progress.step == 0
    bench.give(1)
    bench.until(lambda s: s.progress.step == 1 and not s.is_compiling)
    numba.njit(lambda number: number + 2)(1)  # here, which is none of the worker's business
    assert not bench.worker.state.peek().fit.is_compiling
    bench.give(100)
    bench.until(lambda s: s.phase is Phase.FINISHED and not s.is_compiling)


def test_how_far_it_is_within_a_step_is_told_before_the_step_has_ended(bench):
    bench.encoder.asks = True
    bench.fit(1, steps=5)
    for step in (1, 2):
        time.sleep(0.1)  # a few times it asks whether to go on: so often it will again
        bench.give(1)
        bench.until(lambda s, step=step: s.progress.step == step)
    state = bench.until(lambda s: s.progress.fraction > 0.41)
    assert state.progress.step == 2 and state.progress.fraction < 0.6 and len(state.gaussians) == 2
    bench.give(100)
    state = bench.until(lambda s: s.phase is Phase.FINISHED)
    assert state.progress.fraction == 1


def test_a_newer_fit_supersedes(bench):
    bench.fit(1)
    bench.give(2)
    bench.until(lambda s: s.progress.step == 2)
    for ticket in (2, 3, 4):
        bench.fit(ticket, steps=7)
    bench.give(100)
    state = bench.until(lambda s: s.phase is Phase.FINISHED)
    assert (state.ticket, state.timeline.curves(10)[0, -1]) == (4, 7)
    assert bench.encoder.asked <= 3 + 1 + 7 + 3, "the fits in between were never begun"


def test_a_fit_goes_on_until_the_next_has_settled(bench):
    bench.give(100_000)
    bench.fit(1, steps=10_000)
    bench.until(lambda s: s.progress.step > 3)
    request = FitRequest(2, PIXELS, EncodeSettings(Goal("gaussians", 10), steps=7), time.monotonic() + 0.3)
    bench.want(fit=request)
    step = bench.worker.state.peek().fit.progress.step
    assert bench.until(lambda s: s.progress.step > step + 3).ticket == 1
    bench.until(lambda s: s.ticket == 2 and s.phase is Phase.FINISHED)
    assert time.monotonic() >= request.begin_at


def test_nothing_is_wanted_any_more_and_the_snapshot_stays(bench):
    bench.fit(1)
    bench.give(4)
    bench.until(lambda s: s.progress.step == 4)
    bench.want(fit=None)
    bench.give(1)
    state = bench.until(lambda s: s.phase is Phase.STOPPED)
    assert len(state.gaussians) in (4, 5) and state.encoded is None
    assert bench.encoder.open_generators == 0


@pytest.mark.parametrize("playing", [True, False])
def test_a_snapshot_is_packed_and_the_fit_goes_on_or_stays_paused(bench, playing):
    bench.fit(1)
    bench.give(4)
    state = bench.until(lambda s: s.progress.step == 4)
    bench.want(playing=playing)
    bench.give(1)
    if not playing:
        state = bench.until(lambda s: s.phase is Phase.PAUSED)
    packed, delivered = _pack(bench, state)
    bench.give(10)
    assert delivered.wait(120)
    assert packed[0].data.startswith(b"part") and bench.encoder.packed[0][0] is state.gaussians
    if playing:
        bench.until(lambda s: s.progress.step > 5)
    else:
        after = bench.worker.state.peek().fit
        assert after.phase is Phase.PAUSED and after.progress.step == state.progress.step


@pytest.mark.parametrize("end", ["cancel", "stop", "another", "device", "close"])
def test_a_file_that_was_asked_for_is_made_though_the_fit_ends_first(bench, end):
    bench.fit(1)
    bench.give(4)
    state = bench.until(lambda s: s.progress.step == 4)
    packed, delivered = _pack(bench, state)
    ends = {
        "cancel": lambda: bench.want(fit=None),
        "stop": lambda: bench.want(stops=1),
        "another": lambda: bench.fit(2, steps=5),
        "device": lambda: bench.want(device="cpu"),
        "close": bench.worker.close,
    }
    ends[end]()
    bench.give(1000)
    assert delivered.wait(120) and packed[0].data.startswith(b"part")


def test_a_file_that_cannot_be_made_says_why(bench):
    bench.fit(1)
    bench.give(4)
    state = bench.until(lambda s: s.progress.step == 4)
    bench.want(playing=False)
    bench.give(1)
    bench.until(lambda s: s.phase is Phase.PAUSED)
    bench.encoder.failure = DaubError("the disk of the moon is full", "it is small", "use another")
    errors, refused = [], threading.Event()
    request = PackRequest(
        PIXELS, state.gaussians, EncodeSettings(), 1.0, None, lambda error: (errors.append(error), refused.set())
    )
    bench.worker.pack(request)
    bench.give(1)
    assert refused.wait(120) and "moon" in str(errors[0])
    assert bench.worker.state.peek().fit.phase is Phase.PAUSED, "the fit is none the worse for it"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            DaubError("3 bytes cannot be reached", "too few", "allow more"),
            "3 bytes cannot be reached, too few, allow more",
        ),
        (ZeroDivisionError("division by zero"), "the fit has stopped, ZeroDivisionError: division by zero"),
        (MemoryError(), "there is not enough memory"),
    ],
)
def test_a_failure_is_one_line_and_the_worker_lives_on(bench, error, line):
    bench.fit(1)
    bench.give(2)
    bench.until(lambda s: s.progress.step == 2)
    bench.encoder.failure = error
    bench.give(1)
    state = bench.until(lambda s: s.phase is Phase.FAILED)
    assert line in state.failure.line and "\n" not in state.failure.line and "Traceback" in state.failure.details
    assert len(state.gaussians) == 2, "the last snapshot stays"
    bench.encoder.failure = None
    bench.fit(2, steps=3)
    bench.give(100)
    bench.until(lambda s: s.ticket == 2 and s.phase is Phase.FINISHED)


def test_another_device_ends_the_fit_and_the_next_runs_on_it(bench):
    bench.fit(1)
    bench.give(2)
    bench.until(lambda s: s.progress.step == 2)
    bench.want(device="cpu")
    bench.fit(2, steps=3)
    bench.give(100)
    bench.until(lambda s: s.ticket == 2 and s.phase is Phase.FINISHED)
    assert [rasteriser.name for _, _, rasteriser in bench.encoder.encoded] == ["auto", "cpu"]


@pytest.mark.parametrize("device", ["auto", "cuda"])
@pytest.mark.parametrize("late", [False, True], ids=["when opened", "when its kernels load"])
def test_a_device_that_fails_gives_way_to_the_cpu_with_the_reason(new_bench, monkeypatch, device, late):
    bench, why = new_bench(), Reason("the driver is too old", remedy="update it")

    def choose(wanted):
        if wanted != "cpu" and not late:
            raise DeviceUnavailable(why)
        return Chosen(Backend("cpu" if wanted == "cpu" else "cuda"), Reason("found"))

    def warm_up(rasteriser):
        yield 0.5
        if rasteriser.name == "cuda":
            raise RuntimeError("cannot compile")

    monkeypatch.setattr("daub.render.devices.choose", choose)
    monkeypatch.setattr("daub.app.model.fit.device._warm_up", warm_up)
    bench.worker.start()
    bench.want(device=device)
    state = bench.until_worker(lambda s: s.ready)
    assert (bench.told[-1].name, bench.told[-1].wanted) == ("cpu", device)
    assert bench.told[-1].reason == (Reason("the GPU failed", "RuntimeError: cannot compile") if late else why)
    assert len(bench.told) == 1 + late and state.failure is None


def test_without_any_device_it_says_so_and_tries_another_that_is_wanted(new_bench, monkeypatch):
    bench = new_bench()

    def warm_up(rasteriser):
        yield 0.1
        if len(bench.told) == 1:
            raise OSError("no compiler")

    monkeypatch.setattr("daub.app.model.fit.device._warm_up", warm_up)
    bench.worker.start()
    bench.want(device="cpu")
    bench.fit(1, steps=3)
    state = bench.until_worker(lambda s: s.failure is not None)
    assert "no compiler" in state.failure.line and not state.ready
    bench.give(100)
    bench.want(device="auto")
    bench.until(lambda s: s.phase is Phase.FINISHED)
    assert bench.worker.state.peek().failure is None


def test_warming_up_shows_how_far_it_is(new_bench, monkeypatch):
    bench, go_on = new_bench(), threading.Semaphore(0)

    def warm_up(rasteriser):
        for fraction in (0.25, 0.5, 0.75):
            yield fraction
            assert go_on.acquire(timeout=120)

    monkeypatch.setattr("daub.app.model.fit.device._warm_up", warm_up)
    bench.worker.start()
    bench.want(device="cpu")
    for fraction in (0.25, 0.5, 0.75):
        bench.until_worker(lambda s, fraction=fraction: s.warming == fraction)
        go_on.release()
    assert bench.until_worker(lambda s: s.ready).warming is None


def test_a_device_lost_in_the_middle_of_a_fit_is_told_and_not_used_again(bench, monkeypatch):
    whole = bench.encoder.encode

    def encode(pixels, recipe, rasteriser, importance, start=None, metadata=None):
        for record in (records := whole(pixels, recipe, rasteriser)):
            if record.step in (3, 4):  # its users find it dead one after the other
                fall_back(rasteriser, OSError("it fell off the bus"))
            yield record
        records.close()

    monkeypatch.setattr("daub.codec.encoder.encode", encode)
    bench.want(device="cuda")
    bench.fit(1, steps=5)
    bench.give(4)
    bench.until(lambda s: s.progress.step == 4)
    assert bench.told[-2].name == "cuda"
    assert bench.told[-1] == Device("cpu", Reason("the GPU gave up", "it fell off the bus"), "cuda")
    bench.give(1)
    bench.fit(2, steps=2)
    bench.give(100)
    bench.until(lambda s: s.ticket == 2 and s.phase is Phase.FINISHED)
    assert bench.encoder.encoded[-1][2].name == "cpu" and len(bench.told) == 3


def test_a_warning_of_something_else_moves_no_fit_to_the_cpu(bench, monkeypatch):
    whole, before = bench.encoder.encode, list(bench.told)

    def encode(pixels, recipe, rasteriser, importance, start=None, metadata=None):
        logging.getLogger("daub").warning("the palette was odd")
        return whole(pixels, recipe, rasteriser)

    monkeypatch.setattr("daub.codec.encoder.encode", encode)
    bench.fit(1, steps=5)
    bench.give(100)
    bench.until(lambda s: s.phase is Phase.FINISHED)
    assert bench.told == before and bench.encoder.encoded[0][2].name == "auto"


@pytest.mark.parametrize("when", ["never started", "idle", "warming", "fitting", "paused", "settling"])
def test_it_closes_at_any_moment(new_bench, monkeypatch, when):
    bench = new_bench()
    if when != "never started":
        bench.worker.start()
    if when == "warming":
        monkeypatch.setattr("daub.app.model.fit.device._warm_up", lambda rasteriser: itertools.repeat(0.5))
        bench.want(device="cpu")
        bench.until_worker(lambda s: s.warming == 0.5)
    elif when not in ("never started", "idle"):
        bench.want(device="cpu")
        bench.fit(1)
        bench.give(3)
        bench.until(lambda s: s.progress.step == 3)
        if when == "paused":
            bench.want(playing=False)
        if when == "settling":
            bench.want(fit=FitRequest(2, PIXELS, EncodeSettings(), time.monotonic() + 1000))
    bench.worker.close()
    bench.give(1)
    assert bench.worker.wait(120)


def _pack(bench, state) -> tuple[list, threading.Event]:
    """Asks for a file of a state; returns where it comes, and when."""
    packed, delivered = [], threading.Event()

    def deliver(encoded):
        packed.append(encoded)
        delivered.set()

    bench.worker.pack(
        PackRequest(PIXELS, state.gaussians, EncodeSettings(Goal("gaussians", 10)), 1.0, deliver, lambda error: None)
    )
    return packed, delivered


def test_while_kernels_are_compiled_nobody_says_that_all_of_them_are_there():
    fractions = list(DeviceOpening("cpu", lambda device: None).steps())
    assert fractions == sorted(fractions) and len(set(fractions)) > 1 and max(fractions) < 1
