"""The worker without Qt: orders between two records, the last snapshot, one owner of the fit."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace

import numpy as np
import pytest

from daub.app.model.fit_state import Device, FitState, Phase
from daub.app.model.fit_worker import FitWorker
from daub.app.model.wanted import Wanted
from daub.codec.errors import DaubError
from daub.codec.progress import Stage
from daub.render.devices import Chosen, Failover, fall_back
from daub.render.errors import DeviceUnavailable, Reason
from daub.render.gaussians import Gaussians

PIXELS = np.zeros((8, 12, 3), np.float32)


@dataclass(frozen=True)
class Record:
    stage: str
    step: int
    steps: int
    gaussians: Gaussians
    psnr: float
    fraction: float
    event: str | None = None
    goal_count: int = 50

    @property
    def seconds(self) -> float:
        """A step takes a tenth."""
        return self.step / 10


@dataclass(frozen=True)
class Coded:
    data: bytes
    gaussians: Gaussians
    fit_seconds: float = 0.0


@dataclass(frozen=True)
class Backend:
    name: str
    failures = (OSError,)

    def painter(self):
        return object() if self.name == "cuda" else None

    def release(self):
        pass


class Encoder:
    """Stands in for the encoder and for packing: each record waits for a permit, so the tests set the pace."""

    def __init__(self):
        self.permits = threading.Semaphore(0)
        self.open_generators = 0
        self.asked = 0
        self.failure: Exception | None = None

    def encode(self, pixels, settings, rasteriser):
        yield from self._records(Stage.FIT, settings.steps)
        yield from self._records(Stage.ROUND, 3)
        return Coded(b"whole", Gaussians.empty(settings.steps))

    def pack(self, pixels, gaussians, settings, rasteriser, fit_seconds):
        yield from self._records(Stage.ROUND, 3)
        return Coded(b"part", gaussians, fit_seconds)

    def estimate_bytes(self, gaussians, width, height, fit_psnr, settings):
        return 100 + len(gaussians)

    def _records(self, stage, steps):
        self.open_generators += 1
        try:
            for step in range(1, steps + 1):
                self.asked += 1
                self.permits.acquire()
                if self.failure is not None:
                    raise self.failure
                yield Record(stage, step, steps, Gaussians.empty(step), 20.0 + step, step / steps)
        finally:
            self.open_generators -= 1


@pytest.fixture
def bench(monkeypatch):
    """A worker with the encoder above, a way to wait for a state, and permits without end when it closes."""
    import daub.codec.encoder
    import daub.codec.rate.estimate
    import daub.codec.rate.packing

    encoder = Encoder()
    monkeypatch.setattr(daub.codec.encoder, "encode", encoder.encode)
    monkeypatch.setattr(daub.codec.rate.packing, "pack", encoder.pack)
    monkeypatch.setattr(daub.codec.rate.estimate, "estimate_bytes", encoder.estimate_bytes)
    changed = threading.Condition()

    def notify():
        with changed:
            changed.notify_all()

    worker = FitWorker(notify, lambda device: None)
    monkeypatch.setattr(worker, "_ready", lambda device: Failover(Backend(device), worker._fall_back))

    def until(condition) -> FitState:
        with changed:
            assert changed.wait_for(lambda: condition(worker.state.take()[0]), timeout=20), worker.state.peek()
        return worker.state.peek()

    worker.open()
    until(lambda state: state.phase is Phase.IDLE)
    yield worker, encoder, until
    encoder.permits.release(100_000)
    assert worker.close(20)
    assert encoder.open_generators == 0, "a generator was left hanging"


def test_runs_to_the_end_and_publishes_the_last_state(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=5))
    encoder.permits.release(100)
    state = until(lambda s: s.phase is Phase.FINISHED)
    assert (state.ticket, state.step, state.whole, state.encoded.data) == (1, 5, True, b"whole")
    assert state.gaussians is state.encoded.gaussians and state.estimated_bytes == len(b"whole")
    assert len(state.timeline) == 5


def test_the_state_says_which_method_fits_and_who_writes_its_file(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=5, profile="smartsplat", parts=(("loss", "l2"),)))
    encoder.permits.release(100)
    state = until(lambda s: s.phase is Phase.FINISHED)
    assert (state.method, state.own_file, state.goal_count) == ("smartsplat, loss l2", True, 50)
    assert not state.written_by_us
    worker.start(2, PIXELS, Wanted("gaussians", 10, steps=5, profile="smartsplat", parts=(("coder", "native"),)))
    state = until(lambda s: s.ticket == 2 and s.phase is Phase.FAILED)
    assert "native coder go with each other alone" in state.error and "\n" not in state.error
    worker.start(3, PIXELS, Wanted("gaussians", 10, steps=5))
    assert until(lambda s: s.ticket == 3 and s.phase is Phase.FINISHED).method == "native"


def test_pause_holds_between_two_records_and_step_makes_one(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(3)
    until(lambda s: s.step == 3)
    worker.play_or_pause()
    encoder.permits.release(1)  # the record that was under way when the order came
    state = until(lambda s: s.phase is Phase.PAUSED)
    asked, step = encoder.asked, state.step
    encoder.permits.release(20)
    worker.step()
    state = until(lambda s: s.step == step + 1 and s.phase is Phase.PAUSED)
    assert encoder.asked == asked + 1
    worker.play_or_pause()
    until(lambda s: s.step > step + 5)


def test_cancel_keeps_the_snapshot_and_ends_the_generator(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(4)
    until(lambda s: s.step == 4)
    worker.cancel()
    encoder.permits.release(1)
    state = until(lambda s: s.phase is Phase.STOPPED)
    assert len(state.gaussians) in (4, 5) and state.encoded is None
    assert encoder.open_generators == 0


def test_stop_codes_the_snapshot_and_a_second_stop_ends_that(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(4)
    until(lambda s: s.step == 4)
    worker.stop()
    encoder.permits.release(2)
    until(lambda s: s.phase is Phase.CODING)
    worker.stop()
    encoder.permits.release(1)
    state = until(lambda s: s.phase is Phase.STOPPED)
    assert state.encoded is None and state.gaussians is not None
    worker.start(2, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(6)
    until(lambda s: s.ticket == 2 and s.step >= 4)
    worker.stop()
    encoder.permits.release(100)
    state = until(lambda s: s.encoded is not None)
    assert (state.encoded.data, state.whole, state.phase) == (b"part", False, Phase.STOPPED)
    assert state.encoded.fit_seconds == state.step / 10


def test_files_of_a_part_of_a_published_methods_fit_are_ours():
    fitting = FitState(1, Phase.FITTING, method="smartsplat", own_file=True)
    assert fitting.written_by_us and replace(fitting, phase=Phase.PAUSED).written_by_us
    stopped = replace(fitting, phase=Phase.STOPPED)
    assert not stopped.written_by_us, "there is nothing to write"
    assert replace(stopped, gaussians=Gaussians.empty(3)).written_by_us
    finished = replace(stopped, gaussians=Gaussians.empty(3), phase=Phase.FINISHED, whole=True)
    assert not finished.written_by_us
    assert not replace(fitting, method="native", own_file=False).written_by_us


def test_a_newer_fit_supersedes(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(2)
    until(lambda s: s.step == 2)
    for ticket in (2, 3, 4):
        worker.start(ticket, PIXELS, Wanted("gaussians", 10, steps=7))
    encoder.permits.release(100)
    state = until(lambda s: s.phase is Phase.FINISHED)
    assert (state.ticket, state.step) == (4, 7)
    assert encoder.asked <= 3 + 1 + 7 + 3, "the fits in between were never begun"


def test_a_snapshot_is_packed_while_paused_and_the_fit_stays_paused(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(4)
    until(lambda s: s.step == 4)
    worker.play_or_pause()
    encoder.permits.release(1)
    paused = until(lambda s: s.phase is Phase.PAUSED)
    packed, delivered = [], threading.Event()
    worker.pack(lambda coded: (packed.append(coded), delivered.set()))
    encoder.permits.release(10)
    assert delivered.wait(20)
    assert packed[0].data == b"part" and packed[0].gaussians is paused.gaussians
    assert worker.state.peek().phase is Phase.PAUSED and worker.state.peek().step == paused.step


@pytest.mark.parametrize("end", ["cancel", "stop", "start"])
def test_a_file_that_was_asked_for_is_made_though_the_fit_ends_first(bench, end):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(4)
    until(lambda s: s.step == 4)
    packed, delivered = [], threading.Event()
    worker.pack(lambda coded: (packed.append(coded), delivered.set()))
    orders = {"cancel": worker.cancel, "stop": worker.stop, "start": lambda: worker.start(2, PIXELS, Wanted())}
    orders[end]()
    encoder.permits.release(1000)
    assert delivered.wait(20) and packed[0].data == b"part"
    expected = {"cancel": None, "stop": b"part", "start": b"whole"}[end]
    state = until(lambda s: s.phase in (Phase.STOPPED, Phase.FINISHED))
    assert (state.encoded.data if state.encoded else None) == expected
    assert state.ticket == (2 if end == "start" else 1)


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
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(2)
    until(lambda s: s.step == 2)
    encoder.failure = error
    encoder.permits.release(1)
    state = until(lambda s: s.phase is Phase.FAILED)
    assert line in state.error and "\n" not in state.error and "Traceback" in state.details
    assert len(state.gaussians) == 2, "the last snapshot stays"
    encoder.failure = None
    worker.start(2, PIXELS, Wanted("gaussians", 10, steps=3))
    encoder.permits.release(100)
    until(lambda s: s.ticket == 2 and s.phase is Phase.FINISHED)


def test_another_device_ends_the_fit_and_the_next_runs_on_it(bench):
    worker, encoder, until = bench
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=50))
    encoder.permits.release(2)
    until(lambda s: s.step == 2)
    worker.use("cpu", 2)
    encoder.permits.release(1)
    state = until(lambda s: s.ticket == 2 and s.phase is Phase.IDLE)
    assert encoder.open_generators == 0 and len(state.gaussians) in (2, 3), "the last snapshot stays on the screen"
    worker.start(2, PIXELS, Wanted("gaussians", 10, steps=3))
    encoder.permits.release(100)
    until(lambda s: s.phase is Phase.FINISHED)
    assert worker._rasteriser.name == "cpu"


def _opened(monkeypatch, device: str, choose) -> tuple[list, FitState]:
    """What a worker tells of its device, and the state after that."""
    import daub.render.devices

    monkeypatch.setattr(daub.render.devices, "choose", choose)
    told, changed = [], threading.Event()
    worker = FitWorker(changed.set, told.append)
    worker.open(device)
    while worker.state.take()[0].phase is Phase.WARMING:
        assert changed.wait(20)
        changed.clear()
    assert worker.close(20)
    return told, worker.state.peek()


@pytest.mark.parametrize("device", ["auto", "cuda"])
@pytest.mark.parametrize("late", [False, True], ids=["when opened", "when its kernels load"])
def test_a_device_that_fails_gives_way_to_the_cpu_with_the_reason(bench, monkeypatch, device, late):
    encoder, why = bench[1], Reason("the driver is too old", remedy="update it")

    def choose(wanted):
        if wanted == "cpu":
            encoder.failure = None
            encoder.permits.release(100)
            return Chosen(Backend("cpu"), Reason("asked for"))
        if not late:
            raise DeviceUnavailable(why)
        encoder.failure = RuntimeError("cannot compile")
        encoder.permits.release(1)
        return Chosen(Backend("cuda"), Reason("found"))

    told, state = _opened(monkeypatch, device, choose)
    assert (told[-1].name, told[-1].wanted) == ("cpu", device)
    assert told[-1].reason == (Reason("the GPU failed", "RuntimeError: cannot compile") if late else why)
    assert len(told) == 1 + late
    assert state.phase is Phase.IDLE and state.error is None


def test_warming_up_shows_how_far_it_is(bench, monkeypatch):
    encoder, shown = bench[1], []

    def choose(wanted):
        encoder.permits.release(100)
        return Chosen(Backend("cpu"), Reason("asked for"))

    publish = FitWorker._publish
    monkeypatch.setattr(
        FitWorker, "_publish", lambda self, **kw: (shown.append(kw.get("fraction")), publish(self, **kw))
    )
    _, state = _opened(monkeypatch, "cpu", choose)
    assert len(set(shown)) > 3 and state.fraction == 0.0


def test_a_device_lost_in_the_middle_of_a_fit_is_told_and_not_used_again(bench, monkeypatch):
    worker, encoder, until = bench
    told, whole = [], encoder.encode

    def encode(pixels, settings, rasteriser):
        for record in (records := whole(pixels, settings, rasteriser)):
            if record.step in (3, 4):  # its users find it dead one after the other
                fall_back(rasteriser, OSError("it fell off the bus"))
            yield record
        records.close()

    worker.use("cuda")
    until(lambda s: s.phase is Phase.IDLE and worker._painter is not None)
    monkeypatch.setattr("daub.codec.encoder.encode", encode)
    monkeypatch.setattr(worker, "_on_device", told.append)
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=5))
    encoder.permits.release(4)
    until(lambda s: s.step == 4)
    assert told == [Device("cpu", Reason("the GPU gave up", "it fell off the bus"), "cuda")]
    assert worker._rasteriser.name == "cpu" and worker._painter is None
    worker.cancel()


def test_a_warning_of_something_else_moves_no_fit_to_the_cpu(bench, monkeypatch):
    worker, encoder, until = bench
    told, whole = [], encoder.encode

    def encode(pixels, settings, rasteriser):
        logging.getLogger("daub").warning("the palette was odd")
        return whole(pixels, settings, rasteriser)

    monkeypatch.setattr("daub.codec.encoder.encode", encode)
    monkeypatch.setattr(worker, "_on_device", told.append)
    worker.start(1, PIXELS, Wanted("gaussians", 10, steps=5))
    encoder.permits.release(100)
    until(lambda s: s.phase is Phase.FINISHED)
    assert not told and worker._rasteriser.name == "auto"
