"""A real window on the X server, with settings of its own, small pictures, and a watch for what it leaves behind."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from leaks import Leaks


@dataclass
class Driver:
    """The window under test and what the tests do with it."""

    window: object
    qtbot: object

    @property
    def bench(self):
        return self.window.bench

    @property
    def workspace(self):
        return self.window.workspace

    def run(self, command: str) -> None:
        """As its entry in the menu does."""
        self.window.actions_by_name[command].trigger()

    @property
    def state(self):
        return self.window.workspace.state

    @property
    def step(self) -> int:
        """Of the fit."""
        return self.state.progress.step

    @property
    def viewport(self):
        return self.window.viewport

    def until(self, condition, seconds: float = 300) -> None:
        self.qtbot.waitUntil(condition, timeout=round(1000 * seconds))

    @contextmanager
    def heard(self, signal, seconds: float = 150):
        """At its end waits until the signal of the model has come; gives a list of what it told."""
        told = []

        def hear(*values) -> None:
            told.append(values[0] if values else None)

        signal.connect(hear)
        try:
            yield told
            self.until(lambda: bool(told), seconds)
        finally:
            signal.disconnect(hear)  # which lives on, and would keep every picture that it tells of

    def open(self, path: Path) -> None:
        """Opens a file and waits until it is shown."""
        with self.heard(self.workspace.opened):
            self.window.open_path(path)

    def fit(self, path: Path, gaussians: int = 150, steps: int = 40) -> None:
        """Opens an image with these settings; the fit begins."""
        self.window.goals.advanced.steps.setValue(steps)
        self.window.goals.fields["gaussians"].setValue(gaussians)
        self.open(path)
        self.until(lambda: self.step > 0)

    def finish(self) -> None:
        """Waits until the fit has ended and what is measured of its file beside the window is known and told.

        What the screen says of a result is whole only then: the MS-SSIM comes later than the picture.
        """
        from daub.app.model.fit.state import Phase

        self.until(lambda: self.state.phase is Phase.FINISHED and not self.workspace.background.running)

    def paint(self, times: int = 1) -> None:
        """Waits for new frames."""
        for _ in range(times):
            frames = self.viewport.frames
            self.viewport.update()
            self.until(lambda seen=frames: self.viewport.frames > seen)

    def lay_out(self) -> None:
        """Lets the layouts take their places: before sizes are read of what has just changed."""
        from PySide6.QtCore import QCoreApplication, QEvent

        for _ in range(3):  # what one layout does may ask another one above it
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def screen(self) -> np.ndarray:
        """(H, W, 3) uint8: what the viewport shows."""
        from PySide6.QtGui import QImage

        self.until(lambda: not self.viewport._moving.isActive())  # while it moves it may be coarse
        self.paint()
        image = self.viewport.surface.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()

    def shown_at(self, u: float, v: float) -> np.ndarray:
        """(3,) int: the colour on the screen at an image position."""
        x, y = self.bench.view.camera.to_screen(u, v)
        return self.screen()[round(y), round(x)].astype(int)

    def logical(self, u: float, v: float):
        """The mouse position of an image position."""
        from PySide6.QtCore import QPoint

        x, y = self.bench.view.camera.to_screen(u, v)
        dpr = self.viewport.devicePixelRatio()
        return QPoint(round(x / dpr), round(y / dpr))


@pytest.fixture
def watched_windows(qapp, qtbot, tmp_path):
    """A context in which windows are opened; at its end it closes them and fails where they leave something behind."""
    from PySide6.QtCore import QCoreApplication, QEvent, QSettings

    from daub.app.window.viewport.opengl import match_pyopengl

    match_pyopengl()

    @contextmanager
    def watched():
        windows = []

        def open_one(asks: bool = False) -> Driver:
            from daub.app.window.main_window import Window

            settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
            settings.setValue("ask_about_results", asks)
            window = Window(settings)
            windows.append(window)
            window.resize(1120, 780)
            window.start()
            driver = Driver(window, qtbot)
            driver.until(lambda: window.viewport.frames > 0)
            window.activateWindow()
            driver.until(window.isActiveWindow)
            window.viewport.setFocus()
            return driver

        with pytest.MonkeyPatch.context() as monkeypatch:
            leaks = Leaks(monkeypatch)
            monkeypatch.setattr("daub.app.window.viewport.fade.moves", lambda: False)  # what is compared stands still
            yield open_one
            for window in windows:
                window.close()
                assert window.workspace.fitting.worker.wait(120), "the fit goes on"
                window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            deadline = time.monotonic() + 3  # for threads that have been told to end and have nothing to do
            while any(line.startswith("thread") for line in leaks.left()) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert not leaks.left()

    return watched


@pytest.fixture
def open_window(watched_windows):
    """Opens windows, and closes them at the end."""
    with watched_windows() as open_one:
        yield open_one


@pytest.fixture(autouse=True)
def not_perceptually(monkeypatch) -> None:
    """Results have no SSIMULACRA2 and FLIP, as without their packages: each would start a process."""
    monkeypatch.setattr("daub.app.model.workspace.looks.measure_perceptually", lambda pixels, document: None)


@pytest.fixture
def driver(open_window) -> Driver:
    return open_window()


@pytest.fixture
def photo(tmp_path) -> Path:
    """96x64 pixels: red to the left, a blue disc on green to the right."""
    y, x = np.mgrid[:64, :96]
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:, :48] = (200, 40, 40)
    pixels[:, 48:] = (40, 160, 60)
    pixels[(x - 72) ** 2 + (y - 32) ** 2 < 200] = (40, 60, 200)
    path = tmp_path / "photo.png"
    PIL.Image.fromarray(pixels).save(path)
    return path
