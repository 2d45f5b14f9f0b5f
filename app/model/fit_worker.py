"""The thread that owns the fit. It drives the encoder's generator, so not asking for the next record is a pause.

Orders come in through a queue that is emptied between two records; a newer fit supersedes an older one. The state goes
out through a `Latest` slot, whole and immutable, after every record, also after the last. Knows nothing of Qt.
"""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from daub.app.model.fit_state import Device, FitState, Phase
from daub.app.model.frame import Frame, Framing
from daub.app.model.latest import Latest
from daub.app.model.pace import Pace
from daub.app.model.timeline import Timeline
from daub.app.model.wanted import Wanted
from daub.codec.errors import DaubError
from daub.codec.progress import Stage
from daub.render import devices
from daub.render.device_image import InteropError, Painter
from daub.render.devices import Failover
from daub.render.errors import DeviceUnavailable, Reason
from daub.render.gaussians import Gaussians

_ESTIMATE_EVERY = 0.4  # seconds between estimates of the size ...
_ESTIMATE_SHARE = 0.1  # ... which may take this share of the time
_FRAME_EVERY = 1 / 60  # seconds between frames for the screen ...
_FRAME_SHARE = 0.2  # ... which may take this share of the time


class _Task:
    """A generator of the encoder under way: the fit, or the coding of a snapshot."""

    def __init__(self, records: Iterator, deliver: Callable, pausable: bool, fits: bool):
        self.records = records
        self.deliver = deliver  # takes the Encoded
        self.pausable = pausable
        self.fits = fits  # its records are steps of the fit


