"""The file follows an edit: it is made when nothing was done for a while, and given up at the next change.

want(file) --- IDLE seconds, and nothing else needs the machine ---> file.make ---> deliver(file)
   |                                                                    ^
   +-- the next want, or stop: given up, between two steps -------------+
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from daub.app.model.sources.edited_file import FileToMake
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure

IDLE = 2.0  # seconds without a change


class Following:
    """See above.

    Args:
        background: runs it.
        is_busy: something else needs the machine, so that it waits; asked from a thread beside.
        deliver: told that a file is there, on the thread of the model.
    """

    def __init__(self, background: Background, is_busy: Callable[[], bool], deliver: Callable[[FileToMake], None]):
        self._background, self._is_busy, self._deliver = background, is_busy, deliver
        self._given_up = threading.Event()  # of the one that is wanted

    def want(self, file: FileToMake) -> None:
        """Makes that one, in a while."""
        self.stop()
        given_up = self._given_up = threading.Event()
        work = partial(self._make, file, given_up)
        self._background.run_alone(work, partial(self._take, file, given_up), self._fail)

    def stop(self) -> None:
        """Makes none."""
        self._given_up.set()

    def _make(self, file: FileToMake, given_up: threading.Event) -> None:
        while not given_up.wait(IDLE):
            if not self._is_busy():
                file.make(given_up.is_set)
                return

    def _take(self, file: FileToMake, given_up: threading.Event, _: None) -> None:
        if file.made is not None and not given_up.is_set():
            self._deliver(file)

    def _fail(self, failure: Failure) -> None:
        """Nobody has asked for it: whoever exports it is told why it cannot be made."""
