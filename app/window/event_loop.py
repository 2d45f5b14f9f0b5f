"""The model's way to the thread of the window: calls from other threads, and states no faster than anyone can see."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

REFRESH = 33  # milliseconds between two states shown: a fit makes hundreds a second


class EventLoop(QObject):
    """Runs what the model hands over on the thread that this was made on, until it is closed."""

    _posted = Signal(object)
    _wanted = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._open = True
        self._lock = threading.Lock()  # held to emit: a closed window may be gone a moment later
        self._refresh: Callable[[], None] = lambda: None
        self._timer = QTimer(self, singleShot=True, interval=REFRESH)
        self._timer.timeout.connect(lambda: self._refresh())
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._wanted.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Has it called soon; from any thread. Nothing is called any more after `close`."""
        with self._lock:
            if self._open:
                self._posted.emit(call)

    def soon(self) -> None:
        """Has the refresh called that `refresh_by` was given; from any thread."""
        with self._lock:
            if self._open:
                self._wanted.emit()

    def refresh_by(self, refresh: Callable[[], None]) -> None:
        """What `soon` calls."""
        self._refresh = refresh

    def close(self) -> None:
        """From now on nothing is called."""
        with self._lock:
            self._open = False
        self._timer.stop()

    def _call(self, call: Callable[[], None]) -> None:
        if self._open:
            call()

    def _begin(self) -> None:
        if self._open and not self._timer.isActive():
            self._timer.start()
