"""Fixtures for all tests. Windows open on an X server (Xvfb serves); tests marked `gui` are skipped without one."""

from __future__ import annotations

import os
from pathlib import Path

# Read when numba loads: on a machine of one core or two there would be next to nothing to compare.
os.environ.setdefault("NUMBA_NUM_THREADS", "4")

import pytest


def pytest_collection_modifyitems(items):
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    skip = pytest.mark.skip(reason="no X server: run under xvfb-run")
    for item in items:
        if "gui" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def qapp_cls():
    """The QApplication of pytest-qt, with the OpenGL context that Daub asks for."""
    from PySide6.QtWidgets import QApplication

    from app.window.opengl import request_context

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
