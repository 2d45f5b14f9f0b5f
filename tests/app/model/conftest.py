"""A worker on its thread, and a workspace around one, with an encoder whose pace the tests set."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import PIL.Image
import pytest
from pretended_encoder import PIXELS, Backend, PretendedEncoder

from daub.app.model.fit.state import FitState, Phase
from daub.app.model.fit.wanted import FitRequest, Wanted
from daub.app.model.fit.worker import FitWorker, WorkerState
from daub.app.model.host import Leaving
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.workbench import Workbench
from daub.codec.goal import Goal
from daub.codec.rate.encoded import Encoded
from daub.codec.settings import EncodeSettings
from daub.render.devices import Chosen
from daub.render.errors import Reason


@dataclass
class Bench:
    """A worker and what the tests do with it."""

    worker: FitWorker
    encoder: PretendedEncoder
    changed: threading.Condition
    told: list  # Devices
    wanted: Wanted = field(default_factory=Wanted)

    def want(self, **changes) -> None:
        """Wants that, and what was wanted before."""
        self.wanted = replace(self.wanted, **changes)
        self.worker.want(self.wanted)

    def fit(self, ticket: int, goal: Goal | None = None, **settings) -> None:
        """Wants a fit of the pixels; by default with 10 Gaussians and 50 steps."""
        settings = {"steps": 50} | settings
        request = FitRequest(ticket, PIXELS, EncodeSettings(goal or Goal("gaussians", 10), **settings))
        self.want(fit=request, playing=True, single_steps=0, stops=0)

    def until(self, condition) -> FitState:
        """Waits for a state of a fit."""
        return self.until_worker(lambda state: state.fit is not None and condition(state.fit)).fit

    def until_worker(self, condition) -> WorkerState:
        """Waits for a state of the worker."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self.worker.state.take()[0]), timeout=120), (
                self.worker.state.peek()
            )
        return self.worker.state.peek()

    def give(self, records: int) -> None:
        """Permits so many records more."""
        for _ in range(records):
            self.encoder.permits.release()


@pytest.fixture
def encoder(monkeypatch) -> PretendedEncoder:
    """Installed, on devices that do nothing; they load their kernels at once, without a permit."""
    encoder = PretendedEncoder()
    encoder.install(monkeypatch)
    monkeypatch.setattr("daub.app.model.fit.device._warm_up", lambda rasteriser: iter((0.5, 1.0)))
    monkeypatch.setattr("daub.render.devices.choose", lambda device: Chosen(Backend(device), Reason("asked for")))
    return encoder


@pytest.fixture
def new_bench(encoder):
    """Makes a worker whose thread has not been started."""
    benches = []

    def make() -> Bench:
        changed = threading.Condition()

        def notify():
            with changed:
                changed.notify_all()

        told = []
        benches.append(Bench(FitWorker(notify, told.append), encoder, changed, told))
        return benches[-1]

    yield make
    encoder.permits.release(100_000)
    for bench in benches:
        bench.worker.close()
        assert bench.worker.wait(120)
    assert encoder.open_generators == 0, "a generator was left hanging"


@pytest.fixture
def bench(new_bench) -> Bench:
    """A worker with its device open."""
    bench = new_bench()
    bench.worker.start()
    bench.want(device="auto")
    bench.until_worker(lambda state: state.ready)
    return bench


