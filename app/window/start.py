"""Opens the window. Nothing here is imported by the command line."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from daub.app.window.viewport.opengl import match_pyopengl, request_context

if TYPE_CHECKING:
    from daub.app.window.main_window import Window

_GRACE = 0.2  # seconds for threads that are about to end anyway


def run(files: list[str]) -> int:
    """Shows the window, with the first of `files` open; returns the exit code.

    Further files get windows of their own.
    """
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    ):
        print("daub: cannot open a window, there is no display, use daub encode or xvfb-run", file=sys.stderr)
        return 1
    from PySide6.QtWidgets import QApplication

    request_context()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Daub")
    application.setOrganizationName("Daub")
    application.setDesktopFileName("daub")
    application.setStyle("Fusion")  # the same everywhere, and it takes our colours
    match_pyopengl()
    from daub.app.model.commands.project import look_for_leftovers
    from daub.app.window.windows import Windows  # imports OpenGL, which must see what Qt has chosen

    windows = Windows()
    opened = [windows.open(file) for file in files or [""]]
    look_for_leftovers(opened[0].bench)
    wake = _close_on_interrupt(application)
    code = application.exec()
    wake.close()
    _finish(windows, code)
    return code


def _finish(windows: Iterable[Window], code: int) -> None:
    """Writes the files that were asked for to their ends, and ends the process where a fit still computes.

    A step of a large fit takes seconds, and the compilation of a kernel a minute: the interpreter would wait for
    either, with nothing left on the screen. By now there is nothing to lose: settings and files are on the disk.
    """
    for window in windows:
        window.workspace.finish_files()
    end = time.monotonic() + _GRACE
    while time.monotonic() < end and _threads():
        time.sleep(0.01)
    if _threads():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _threads() -> list[str]:
    """Names of our threads that have not ended."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("daub")]


def _close_on_interrupt(application) -> socket.socket:
    """Ctrl-C in the terminal closes the windows: a signal wakes Qt through a socket, for Python runs only in events."""
    from PySide6.QtCore import QSocketNotifier, QTimer

    inner, outer = socket.socketpair()
    inner.setblocking(False)
    outer.setblocking(False)
    signal.set_wakeup_fd(outer.fileno(), warn_on_full_buffer=False)
    # Not at once: Python runs the handler wherever it is, perhaps amid an event of the very widget that is to close.
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, application.closeAllWindows))
    notifier = QSocketNotifier(inner.fileno(), QSocketNotifier.Type.Read, application)
    notifier.activated.connect(lambda *_: inner.recv(64))
    application.aboutToQuit.connect(lambda: (notifier.setEnabled(False), signal.set_wakeup_fd(-1), outer.close()))
    return inner
