"""The thread that owns the device and the fit. It reads what is wanted between two records, compares, and acts.

    Workspace ------- Wanted (state), PackRequest ------> FitWorker --- DeviceOpening, then FitRun
        ^                                                     |
        +---- WorkerState, through a `Latest` slot -----------+      after every record, also after the last

There are no orders that could come too early or too late: whatever is wanted stays wanted until something else is.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daub.app.model.fit.device import Device, DeviceOpening
from daub.app.model.fit.failures import failure_of
from daub.app.model.fit.frame import FramePainter, Framing
from daub.app.model.fit.run import FitRun
from daub.app.model.fit.state import FitState
from daub.app.model.fit.wanted import PackRequest, Wanted, metadata_kept
from daub.app.model.fit.within_step import WithinStep
from daub.app.model.work.failure import Failure
from daub.app.model.work.latest import Latest
from daub.render import devices
from daub.render.devices import Failover
from daub.render.interruption import while_wanted
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.progress import EncodeProgress
    from daub.codec.rate.encoded import Encoded


@dataclass(frozen=True)
class Making:
    """A file that was asked for of a fit on its way.

    Args:
        name: of the file.
        fraction: of the work that is done, 0 to 1.
    """

    name: str
    fraction: float = 0.0


@dataclass(frozen=True)
class WorkerState:
    """What the worker is about.

    Args:
        fit: the newest fit, None before the first.
        warming: how far the device is opened, 0 to 1; None once it is, or where there is none.
        ready: a device has been opened, so that what its kernels need is loaded.
        failure: why there is no device at all.
        making: the file that is made before the fit goes on, None for none.
    """

    fit: FitState | None = None
    warming: float | None = 0.0
    ready: bool = False
    failure: Failure | None = None
    making: Making | None = None


class FitWorker:
    """Does what is wanted of it, one thing at a time, on a thread of its own.

    Args:
        notify: called on the worker's thread when there is a new state to take.
        on_device: called on the worker's thread when a backend has been found, before its kernels are loaded, and when
            the CPU has taken over.
        on_end: called on the worker's thread, after everything else.
    """

    def __init__(
        self, notify: Callable[[], None], on_device: Callable[[Device], None], on_end: Callable[[], None] = lambda: None
    ):
        self.state = Latest(WorkerState(), notify)
        self._on_device, self._on_end = on_device, on_end
        self._changed = threading.Condition()  # held to touch the four that follow
        self._wanted = Wanted()
        self._news = False  # the worker has not yet read what is wanted
        self._packs: deque[PackRequest] = deque()
        self._closing = False
        self._framing: Framing | None = None
        self._frame_share, self._frames_by_cpu = 0.25, False
        self._thread = threading.Thread(target=self._run, name="daub-fit")
        # What follows belongs to the worker's thread.
        self._device: str | None = None  # the one that was opened, as it was wanted
        self._rasteriser: Failover | None = None
        self._frames: FramePainter | None = None
        self._fit: FitRun | None = None

    # Called from any thread. They return at once; the state tells when they have taken effect.

    def start(self) -> None:
        """Starts the thread, once."""
        self._thread.start()

    def want(self, wanted: Wanted) -> None:
        """From now on this is what is wanted."""
        with self._changed:
            self._wanted, self._news = wanted, True
            self._changed.notify()

    def pack(self, request: PackRequest) -> None:
        """Makes a file before the fit goes on, whatever becomes of the fit."""
        with self._changed:
            self._packs.append(request)
            self._changed.notify()

    def look_at(self, framing: Framing | None) -> None:
        """From now on frames show this part, or there are none."""
        self._framing = framing
        frames = self._frames
        if frames is not None:
            frames.framing = framing

    def share_frames(self, share: float) -> None:
        """From now on rendering frames may take that share of the time, 0 to 1."""
        self._frame_share = share
        frames = self._frames
        if frames is not None:
            frames.share = share

    def render_frames_by_cpu(self, on: bool) -> None:
        """From now on the CPU renders frames where no other device does: OpenGL would take longer."""
        self._frames_by_cpu = on
        frames = self._frames
        if frames is not None:
            frames.by_cpu = on

    def close(self) -> None:
        """Ends the fit between two records, and the thread after the files that were asked for."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def wait(self, timeout: float | None = None) -> bool:
        """After `close`: False where the thread has not ended within `timeout` seconds."""
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def wait_for_packs(self) -> None:
        """After `close`: returns when the files that were asked for are made, though the fit may still end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._packs)

    # On the worker's thread.

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._has_work, self._patience())
                self._news = False
                wanted, closing, pack = self._wanted, self._closing, self._packs[0] if self._packs else None
            if closing and self._fit is not None:
                self._fit.cancel()
            if pack is not None and (self._rasteriser is not None or closing):
                self._make(pack, self._rasteriser or devices.choose("cpu").rasteriser)
                with self._changed:
                    self._packs.popleft()  # only now: until then it is still to be made
                    self._changed.notify_all()
            elif closing:
                self._on_end()
                return
            else:
                self._act(wanted)

    def _has_work(self) -> bool:
        if self._closing or self._news or (self._packs and self._rasteriser is not None):
            return True
        return (self._fit is not None and self._fit.runnable) or self._patience() == 0

    def _patience(self) -> float | None:
        """Seconds until the fit that is wanted begins; None where none waits."""
        fit = self._wanted.fit
        if fit is None or self._rasteriser is None or (self._fit is not None and self._fit.ticket == fit.ticket):
            return None
        return max(fit.begin_at - time.monotonic(), 0.0)

    def _act(self, wanted: Wanted) -> None:
        if wanted.device is not None and wanted.device != self._device:
            self._open(wanted.device)
            return  # something else may be wanted by now
        request = wanted.fit
        if request is None:
            if self._fit is not None:
                self._fit.cancel()
        elif (self._fit is None or self._fit.ticket != request.ticket) and self._patience() == 0:
            self._drop_fit()
            self._fit = FitRun(request, self._rasteriser, self._frames, lambda: self._news, self._goes_on)
        if self._fit is None:
            return
        if request is not None and self._fit.ticket == request.ticket:
            self._fit.obey(wanted.playing, wanted.single_steps, wanted.stops)
        self._publish(fit=self._fit.state)
        if self._fit.runnable:
            from daub.render.compiling import noticed  # with numba, which takes a while itself

            with noticed(lambda: self._publish(fit=replace(self._fit.state, is_compiling=True))):
                self._fit.advance()
            self._publish(fit=self._fit.state)

    def _goes_on(self, fit: FitRun) -> bool:
        """Whether a fit is to come to its next record: asked in the midst of a step, which may take a second."""
        shown = self.state.peek().fit
        if shown is None or fit.state.progress is not shown.progress:
            self._publish(fit=replace(fit.state, is_compiling=shown is not None and shown.is_compiling))
        wanted = self._wanted
        if self._closing or wanted.device not in (None, self._device):
            return False
        if wanted.fit is not None and wanted.fit.ticket != fit.ticket:
            return self._patience() != 0
        ends = wanted.fit is None or (wanted.stops > fit.stops and fit.has_begun)
        return not ends or fit.is_resumable

    def _open(self, device: str) -> None:
        """The device with its kernels loaded; gives up where another is wanted meanwhile, and the window closes."""
        self._drop_fit()
        self._device, self._rasteriser, self._frames = device, None, None
        self._publish(warming=0.0, failure=None)
        opening = DeviceOpening(device, self._on_device, lambda share: self._publish(warming=share))
        try:
            for fraction in opening.steps():
                self._publish(warming=fraction)
                if self._closing or self._wanted.device != device:
                    self._device = None
                    return
        except Exception as error:
            self._publish(warming=None, failure=failure_of(error, "cpu"))
            return
        self._rasteriser = opening.rasteriser
        self._frames = FramePainter(self._rasteriser)
        self._frames.framing, self._frames.share = self._framing, self._frame_share
        self._frames.by_cpu = self._frames_by_cpu
        self._publish(warming=None, ready=True)

    def _drop_fit(self) -> None:
        """Gives up the fit for something else: nothing is told of it any more."""
        if self._fit is not None:
            self._fit.cancel()
            self._fit = None

    def _make(self, request: PackRequest, rasteriser: Rasteriser) -> None:
        from daub.codec.rate.packing import pack
        from daub.codec.recipe import recipe_of

        self._publish(making=Making(request.name))
        try:
            recipe = recipe_of(request.settings)
            metadata, _ = metadata_kept(request.photo, request.settings.goal, request.pixels)
            records = pack(
                request.pixels, request.gaussians, recipe, rasteriser, request.seconds, request.importance,
                metadata=metadata, opacity=request.opacity,
            )  # fmt: skip
            request.deliver(self._followed(records, request.name))
        except Exception as error:
            request.fail(error)
        self._publish(making=None)

    def _followed(self, records: Generator[EncodeProgress, None, Encoded], name: str) -> Encoded:
        """The file that comes of them; how far it is is told between two of them, too."""
        from daub.codec.progress import drive

        within = WithinStep()

        def tell(fraction: float) -> bool:
            self._publish(making=Making(name, fraction))
            return True

        with while_wanted(lambda: tell(within.asked())):
            return drive(records, lambda record: tell(within.mark(record.fraction, record.stage)))

    def _publish(self, **changes) -> None:
        self.state.publish(replace(self.state.peek(), **changes))
