"""Work that must not block whoever watches: loading, measuring, exporting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from daub.app.model.work.failure import Failure, failure_of_work

T = TypeVar("T")


class Background:
    """Runs functions on threads of its own and hands their results back to the thread of the model.

    Four threads: two for what is looked at, so that a slow measurement does not hold up the next, one for files that
    are written, which are finished even when the window is closed, and one for those among them that take minutes to
    make, so that they hold up no other. Beside them, one for each work that may hang.

    Args:
        post: has a function called on the thread of the model, soon.
        on_failure: told, there, of every exception that nobody else is told of.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], on_failure: Callable[[Failure], None]):
        self._post, self._on_failure = post, on_failure
        self._looking = ThreadPoolExecutor(2, "daub-background")
        self._writing = ThreadPoolExecutor(1, "daub-writing")
        self._writing_slowly = ThreadPoolExecutor(1, "daub-writing-slowly")
        self._open = True
        self._lock = threading.Lock()  # held to touch those that follow
        self._files: set[Future] = set()  # being written, or waiting for it
        self._working = self._undelivered = 0  # functions

    def run(
        self, work: Callable[[], T], deliver: Callable[[T], None], on_failure: Callable[[Failure], None] | None = None
    ) -> None:
        """`work` runs beside the model, `deliver` gets its result on the model's thread."""
        if self._open:
            self._begin()
            future = self._looking.submit(self._work, work, deliver, on_failure or self._on_failure)
            future.add_done_callback(self._forget)

    def run_alone(
        self, work: Callable[[], T], deliver: Callable[[T], None], on_failure: Callable[[Failure], None] | None = None
    ) -> None:
        """As `run`, on a thread of its own: work that may hang holds up no other, nor the end of the process."""
        if self._open:
            self._begin()
            given = work, deliver, on_failure or self._on_failure
            threading.Thread(target=self._work, args=given, name="daub-alone", daemon=True).start()

    def write(
        self,
        work: Callable[[], T],
        deliver: Callable[[T], None],
        on_failure: Callable[[Failure], None] | None = None,
        takes_minutes: bool = False,
    ) -> None:
        """The same for work that writes a file: it is done even when the window closes. Called from any thread.

        Args:
            takes_minutes: other files do not wait for it.
        """
        self._begin()
        threads = self._writing_slowly if takes_minutes else self._writing
        future = threads.submit(self._work, work, deliver, on_failure or self._on_failure)
        with self._lock:
            self._files.add(future)
        future.add_done_callback(self._forget)

    def tell(self, act: Callable[[], object]) -> None:
        """Has `act` called on the thread of the model, soon; from any thread, such as that of a work under way."""
        self._post(lambda: self._open and act())

    @property
    def running(self) -> int:
        """Functions whose results have not been delivered; once it is closed, those that are still at work."""
        return self._undelivered if self._open else self._working

    def close(self) -> None:
        """Drops what has not begun, but for files; nothing is delivered any more. Returns at once."""
        self._open = False
        self._looking.shutdown(wait=False, cancel_futures=True)

    def wait_for_files(self) -> None:
        """Returns when all files are written."""
        with self._lock:
            files = set(self._files)
        wait(files)

    def end(self) -> None:
        """No file follows: the threads that write end with their last ones."""
        self._writing.shutdown(wait=False)
        self._writing_slowly.shutdown(wait=False)

    def _forget(self, future: Future) -> None:
        with self._lock:
            self._files.discard(future)
            self._working -= future.cancelled()

    def _work(self, work: Callable, deliver: Callable, on_failure: Callable) -> None:
        try:
            outcome = work()
        except Exception as error:
            failure = failure_of_work(error)
            self._post(lambda: self._deliver(on_failure, failure))
        else:
            self._post(lambda: self._deliver(deliver, outcome))
        finally:
            with self._lock:
                self._working -= 1

    def _begin(self) -> None:
        with self._lock:
            self._undelivered += 1
            self._working += 1

    def _deliver(self, deliver: Callable, outcome: object) -> None:
        with self._lock:
            self._undelivered -= 1
        if self._open:
            deliver(outcome)
