"""Processes of this machine: each has a device and its kernels for as long as there are tasks.

A process that ends by itself, such as by the system for want of memory, is replaced, and its task is tried again. The
largest tasks come first, as far as there is memory for all that are under way, so that none is left for the end.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from daub.app import process
from daub.app.model.work.failure import failure_of_work
from daub.app.model.work.other_process import OtherProcess

COMMAND = (sys.executable, "-P", "-m", "daub.app.batch.worker")
_PATIENCE = 2.0  # seconds in which a process that is told to end removes what is half written


@dataclass(frozen=True)
class Work:
    """One task for somebody.

    Args:
        number: tells it from the others.
        task: as of `task.task_of`.
        bytes: of memory that it takes, beside the process itself.
    """

    number: int
    task: dict[str, Any]
    bytes: int = 0


@dataclass(frozen=True)
class Told:
    """What is told of a task: how much of it is done, 0 to 1; or its row, as of `doing.do`, when it has ended."""

    number: int
    fraction: float
    row: dict[str, Any] | None = None


class Pool:
    """A context manager: at its end, or by a signal, all processes end, and leave nothing.

    Args:
        jobs: processes at most.
        device: "auto", "cpu" or "cuda".
        threads: of each.
        memory: bytes that tasks may take together; None: no limit. One at a time is always let.
        retries: how often a task is tried again whose process has ended.
        gpus: names of them, which the processes take by turns.
    """

    def __init__(
        self, jobs: int, device: str, threads: int, memory: int | None = None, retries: int = 1,
        gpus: Sequence[str] = (),
    ):  # fmt: skip
        self._jobs, self._device, self._threads, self._retries = jobs, device, threads, retries
        self._gpus, self._memory = list(gpus), memory
        self._told: queue.SimpleQueue[Told] = queue.SimpleQueue()
        self._free = threading.Condition()  # held to touch the four that follow
        self._waiting: list[Work] = []
        self._taken = 0  # bytes
        self._processes: dict[int, OtherProcess] = {}
        self._closed = False
        process.at_stop(self.stop)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def results(self, works: Sequence[Work]) -> Iterator[Told]:
        """Does them, and tells of each until all have ended."""
        self._waiting = sorted(works, key=lambda work: -work.bytes)
        for number in range(min(self._jobs, len(works))):
            threading.Thread(target=self._serve, args=(number,), name=f"batch {number}", daemon=True).start()
        left = len(works)
        while left:
            told = self._told.get()
            left -= told.row is not None
            yield told

    def stop(self) -> None:
        """Ends all processes, and waits for that; from any thread."""
        with self._free:
            self._closed = True
            processes, self._processes = list(self._processes.values()), {}
            self._free.notify_all()
        for one in processes:
            with suppress(OSError):
                os.kill(one.pid, signal.SIGTERM)
        until = time.monotonic() + _PATIENCE
        for one in processes:
            while not one.has_ended and time.monotonic() < until:
                time.sleep(0.01)
            one.kill()
            one.bury()

    def _serve(self, number: int) -> None:
        while (work := self._next()) is not None:
            try:
                row = self._done(number, work)
            except Exception as error:  # who waits for a row would wait for ever
                row = {"failed": f"cannot {work.task['verb']} {work.task['source']}, {failure_of_work(error).line}"}
            finally:
                with self._free:
                    self._taken -= work.bytes
                    self._free.notify_all()
            if row is None:
                return
            self._told.put(Told(work.number, 1.0, row))

    def _next(self) -> Work | None:
        """The largest task that there is memory for; None when there are none, or all has been stopped."""
        with self._free:
            while self._waiting and not self._closed:
                for work in self._waiting:
                    if self._memory is None or not self._taken or self._taken + work.bytes <= self._memory:
                        self._waiting.remove(work)
                        self._taken += work.bytes
                        return work
                self._free.wait()
        return None

    def _done(self, number: int, work: Work) -> dict[str, Any] | None:
        """The row of a task; None where all has been stopped."""
        why = ""
        for _ in range(self._retries + 1):
            try:
                one = self._process(number)
                if one is None:
                    return None
                gpu = self._gpus[number % len(self._gpus)] if self._gpus else None
                one.send({"task": work.task, "device": self._device, "threads": self._threads, "gpu": gpu})
                while "fraction" in (answer := one.receive()[0]):
                    self._told.put(Told(work.number, answer["fraction"]))
                if "row" in answer:
                    return answer["row"]
                why = answer["line"]
            except (OSError, EOFError, ValueError):
                with self._free:
                    if self._closed:
                        return None
                    one = self._processes.pop(number, None)
                why = "its process could not be started, try fewer --jobs" if one is None else _why_ended(one)
        return {"failed": f"cannot {work.task['verb']} {work.task['source']}, {why}"}

    def _process(self, number: int) -> OtherProcess | None:
        with self._free:
            if self._closed:
                return None
            if number not in self._processes:
                self._processes[number] = OtherProcess(COMMAND)
            return self._processes[number]


def _why_ended(one: OtherProcess) -> str:
    until = time.monotonic() + _PATIENCE
    while not one.has_ended and time.monotonic() < until:
        time.sleep(0.01)
    one.kill()
    code = one.bury()
    if code is not None and code < 0:
        name = _signal(-code)
        lacking = ", as if for want of memory" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{lacking}, try fewer --jobs"
    return f"its process has ended by itself with the code {code}, try it alone"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one of those for real time, which have no names
        return f"the signal {number}"