class PretendedHost:
    """The system around a workbench, with answers that were prepared.

    Attributes:
        answers: by "open", "add", "map", "save", "scale", "crop", "resize", "figure",
            "clipboard", "lose", "remove", "leave", "source", "window", "colour".
        asked: what was asked for files to write to, and for figures.
        copied: what is on the clipboard: a picture, or text.
        opened: windows of the program itself.
    """

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.copied = None
        self.opened = []

    def files_to_open(self):
        return self.answers.get("open", ())

    def file_to_save(self, *given):
        self.asked.append(given)
        return self.answers.get("save")

    def files_to_add(self):
        return self.answers.get("add", ())

    def folder_to_open(self, title):
        return self.answers.get("folder")

    def map_to_open(self):
        return self.answers.get("map")

    def crop(self, whole, usual):
        self.asked.append((whole, usual))
        return self.answers.get("crop")

    def resize(self, width, height):
        return self.answers.get("resize")

    def scale(self, width, height):
        return self.answers.get("scale")

    def figure(self, *given):
        self.asked.append(given)
        return self.answers.get("figure")

    def clipboard(self):
        return self.answers.get("clipboard", ())

    def copy(self, pixels8):
        self.copied = pixels8

    def copy_gaussians(self, data):
        self.copied = data

    def gaussians(self):
        return self.copied if isinstance(self.copied, bytes) else None

    def colour(self, begin, title):
        return self.answers.get("colour")

    def try_colours(self, begin, title, show, keep, give_up):
        colour = self.answers.get("colour")
        if colour is None:
            give_up()
        else:
            show(colour)
            keep()

    def copy_text(self, text):
        self.copied = text

    def open_palette(self):
        self.opened.append("palette")

    def open_window(self):
        self.opened.append("window")
        return self.answers.get("window")

    def open_cheat_sheet(self):
        self.opened.append("cheat sheet")

    def open_about(self):
        self.opened.append("about")

    def may_lose(self, names, of_project):
        self.asked.append(names)
        return self.answers.get("lose", Leaving.LEAVE)

    def may_remove(self, name):
        self.asked.append(name)
        return self.answers.get("remove", True)

    def may_leave(self, name):
        self.asked.append(name)
        return self.answers.get("leave", Leaving.LEAVE)

    def find_source(self, lacking):
        self.asked.append(lacking)
        return self.answers.get("source")

    def offer_recovery(self, leftovers):
        self.asked.append(leftovers)

    def open_recent_projects(self):
        self.opened.append("recent projects")

    def close_window(self):
        self.opened.append("nothing in this window")

    def quit(self):
        self.opened.append("nothing any more")


class Desk:
    """A workbench without a window: the test's thread does what a window's event loop would.

    Attributes:
        heard: what the workspace emitted, by name of the signal.
    """

    def __init__(self, encoder: PretendedEncoder):
        self.encoder = encoder
        self._calls: queue.SimpleQueue = queue.SimpleQueue()
        self.host = PretendedHost()
        self.bench = Workbench(self._calls.put, lambda: self._calls.put(self.workspace.fitting.refresh), self.host)
        self.workspace, self.exports = self.bench.workspace, self.bench.exports
        self.heard: dict[str, list] = {}
        for name in (
            "ready", "opened", "settings_changed", "background_changed", "failed", "noticed", "loading", "previewed",
        ):  # fmt: skip
            told = self.heard.setdefault(name, [])
            getattr(self.workspace, name).connect(lambda *values, told=told: told.append(values[0] if values else None))

    @property
    def state(self) -> FitState:
        return self.workspace.state

    def until(self, condition, seconds: float = 120) -> None:
        """Does what comes in until the condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0, self.workspace.state
            with suppress(queue.Empty):
                self._calls.get(timeout=min(left, 0.05))()

    def pump(self, seconds: float = 0.05) -> None:
        """Does what comes in for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(queue.Empty):
                self._calls.get(timeout=0.01)()

    def open(self, path: Path) -> None:
        """Opens a file and waits until it is there."""
        opened = len(self.heard["opened"])
        self.workspace.open(FileOrigin(path))
        self.until(lambda: len(self.heard["opened"]) > opened)

    def finish(self) -> Encoded:
        """Lets the newest fit run to its end; its file."""
        newest = self.workspace.tries.newest
        for _ in range(500):
            self.encoder.permits.release()
        self.until(lambda: self.state.ticket == newest and self.state.phase is Phase.FINISHED)
        while self.encoder.permits.acquire(blocking=False):
            pass
        return self.state.encoded


@pytest.fixture
def new_desk(encoder, monkeypatch):
    """Makes a workspace that has not been woken; measuring is done at once."""
    monkeypatch.setattr("daub.app.model.workspace.tries.measure", lambda pixels, document: 0.9)
    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", lambda pixels, document: None)
    monkeypatch.setattr("daub.app.model.workspace.fitting.SETTLE", 0.02)
    desks = []

    def make() -> Desk:
        desks.append(Desk(encoder))
        return desks[-1]

    yield make
    encoder.permits.release(100_000)
    for desk in desks:
        desk.bench.close()
        desk.workspace.finish_files()
        assert desk.workspace.fitting.worker.wait(120)


@pytest.fixture
def desk(new_desk) -> Desk:
    """A workspace that is awake."""
    desk = new_desk()
    desk.workspace.wake()
    desk.until(lambda: desk.heard["ready"])
    return desk


@pytest.fixture
def draw(tmp_path):
    """Writes a plain picture of that name, of a shade 0..255 and a size."""

    def write(name: str, shade: int, size: tuple[int, int] = (12, 8)) -> Path:
        PIL.Image.new("RGB", size, (shade, 20, 30)).save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def photo(draw) -> Path:
    """12x8 pixels."""
    return draw("photo.png", 100)
