"""Work that takes seconds and can be given up at any moment: one after another, in a process beside the window.

    jobs.add(Job("AVIF at as many bytes", "match", {...}, (pixels,), deliver))

A job that is given up, or that belongs to a picture which is open no more, is killed and delivers nothing.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from daub.app.model.work.background import Background
from daub.app.model.work.cores import core_count
from daub.app.model.work.failure import Failure
from daub.app.model.work.kept_process import KeptProcess
from daub.app.model.work.other_process import OtherProcess, Refusal
from daub.app.model.work.signal import Signal
from daub.codec.errors import DaubError
from daub.render.threads import allowed

# -P: the folder that the window was started in may hold modules whose names others have too.
COMMAND = (sys.executable, "-P", "-m", "daub.app.model.work.job_process")

Done = tuple[dict, list[np.ndarray]]  # what a job has come to


@dataclass(eq=False)
class Job:
    """One piece of work.

    Args:
        name: what it is, for a person.
        work: one of `job_process.WORK`.
        given: what that is to know, as JSON has it.
        arrays: and what goes with it.
        deliver: gets what it has come to, a dictionary and arrays, on the thread of the model.
        tell: is given what it tells on the way, there.
        on_failure: is told there why nothing came of it; otherwise everybody is.
        fraction: of the work that is done, 0 to 1.
        running: it has begun.
        given_up: nobody waits for it any more.
    """

    name: str
    work: str
    given: dict
    arrays: tuple[np.ndarray, ...] = ()
    deliver: Callable[[dict, list[np.ndarray]], None] = lambda *_: None
    tell: Callable[[dict], None] = lambda _: None
    on_failure: Callable[[Failure], None] | None = None
    fraction: float = field(default=0.0, init=False)
    running: bool = field(default=False, init=False)
    given_up: bool = field(default=False, init=False)


class Jobs:
    """The queue. All is called on the thread of the model.

    Args:
        background: runs the thread that waits for the process.
        post: has a function called on the thread of the model, soon.
        on_failure: is told of what no job is told of.

    Attributes:
        waiting: jobs, the first of which is under way.
        changed: there are others, or one has got further.
    """

    def __init__(
        self, background: Background, post: Callable[[Callable[[], None]], None], on_failure: Callable[[Failure], None]
    ):
        self.changed = Signal()
        self.finished = Signal()  # Job that has come to something
        self.waiting: deque[Job] = deque()
        self._background, self._post, self._on_failure = background, post, on_failure
        self._turn = threading.Lock()  # of the job whose thread talks with the process
        self._kept = KeptProcess()

    def add(self, job: Job) -> None:
        """Does it when its turn comes."""
        self.waiting.append(job)
        self._go_on()

    def cancel(self, job: Job) -> None:
        """Gives it up; one that is done already stays done."""
        if job not in self.waiting:
            return
        job.given_up = True
        if job.running:
            self._end_process()  # which its thread will see
        self.waiting.remove(job)
        self._go_on()

    def cancel_all(self) -> None:
        """Gives all up."""
        for job in reversed(tuple(self.waiting)):
            self.cancel(job)

    def close(self) -> None:
        """Gives all up, and whatever is added later. Returns at once."""
        self._end_process(closing=True)
        self.waiting.clear()

    @property
    def fraction(self) -> float:
        """Of the one under way, 0 to 1."""
        return self.waiting[0].fraction if self.waiting else 0.0

    def _go_on(self) -> None:
        if self.waiting and not self.waiting[0].running:
            job = self.waiting[0]
            job.running = True
            self._background.run_alone(
                partial(self._perform, job), partial(self._deliver, job), partial(self._fail, job)
            )
        elif not self.waiting:
            self._end_process()  # its memory is worth more than the second that the next one waits
        self.changed.emit()

    def _deliver(self, job: Job, outcome: Done) -> None:
        if self._finish(job):
            job.deliver(*outcome)
            self.finished.emit(job)

    def _fail(self, job: Job, failure: Failure) -> None:
        if self._finish(job):
            (job.on_failure or self._on_failure)(failure)

    def _finish(self, job: Job) -> bool:
        """Whether anybody still wants it."""
        if job not in self.waiting:
            return False
        self.waiting.remove(job)
        self._go_on()
        return True

    def _tell(self, job: Job, progress: dict) -> None:
        if job in self.waiting:
            job.fraction = progress.get("fraction", job.fraction)
            job.tell(progress)
            self.changed.emit()

    def _end_process(self, closing: bool = False) -> None:
        process = self._kept.let_go(for_good=closing)
        if process is None:
            return
        if self._turn.acquire(blocking=False):  # no job is there to bury it
            self._turn.release()
            if closing:
                process.bury()
            else:
                threading.Thread(target=process.bury, name="daub-burying", daemon=True).start()

    # On the thread of a job.

    def _perform(self, job: Job) -> Done:
        with self._turn:
            return self._ask(self._running(job), job)

    def _ask(self, process: OtherProcess, job: Job) -> Done:
        try:
            return _answer(process, job, lambda progress: self._post(partial(self._tell, job, progress)))
        except _Silence as error:
            raise _crash(job, self._kept.bury(process)) from error

    def _running(self, job: Job) -> OtherProcess:
        with _refusals(job):
            return self._kept.running(COMMAND, lambda: not job.given_up)


def do_once(job: Job) -> Done:
    """Does a job in a process that nobody else uses, and waits for it: for threads that write files.

    Args:
        job: which tells and delivers nothing.

    Raises:
        DaubError: nothing came of it.
    """
    with _refusals(job):
        process = OtherProcess(COMMAND)
    try:
        return _answer(process, job, lambda _: None)
    except _Silence as error:
        process.kill()
        raise _crash(job, process.bury()) from error
    finally:
        process.kill()
        process.bury()


class _Silence(Exception):
    """A process answers no more."""


@contextmanager
def _refusals(job: Job) -> Iterator[None]:
    """What the system says against starting a process, as one line."""
    try:
        yield
    except OSError as error:
        what, why = f"cannot begin with {job.name}", f"its process cannot be started ({error})"
        raise DaubError(what, why, "close other programs") from error


def _answer(process: OtherProcess, job: Job, tell: Callable[[dict], None]) -> Done:
    """What a job has come to. Raises DaubError where it is refused, and _Silence."""
    try:
        process.send({"work": job.work, "given": job.given, "threads": allowed(core_count())}, job.arrays)
        head, arrays = process.receive()
        while "progress" in head:
            tell(head["progress"])
            head, arrays = process.receive()
    except (OSError, ValueError, EOFError) as error:
        raise _Silence from error
    if "done" not in head:
        raise Refusal(head["line"], head["details"])
    return head["done"], arrays


def _crash(job: Job, code: int | None) -> DaubError:
    why = f"its process has crashed (code {code})"
    return DaubError(f"cannot go on with {job.name}", why, "try a smaller image")
