"""One window's work: what is open, the fit of it, and everything that runs beside the window. No widgets here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from daub.app.model.fit_state import FitState, Phase
from daub.app.model.fit_worker import FitWorker
from daub.app.model.frame import Framing
from daub.app.model.picture import WHITE, Picture, export_png, measure, open_picture
from daub.app.model.wanted import Wanted
from daub.app.window.background import Background
from daub.codec.files import write_atomic
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document

DEBOUNCE = 250  # milliseconds from the last change of a setting to the new fit
_BY_US = "refined and written by Daub's own quantiser and coder"
REFRESH = 33  # milliseconds between two states shown: a fit makes hundreds a second


@dataclass(frozen=True)
class Quality:
    """MS-SSIM of the decoded file, and the fit it belongs to."""

    ticket: int
    ms_ssim: float


class Session(QObject):
    ready = Signal()  # the worker has loaded numba and SciPy: what needs them can be asked for
    opened = Signal(object)  # Picture
    changed = Signal(object)  # FitState
    device_known = Signal(object)  # Device
    measured = Signal(object)  # Quality
    failed = Signal(str, str)  # one line, details
    noticed = Signal(str)
    loading = Signal(str)  # a name, or "" when done
    _state_ready = Signal()
    _device_ready = Signal(object)
    _packed = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.picture: Picture | None = None
        self.state = FitState()
        self.wanted = Wanted()
        self.background_colour = WHITE
        self.device = "auto"  # as wanted
        self._awake = False
        self._is_ready = False
        self._held = False  # no fit starts: its method has parts that do not go together ...
        self._owed = False  # ... though one should have
        self.background = Background(self)
        self.background.failed.connect(self._on_background_failure)
        self._worker = FitWorker(self._state_ready.emit, self._device_ready.emit)
        queued = Qt.ConnectionType.QueuedConnection
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH)
        self._refresh.timeout.connect(self._take_state)
        self._state_ready.connect(self._refresh.start, queued)
        self._device_ready.connect(self.device_known, queued)
        self._packed.connect(self._write_packed, queued)  # a method, not a lambda: it has to run on this thread
        self._ticket = 0
        self._load = 0  # of the newest load: an older one that ends later is dropped
        self._told = None  # the failure that has been shown
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE)
        self._debounce.timeout.connect(self.restart)

    def start_worker(self) -> None:
        """Call once the window is on the screen: loading numba holds up everything else."""
        self._awake = True
        self._worker.open(self.device)

    def use_device(self, device: str) -> None:
        """Args: device: "auto", "cpu" or "cuda"; a fit starts again on it."""
        if device == self.device:
            return
        self.device = device
        if not self._awake:
            return
        if self.can_fit:
            self._worker.use(device, self._ticket + 1)  # that of the restart
            self.restart()
        else:
            self._worker.use(device)

    def close(self) -> None:
        """Ends every thread; returns when they are gone."""
        self._debounce.stop()
        self._refresh.stop()
        self._worker.close()
        self.background.close()

    def look_at(self, framing: Framing | None) -> None:
        """The part of the picture on the screen."""
        self._worker.look_at(framing)

    # Opening.

    def open(self, origin: object) -> None:
        """Opens a Path or a Pillow image; the fit of an image starts by itself."""
        self._load += 1
        load, colour = self._load, self.background_colour
        self.loading.emit(origin.name if isinstance(origin, Path) else "pasted image")

        def deliver(picture: Picture) -> None:
            if load == self._load:
                self._show(picture)

        self.background.run(lambda: open_picture(origin, colour), deliver)

    def set_background(self, colour: tuple[float, float, float]) -> None:
        """What transparent parts are laid on; reads the open image again."""
        self.background_colour = colour
        if self.picture is not None and self.picture.pixels is not None:
            self.open(self.picture.origin)

    def _show(self, picture: Picture) -> None:
        self.loading.emit("")
        self.picture = picture
        if picture.pixels is None or self._held:  # no fit follows that would supersede the one under way
            self._ticket += 1
            self._debounce.stop()
            self._worker.cancel()
        # The fit of the picture before is over at once: until the worker speaks, nothing of it is shown or exported.
        waiting = picture.pixels is not None and self.state.phase is Phase.WARMING
        phase = Phase.WARMING if waiting else Phase.IDLE
        self.state = FitState(self._ticket, phase, gaussians=picture.gaussians)
        self.opened.emit(picture)
        for notice in picture.notices:
            self.noticed.emit(f"{picture.name}: {notice}")
        self.changed.emit(self.state)
        if picture.pixels is not None:
            self.restart()

    # The fit.

    def want(self, wanted: Wanted) -> None:
        """New settings: the fit starts again once they have stood still for a moment."""
        if wanted != self.wanted:
            self.wanted = wanted
            if self.can_fit:
                self._debounce.start()

    def hold(self, held: bool) -> None:
        """Starts no fit while it is held; the one under way goes on."""
        self._held = held
        if not held and self._owed:
            self.restart()

    @property
    def can_fit(self) -> bool:
        return self.picture is not None and self.picture.pixels is not None

    def restart(self) -> None:
        if not self.can_fit:
            return
        self._debounce.stop()
        self._owed = self._held
        if self._held:
            self.noticed.emit("No fit starts until the parts of the method go together")
            return
        self._ticket += 1
        self._worker.start(self._ticket, self.picture.pixels, self.wanted)

    def play_or_pause(self) -> None:
        """Pauses a running fit, goes on with a paused one, starts an ended one again."""
        if self.state.phase.active:
            self._worker.play_or_pause()
        else:
            self.restart()

    def step(self) -> None:
        if not self.state.phase.active:
            self.restart()
        self._worker.step()

    def stop(self) -> None:
        self._worker.stop()

    def cancel(self) -> None:
        self._debounce.stop()
        self._worker.cancel()

    def _take_state(self) -> None:
        state, _ = self._worker.state.take()
        if not self._is_ready and state.phase not in (Phase.WARMING, Phase.FAILED):
            self._is_ready = True
            self.ready.emit()
        if state.ticket < self._ticket and state.ticket != 0:
            return  # of a fit that has been superseded
        if state.ticket == 0 and self._ticket != 0 and state.phase is not Phase.FAILED:
            if not state.phase is self.state.phase is Phase.WARMING:
                return  # the warm-up ended after something had been opened
            state = replace(self.state, fraction=state.fraction)
        previous = self.state.encoded
        self.state = state
        self.changed.emit(state)
        if state.phase is Phase.FAILED and self._told != (state.ticket, state.error):
            self._told = (state.ticket, state.error)
            self.failed.emit(state.error, state.details)
        if state.encoded is not None and state.encoded is not previous and self.can_fit:
            self._measure(state)
            if state.own_file and not state.whole:
                self.noticed.emit(f"Stopped early: {_BY_US}")

    def _measure(self, state: FitState) -> None:
        pixels, document = self.picture.pixels, state.encoded.document

        def deliver(ms_ssim: float) -> None:
            self.measured.emit(Quality(state.ticket, ms_ssim))

        self.background.run(lambda: measure(pixels, document), deliver)

    # Exporting.

    @property
    def gaussians(self) -> Gaussians | None:
        """What is on the screen."""
        return self.state.gaussians

    @property
    def document(self) -> Document | None:
        """What is on the screen: an open .daub, the file that a fit has come to, or the fit as it stands."""
        if not self.can_export:
            return None
        if self.picture.document is not None:
            return self.picture.document
        if self.state.encoded is not None:
            return self.state.encoded.document
        from daub.codec.container import Document

        return Document.unwritten(self.gaussians, self.picture.width, self.picture.height)

    @property
    def can_export(self) -> bool:
        return self.picture is not None and self.gaussians is not None

    def export_daub(self, path: Path) -> None:
        """Writes the file; of a fit under way, what it has at this moment."""
        if not self.can_export:
            return
        if self.picture.data is not None:
            self._write(path, self.picture.data)
        elif self.state.encoded is not None:
            self._write(path, self.state.encoded.data, self._written_by())
        else:
            remark = self._written_by()
            self._worker.pack(lambda encoded: self._packed.emit(path, encoded, remark))

    def _written_by(self) -> str:
        """Said of a fit by a method that has a file of its own."""
        if not self.state.own_file:
            return ""
        return f", {_BY_US}" if self.state.written_by_us else f", written by {self.state.method}"

    def _write_packed(self, path: Path, encoded, remark: str) -> None:
        self._write(path, encoded.data, remark)

    def save_method(self, path: Path) -> None:
        """Writes the method, with its changed parts and the steps, as a profile."""
        self._write(path, self.wanted.method_text().encode())

    def _write(self, path: Path, data: bytes, remark: str = "") -> None:
        said = f"Saved {path.name}, {len(data):,} bytes{remark}"
        self.background.run(lambda: write_atomic(path, data), lambda _: self.noticed.emit(said))

    def export_png(self, path: Path, scale: float) -> None:
        """Renders what is on the screen at `scale` times the size of the image."""
        if not self.can_export:
            return
        work = partial(export_png, path, self.document, scale)
        self.background.run(work, lambda _: self.noticed.emit(f"Saved {path.name}"))

    def _on_background_failure(self, line: str, details: str) -> None:
        self.loading.emit("")
        self.failed.emit(line, details)
