"""Another process that is kept from one piece of work to the next, until somebody gives it up or it falls silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from daub.app.model.work.other_process import GivenUp, OtherProcess


class KeptProcess:
    """Started when it is first needed, and anew where the one before is gone. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held to touch the two that follow
        self._process: OtherProcess | None = None
        self._closed = False

    @property
    def process(self) -> OtherProcess | None:
        """The one that is kept, None where there is none."""
        return self._process

    def running(self, command: Sequence[str], is_wanted: Callable[[], bool]) -> OtherProcess:
        """The process, for a piece of work.

        Args:
            command: starts it, where there is none.
            is_wanted: whether anybody waits for it. Asked in one go with the start: who stops waiting and lets the
                process go after the question finds it.

        Raises:
            GivenUp: nobody waits for it, or all has been given up for good.
            OSError: it cannot be started.
        """
        with self._lock:
            if self._closed or not is_wanted():
                raise GivenUp
            if self._process is None or self._process.has_ended:
                if self._process is not None:
                    self._process.bury()
                self._process = OtherProcess(command)
            return self._process

    def let_go(self, for_good: bool = False) -> OtherProcess | None:
        """Kills the process, which somebody has to bury; None where there is none. Args: for_good: none follows."""
        with self._lock:
            self._closed = self._closed or for_good
            process, self._process = self._process, None
        if process is not None:
            process.kill()
        return process

    def bury(self, process: OtherProcess) -> int | None:
        """Buries one that answers no more. Returns its code. Raises GivenUp where somebody has let it go."""
        process.kill()
        code = process.bury()
        with self._lock:
            if self._process is not process:
                raise GivenUp
            self._process = None
        return code
