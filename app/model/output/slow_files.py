"""Files that take their time to make: each tells how far it is, and can be given up until it is written.

write(name, work, ...) ---> thread: work(report) ---> deliver
                              |
                              +--- report(fraction), now and then ---> changed; raises GivenUp after cancel
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.signal import Signal

T = TypeVar("T")
Report = Callable[[float], None]  # told how much is done, 0 to 1; from the thread of the work

_EVERY = 0.1  # seconds between two that are passed on; what takes less is not worth a line


class GivenUp(Exception):
    """Nobody wants the file any more."""


class SlowFiles:
    """See above. A file that nobody has given up is written even if the window closes.

    Args:
        background: writes them, one after another but for those that take minutes.
        notice: is told what was given up, in a line.
    """

    def __init__(self, background: Background, notice: Callable[[str], object]):
        self.changed = Signal()
        self._background, self._notice = background, notice
        self._files: list[_File] = []

    @property
    def words(self) -> str:
        """What is being written, and how far that is; "" for nothing that takes long."""
        seen = [file for file in self._files if file.fraction is not None]
        if not seen:
            return ""
        others = f", {len(self._files) - 1} more" if len(self._files) > 1 else ""
        return f"Writing {seen[0].name}: {100 * seen[0].fraction:.0f} %{others}"

    def write(
        self,
        name: str,
        work: Callable[[Report], T],
        deliver: Callable[[T], None],
        fail: Callable[[Failure], None],
        takes_minutes: bool = False,
    ) -> None:
        """Has a file written.

        Args:
            work: makes and writes it.
            deliver, fail, takes_minutes: as those of `Background.write`.
        """
        file = _File(name)
        self._files.append(file)

        def run() -> tuple[bool, T | None]:
            try:
                return True, work(partial(self._report, file))
            except GivenUp:
                return False, None

        def end(outcome: tuple[bool, T | None]) -> None:
            self._forget(file)
            if outcome[0]:
                deliver(outcome[1])
            else:
                self._notice(f"Gave up writing {name}")

        def end_badly(failure: Failure) -> None:
            self._forget(file)
            fail(failure)

        self._background.write(run, end, end_badly, takes_minutes)

    def cancel(self) -> None:
        """Gives up all that are not written yet."""
        for file in self._files:
            file.given_up.set()

    def _report(self, file: _File, fraction: float) -> None:
        if file.given_up.is_set():
            raise GivenUp
        now = time.monotonic()
        file.begun = now if file.begun is None else file.begun
        if now - max(file.told, file.begun) >= _EVERY:
            file.told = now
            self._background.tell(partial(self._show, file, fraction))

    def _show(self, file: _File, fraction: float) -> None:
        if file in self._files:
            file.fraction = fraction
            self.changed.emit()

    def _forget(self, file: _File) -> None:
        self._files.remove(file)
        self.changed.emit()


class _File:
    """One of them."""

    def __init__(self, name: str):
        self.name = name
        self.fraction: float | None = None  # None until it has taken long enough to be told
        self.given_up = threading.Event()
        self.begun: float | None = None  # when it has reported first, by the monotonic clock
        self.told = 0.0  # likewise, when that was passed on
