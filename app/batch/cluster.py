"""Workers of Dask: the same tasks, with retries, wherever its scheduler has workers.

    dask scheduler                                                  on one machine
    dask worker tcp://that:8786 --nworkers auto --nthreads 1        on each machine that works
    daub batch encode ... --dask tcp://that:8786

The workers need Daub, and see sources and targets by the same paths or URLs. What a worker holds at its death goes to
another one; a task that has killed several is given up.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from typing import Any

from daub.app.batch.pool import Told, Work
from daub.app.model.work.cores import core_count
from daub.codec.errors import DaubError

LOCAL = "local"
_AHEAD = 4  # tasks that each worker is given at once: enough to be never idle, and few to give away when it dies
_PATIENCE = 20  # seconds that a scheduler, and its first worker, are waited for


class Cluster:
    """A context manager: at its end the workers are let go, and those of `local` end.

    Args:
        address: of a scheduler, such as tcp://host:8786; or `LOCAL`: processes of this machine.
        jobs: of `LOCAL`, how many.
        device: "auto", "cpu" or "cuda".
        threads: of each; None: the cores of its machine, shared between its workers.
        retries: how often a task is tried again.

    Raises:
        DaubError: Dask is missing, nobody is at that address, or workers lack Daub.
    """

    def __init__(self, address: str, jobs: int, device: str, threads: int | None, retries: int):
        try:
            import distributed  # noqa: F401
        except ModuleNotFoundError as missing:
            remedy = "install it: pip install 'daub[batch]'"
            raise DaubError("cannot use --dask", f"the package {missing.name} is missing", remedy) from missing
        for name in ("distributed", "tornado", "bokeh"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # a task that fails is a line of the report
        self._address, self._device, self._retries = address, device, retries
        self._cluster = self._client = None
        try:
            self._open(jobs)
            self._threads = threads or self._share()
        except BaseException:  # `with` closes only what was opened whole
            self.__exit__()
            raise

    def _open(self, jobs: int) -> None:
        from distributed import Client, LocalCluster

        try:
            if self._address == LOCAL:
                # Of a batch that a signal ends, a helper of Python would say what it has cleared up.
                os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")
                self._cluster = LocalCluster(
                    n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0,
                    silence_logs=logging.CRITICAL,
                )  # fmt: skip
            self._client = Client(self._cluster or self._address, timeout=_PATIENCE, set_as_default=False)
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            raise DaubError(f"cannot use the workers of {self._address}", str(error), "start them first") from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_) -> None:
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def results(self, works: Sequence[Work]) -> Iterator[Told]:
        """Does them, and tells of each that has ended, as they come.

        Raises:
            DaubError: the scheduler has gone.
        """
        from distributed import as_completed

        run = os.urandom(4).hex()
        waiting, numbers = iter(sorted(works, key=lambda work: -work.bytes)), {}

        def submitted() -> Any:
            work = next(waiting, None)
            if work is None:
                return None
            future = self._client.submit(
                _do, work.task, self._device, self._threads, key=f"daub-{work.task['verb']}-{run}-{work.number}",
                retries=self._retries, pure=False,
            )  # fmt: skip
            numbers[future.key] = work
            return future

        ahead = _AHEAD * max(len(self._client.scheduler_info(n_workers=-1)["workers"]), 1)
        given = [submitted() for _ in range(min(ahead, len(works)))]
        ended = as_completed(given, loop=self._client.loop)
        for future in ended:
            work = numbers.pop(future.key)
            if future.status == "finished":
                row = future.result()
            elif future.status == "error":
                error = future.exception()
                why = str(error) or type(error).__name__
                row = {"failed": f"cannot {work.task['verb']} {work.task['source']}, {_line(why)}, try it alone"}
            else:
                gone = f"the scheduler at {self._address} has gone"
                raise DaubError("cannot go on", gone, "start it, and the same command does the rest")
            yield Told(work.number, 1.0, row)
            future.release()  # its row is not to be kept there
            if (following := submitted()) is not None:
                ended.add(following)

    def _share(self) -> int:
        """Threads of each worker, so that those of one machine together have its cores."""
        try:
            cores = self._client.run(_cores)
        except Exception as error:  # whatever their Python says
            what = f"cannot use the workers of {self._address}"
            raise DaubError(what, f"Daub cannot be loaded there ({_line(str(error))})", "install it there") from error
        hosts = [address.rpartition("://")[2].rpartition(":")[0] for address in cores]
        return max(min(count // hosts.count(host) for count, host in zip(cores.values(), hosts, strict=True)), 1)


def _do(task: dict[str, Any], device: str, threads: int) -> dict[str, Any]:
    from daub.app.batch.doing import do

    return do(task, device, threads)


def _cores() -> int:
    return core_count()


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
