"""Work that must not block the window: loading, exporting, measuring. Results come back on the GUI thread."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, Signal

from daub.codec.errors import DaubError


class Background(QObject):
    """Runs functions on two threads of its own, so that a slow measurement does not hold up a load."""

    failed = Signal(str, str)  # one line, details
    _returned = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(2, "daub-background")
        self._open = True
        self.running = 0
        self._returned.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self, work: Callable[[], object], deliver: Callable[[object], None], give_up: Callable[[], None] | None = None
    ) -> None:
        """Runs `work` on a thread; `deliver` gets its result on this one.

        An exception becomes `failed`, and then `give_up` is called instead, on this thread, too.
        """
        if self._open:
            self.running += 1
            self._pool.submit(self._work, work, deliver, give_up)

    def close(self) -> None:
        """Drops what has not begun and waits for what has; nothing is delivered any more."""
        self._open = False
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, work, deliver, give_up) -> None:
        try:
            outcome = work()
        except Exception as error:
            outcome = _Failure(error, traceback.format_exc())
        self._returned.emit(deliver, give_up, outcome)

    def _deliver(self, deliver, give_up, outcome) -> None:
        self.running -= 1
        if not self._open:
            return
        if isinstance(outcome, _Failure):
            self.failed.emit(outcome.line, outcome.details)
            if give_up is not None:
                give_up()
        else:
            deliver(outcome)


class _Failure:
    def __init__(self, error: Exception, details: str):
        self.details = details
        if isinstance(error, DaubError):
            self.line = str(error)
        elif isinstance(error, MemoryError):
            self.line = "that did not work, there is not enough memory, choose a smaller image"
        else:
            self.line = f"that did not work, {type(error).__name__}: {error}, please report this with the details"
