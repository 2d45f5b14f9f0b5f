"""The process ends with its window, whatever the fit is doing, but for files that were asked for."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import hanging_reader
import PIL.Image
import pytest

pytestmark = pytest.mark.gui

# Runs the program and closes its window once `condition` holds; says when it did.
_PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, {folder!r})
from daub.app.window import start
run = QApplication.exec
fits = lambda state: state.phase.running and state.progress.step > 1
def exec_(*_):
    from daub.app.window.main_window import Window
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Window))
    workspace, seen = window.workspace, []
    state = lambda: workspace.state
    def look():
        if not seen and ({ready}):
            seen.append(1)
            {act}
        elif seen and ({condition}):
            timer.stop()
            print(time.time(), flush=True)
            {end}
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    return run()
QApplication.exec = exec_
sys.exit(start.run([{picture!r}]))
"""
_ENDS_WITHIN = 4.0  # seconds, on a machine that does a lot besides; where it is idle, one is enough


def close(folder: Path, picture: Path, ready: str, act: str, condition: str, by_signal: bool = False) -> float:
    """Seconds between the close of the window, or Ctrl-C, and the end of the process, which said nothing bad."""
    end = "pass" if by_signal else "window.close()"
    texts = {"ready": ready, "act": act, "condition": condition, "end": end}
    program = _PROGRAM.format(folder=str(folder), picture=str(picture), **texts)
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    closed = float(process.stdout.readline() or "nan")
    if by_signal:
        process.send_signal(signal.SIGINT)
    seconds = process.wait(timeout=100) is not None and time.time() - closed
    errors = process.stderr.read()
    assert process.returncode == 0 and "Traceback" not in errors, errors
    return seconds


@pytest.fixture
def large(tmp_path) -> Path:
    """2400x1800 pixels: a step of a fit takes a while."""
    path = tmp_path / "large.png"
    PIL.Image.effect_noise((2400, 1800), 60).save(path)
    return path


FITS = {
    "native": "workspace.change(steps=5000)",
    "a published method": "workspace.choose_method('gaussianimage-rs', ()); workspace.change(steps=5000)",
}


@pytest.mark.parametrize("method", FITS)
def test_it_ends_with_its_window_in_the_middle_of_a_fit(tmp_path, large, method):
    assert (
        close(
            tmp_path,
            large,
            "window.method.profiles.isEnabled()",
            FITS[method],
            "fits(state())",
        )
        < _ENDS_WITHIN
    )


def test_it_ends_by_ctrl_c_in_the_middle_of_a_fit_too(tmp_path, photo):
    """The signal arrives wherever Python is by then, most often amid a paint of the picture."""
    act = "workspace.change(steps=5000)"
    ready = "window.method.profiles.isEnabled()"
    assert close(tmp_path, photo, ready, act, "fits(state())", by_signal=True) < _ENDS_WITHIN


def test_it_ends_with_its_window_before_there_is_a_device(tmp_path, large):
    assert close(tmp_path, large, "window.viewport.frames", "pass", "True") < _ENDS_WITHIN


def test_a_file_that_was_asked_for_is_written_first(tmp_path, photo):
    target = tmp_path / "out.daub"
    act = "workspace.change(steps=5000)"
    condition = f"fits(state()) and (window.bench.exports.daub(Path({str(target)!r})) or True)"
    close(tmp_path, photo, "window.method.profiles.isEnabled()", act, condition)
    from daub.codec import container

    document = container.read(target.read_bytes())
    assert (document.width, document.height) == (96, 64)


@pytest.mark.parametrize("name", ["hanging.png", "deaf.png"])
def test_it_ends_with_its_window_while_a_reader_of_images_hangs(tmp_path, photo, name):
    path = tmp_path / name
    path.write_bytes(photo.read_bytes())
    act = (
        f"from daub.app.model.picture import image_reader; image_reader.COMMAND = {hanging_reader.COMMAND!r}; "
        f"workspace.opening._reader.give_up(); window.open_path(Path({str(path)!r}))"
    )
    began = f"Path({f'{path}.begun'!r}).exists()"
    assert close(tmp_path, photo, "window.viewport.frames and workspace.picture", act, began) < _ENDS_WITHIN


def test_it_ends_with_its_window_while_a_disk_hangs(tmp_path, photo):
    act = (
        "from daub.app.model.workspace import opening; opening.open_picture = lambda *_: time.sleep(60); "
        "window.open_path(Path('gone.png'))"
    )
    ready = "window.viewport.frames and workspace.picture"
    assert close(tmp_path, photo, ready, act, "workspace.opening.is_reading") < _ENDS_WITHIN