class FitWorker:
    """Args:
    notify: called on the worker's thread when there is a new state to take.
    on_device: called on the worker's thread when a backend has been found, before its kernels are loaded.
    """

    def __init__(self, notify: Callable[[], None], on_device: Callable[[Device], None]):
        self.state = Latest(FitState(), notify)
        self._on_device = on_device
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daub-fit")
        self._rasteriser: Failover | None = None
        self._tasks: list[_Task] = []  # the last one runs
        self._paused = False
        self._single_steps = 0
        self._coding = False  # the fit is over, its file is being made
        self._pixels: np.ndarray | None = None
        self._settings = None
        self._fit_seconds = 0.0  # of the fit so far, pauses excluded
        self._pace = Pace()
        self._estimated = 0.0  # when, by the monotonic clock
        self._estimate_seconds = 0.0
        self._painter: Painter | None = None  # of a device that renders what the viewport shows
        self._framing: Framing | None = None
        self._framed = 0.0  # when the last frame had been rendered
        self._frame_seconds = 0.0
        self._wanted = "auto"  # device

    # Called from any thread. They return at once; the state tells when they have taken effect.

    def open(self, device: str = "auto") -> None:
        """Starts the thread: it loads the backend and compiles the kernels that are in no cache."""
        self.use(device)
        self._thread.start()

    def use(self, device: str, ticket: int = 0) -> None:
        """Goes on with another device, or the CPU where that cannot be had; a fit under way is given up.

        Args:
            ticket: of the fit that is to follow, 0 if none.
        """
        self._orders.put(lambda: self._open_device(device, ticket))

    def look_at(self, framing: Framing | None) -> None:
        """From now on frames show this part, or there are none."""
        self._framing = framing

    def start(self, ticket: int, pixels: np.ndarray, wanted: Wanted) -> None:
        """Fits pixels (H, W, 3); a fit under way is given up."""
        self._orders.put(lambda: self._begin(ticket, pixels, wanted))

    def play_or_pause(self) -> None:
        """Pauses or resumes, whichever it is when the order arrives: the state on the screen may be older."""
        self._orders.put(lambda: self._set_paused(not self._paused))

    def step(self) -> None:
        """One more record, then pause."""
        self._orders.put(self._step_once)

    def stop(self) -> None:
        """Ends the fit here and codes what there is; while coding, ends that."""
        self._orders.put(self._stop)

    def cancel(self) -> None:
        """Ends everything under way; the last snapshot stays."""
        self._orders.put(self._cancel)

    def pack(self, deliver: Callable[[object], None]) -> None:
        """Codes the snapshot of now, then goes on; `deliver` gets the Encoded on the worker's thread."""
        self._orders.put(lambda: self._pack_snapshot(deliver))

    def close(self, timeout: float | None = None) -> bool:
        """Ends the thread; False if it did not end within `timeout` seconds."""
        self._closing.set()
        self._orders.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # On the worker's thread.

    def _run(self) -> None:
        while not self._closing.is_set():
            self._take_orders(wait=not self._runnable())
            if self._runnable() and not self._closing.is_set():
                self._advance()
        self._drop_tasks()

    def _open_device(self, device: str, ticket: int) -> None:
        self._drop_fit()
        self._wanted = device
        state = self.state.peek()
        self.state.publish(FitState(max(ticket, state.ticket), gaussians=state.gaussians))
        try:
            self._rasteriser = self._ready(device)
            self._painter = self._rasteriser.painter()
        except Exception as error:
            self._fail(error)
        else:
            self._publish(phase=Phase.IDLE, fraction=0.0)

    def _ready(self, device: str) -> Failover:
        """The backend that was asked for, or else the CPU."""
        try:
            return self._opened(device)
        except DeviceUnavailable as error:
            reason = error.reason
        except Exception as error:
            if device == "cpu":
                raise
            # Drivers fail in more ways than can be asked for beforehand, and a window without a fit is of no use.
            reason = Reason("the GPU failed", f"{type(error).__name__}: {error}")
        return self._opened("cpu", reason)

    def _opened(self, device: str, reason: Reason | None = None) -> Failover:
        """A backend with its kernels loaded, which has been told of.

        Args:
            reason: why it is this device, where `choose` does not know.
        """
        rasteriser, found = devices.choose(device)
        failover = Failover(rasteriser, self._fall_back)
        self._on_device(Device(failover.name, reason or found, self._wanted))
        self._warm_up(failover)
        return failover

    def _fall_back(self, reason: Reason) -> None:
        """The fit goes on with the CPU after its device has failed, and so do those that follow."""
        self._painter = None
        self._on_device(Device("cpu", reason, self._wanted))

    def _warm_up(self, rasteriser: Failover) -> None:
        from daub.codec.encoder import encode

        tiny = np.linspace(0, 1, 16 * 16 * 3, dtype=np.float32).reshape(16, 16, 3)
        for record in encode(tiny, Wanted("gaussians", 8, steps=4).settings(), rasteriser):
            self._publish(fraction=record.fraction)
            if self._closing.is_set():
                return

    def _take_orders(self, wait: bool) -> None:
        if wait:
            self._orders.get()()
        while not self._closing.is_set():
            try:
                self._orders.get_nowait()()
            except queue.Empty:
                return

    def _runnable(self) -> bool:
        if not self._tasks or self._rasteriser is None:
            return False
        return not self._paused or self._single_steps > 0 or not self._tasks[-1].pausable

    def _advance(self) -> None:
        task = self._tasks[-1]
        try:
            record = next(task.records)
            if task.pausable:
                self._show(record, task.fits)
        except StopIteration as stop:
            self._tasks.pop()
            task.deliver(stop.value)
        except Exception as error:
            self._drop_tasks()
            self._fail(error)

    def _show(self, record, fits: bool) -> None:
        now = time.perf_counter()
        self._single_steps = max(0, self._single_steps - 1)
        self._coding = coding = record.stage is Stage.ROUND
        state = self.state.peek()
        if fits and not coding:
            self._fit_seconds = record.seconds
            state.timeline.record(record.step, len(record.gaussians), record.psnr, record.event)
        self._pace.mark(now, record.step, record.fraction)
        changed = {"phase": self._phase(), "fraction": record.fraction, "seconds_left": self._pace.seconds_left}
        if not coding:
            changed |= {"step": record.step, "steps": record.steps, "gaussians": record.gaussians, "psnr": record.psnr}
            changed |= {"steps_per_second": self._pace.steps_per_second, "goal_count": record.goal_count}
            changed |= {"estimated_bytes": self._estimate(record, now, state.estimated_bytes)}
            changed |= {"frame": self._render_frame(record.gaussians, now, state.frame)}
        elif record.gaussians is not None:
            changed |= {"gaussians": record.gaussians}
        self._publish(**changed)

    def _estimate(self, record, now: float, last: int | None) -> int | None:
        """The size such a file would have, not computed so often that the fit would suffer."""
        due = self._estimated + max(_ESTIMATE_EVERY, self._estimate_seconds / _ESTIMATE_SHARE)
        if (now < due and not self._paused) or not self._orders.empty():
            return last  # an order must not wait for an estimate
        from daub.codec.rate.estimate import estimate_bytes

        height, width, _ = self._pixels.shape
        estimate = estimate_bytes(record.gaussians, width, height, record.psnr, self._settings)
        self._estimated = time.perf_counter()
        self._estimate_seconds = self._estimated - now
        return estimate

    def _render_frame(self, gaussians: Gaussians, now: float, last: Frame | None) -> Frame | None:
        """What the viewport shows, not so often that the fit would suffer."""
        framing = self._framing
        due = self._framed + max(_FRAME_EVERY, self._frame_seconds / _FRAME_SHARE)
        if self._painter is None or framing is None or (now < due and not self._paused):
            return last
        began = time.perf_counter()
        try:
            image = self._painter.paint(framing.framed(gaussians), framing.width, framing.height)
        except (InteropError, *self._rasteriser.failures):  # OpenGL can draw them; if all is lost the fit will notice
            self._painter = None
            return None
        frame = Frame(framing, gaussians, image)
        self._framed = time.perf_counter()
        self._frame_seconds = self._framed - began
        return frame

    def _begin(self, ticket: int, pixels: np.ndarray, wanted: Wanted) -> None:
        if self._rasteriser is None:
            return  # warming up has failed and said so
        from daub.codec.encoder import encode

        self._drop_fit()
        self._pixels = pixels
        self._paused, self._single_steps, self._coding = False, 0, False
        self._estimated = 0.0
        self._pace.interrupt()
        fresh = FitState(ticket, Phase.FITTING, 0, wanted.steps, timeline=Timeline(wanted.steps))
        try:
            self._settings = wanted.settings()
            profile = self._settings.profile
            fresh = replace(fresh, method=profile.name, own_file=profile.writes_method_file)
            records = encode(pixels, self._settings, self._rasteriser)
        except Exception as error:
            self.state.publish(fresh)
            self._fail(error)
            return
        self._tasks.insert(0, _Task(records, lambda encoded: self._finish(encoded, True), True, True))
        self.state.publish(fresh)

    def _finish(self, encoded, whole: bool) -> None:
        self._paused = False
        state = self.state.peek()
        self._publish(
            phase=Phase.FINISHED if whole else Phase.STOPPED,
            fraction=1.0 if whole else state.fraction,
            encoded=encoded,
            frame=None,
            whole=whole,
            gaussians=encoded.gaussians,
            estimated_bytes=len(encoded.data),
            seconds_left=None,
        )

    def _set_paused(self, paused: bool) -> None:
        if not self._tasks:
            return
        self._pace.interrupt()
        self._paused, self._single_steps = paused, 0
        self._publish(phase=self._phase())

    def _phase(self) -> Phase:
        if self._paused and not self._single_steps:
            return Phase.PAUSED
        return Phase.CODING if self._coding else Phase.FITTING

    def _step_once(self) -> None:
        if not self._tasks:
            return
        self._pace.interrupt()
        self._single_steps += 1
        self._paused = True

    def _stop(self) -> None:
        if not self._drop_fit():
            return
        fitting = not self._coding
        snapshot = self.state.peek().gaussians
        self._paused, self._coding = False, True
        if not fitting or snapshot is None:
            self._publish(phase=Phase.STOPPED, seconds_left=None)
            return
        self._tasks.insert(0, _Task(self._pack(snapshot), lambda encoded: self._finish(encoded, False), True, False))
        self._pace.interrupt()
        self._publish(phase=self._phase())

    def _cancel(self) -> None:
        if self._drop_fit():
            self._paused = False
            self._publish(phase=Phase.STOPPED, seconds_left=None)

    def _pack_snapshot(self, deliver: Callable[[object], None]) -> None:
        snapshot = self.state.peek().gaussians
        if snapshot is not None and self._pixels is not None:
            self._tasks.append(_Task(self._pack(snapshot), deliver, False, False))

    def _pack(self, snapshot: Gaussians) -> Iterator:
        from daub.codec.rate.packing import pack

        return pack(self._pixels, snapshot, self._settings, self._rasteriser, self._fit_seconds)

    def _drop_fit(self) -> bool:
        """Gives up the fit, or the coding of it; files that were asked for are still made. False if there was none."""
        if not self._tasks or not self._tasks[0].pausable:
            return False
        self._tasks.pop(0).records.close()
        return True

    def _drop_tasks(self) -> None:
        while self._tasks:
            self._tasks.pop().records.close()

    def _fail(self, error: Exception) -> None:
        self._paused = False
        if isinstance(error, DaubError):
            line = str(error)
        elif isinstance(error, MemoryError):
            line = "the fit has stopped, there is not enough memory, use fewer Gaussians or a smaller image"
        else:
            line = f"the fit has stopped, {type(error).__name__}: {error}, please report this with the details"
            if self._rasteriser is not None and self._rasteriser.name == "cuda":
                line += ", and choose the CPU in the menu Fit until then"
        self._publish(phase=Phase.FAILED, error=line, details=traceback.format_exc(), seconds_left=None)

    def _publish(self, **changed) -> None:
        self.state.publish(replace(self.state.peek(), **changed))
