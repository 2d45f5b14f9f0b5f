"""Fixtures for all tests. Windows open on an X server (Xvfb serves); tests marked `gui` are skipped without one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

# Read when numba loads: on a machine of one core or two there would be next to nothing to compare.
os.environ.setdefault("NUMBA_NUM_THREADS", "4")

import property_tests  # noqa: F401  # what hypothesis tries is the same each time: loaded before any test is read
import pytest


@pytest.fixture(autouse=True)
def state_of_daub(tmp_path_factory, monkeypatch) -> None:
    """Work is kept for recovery in a folder of the test's own."""
    monkeypatch.setenv("DAUB_STATE_DIR", str(tmp_path_factory.mktemp("state")))


# A shell starts what runs in the background deaf to Ctrl-C, and nohup to a closed terminal. Whatever the tests start
# would be as deaf, and some send it just these signals.
for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)


def pytest_collection_modifyitems(items):
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    skip = pytest.mark.skip(reason="no X server: run under xvfb-run")
    for item in items:
        if "gui" in item.keywords:
            item.add_marker(skip)


_servers = []  # kept: one that is forgotten while it runs is warned of


def _leave_the_shared_server() -> None:
    """Windows of tests that run side by side take the keyboard from each other, and a shortcut goes astray: each
    process gets an X server of its own, which ends with it."""
    server = shutil.which("Xvfb")
    alone = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1)) < 2
    if alone or server is None or "DISPLAY" not in os.environ or "WAYLAND_DISPLAY" in os.environ:
        return
    command = [server, "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-terminate"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    _servers.append(process)
    number = process.stdout.readline().strip()
    if number:
        os.environ["DISPLAY"] = f":{number}"


@pytest.fixture(scope="session")
def qapp_cls():
    """The QApplication of pytest-qt, with the OpenGL context that Daub asks for."""
    _leave_the_shared_server()
    from PySide6.QtWidgets import QApplication

    from daub.app.window.viewport.opengl import request_context

    request_context()
    return QApplication


@pytest.fixture
def gl_context(qapp):
    """A current OpenGL 3.3 context without a window."""
    from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    assert context.create() and context.makeCurrent(surface), "no OpenGL 3.3 context"
    yield context
    context.doneCurrent()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images and awkward files beside the repository, which is not part of it."""
    folder = Path(__file__).parents[1] / "../shared/data"
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder.resolve()}")
    return folder.resolve()


@pytest.fixture
def threads_for_any_picture(monkeypatch) -> None:
    """Small pictures are worked on by as many threads as large ones."""
    from daub.render import jit

    monkeypatch.setattr(jit, "PIXELS_PER_THREAD", 1)


@pytest.fixture
def inverting(monkeypatch) -> None:
    """Files that `stages.asking_for_it` has made come out inverted."""
    from stages import TAG, Inverting

    from daub.codec import decode_stages

    monkeypatch.setattr(decode_stages, "STAGES", {})
    decode_stages.register(TAG, Inverting())
