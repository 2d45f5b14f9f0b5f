"""`bench batch`: what N processes encode in a second against one, each on one thread, so that nothing else differs.

Kernels are loaded by a first picture that is not timed. Every number of processes does as many pictures for each of
them, so that the runs take about as long; the least of several is told, as nothing makes a machine faster than it is.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from daub.app.batch.pool import Pool, Work
from daub.app.batch.task import task_of
from daub.app.bench.setting import images_in, machine
from daub.app.model.work.cores import core_count
from daub.app.tasks.encoding import EncodeRequest
from daub.app.terminal import ProgressLine, table
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX
from daub.codec.part_files import scratch_folder
from daub.codec.settings import EncodeSettings


@dataclass(frozen=True)
class BatchRow:
    """One number of processes.

    Args:
        files: encoded in each run.
        seconds: of the fastest run.
        rate: files in a second.
        efficiency: rate / (jobs * rate of one process): 1 where nothing is lost.
    """

    jobs: int
    files: int
    seconds: float
    rate: float
    efficiency: float


def bench_batch(folder: str | None, jobs: Sequence[int], each: int, repeats: int, settings: EncodeSettings) -> dict:
    """Encodes by every number of processes; the keys of `--json`.

    Args:
        folder: of images; None: the bundled photo.
        jobs: numbers of processes, up to the cores; 1 is always measured.
        each: files for each process in a run.

    Raises:
        DaubError: no such folder or image, or one cannot be encoded.
    """
    paths, rows = images_in(folder), []
    with ProgressLine() as line, scratch_folder() as scratch:
        for count in sorted({1, *jobs}):
            line.say(f"{count} at once")
            files = [_copy(paths, number, scratch) for number in range(count * each)]
            seconds = _least(files, count, repeats, settings, scratch)
            rate = len(files) / seconds
            alone = rows[0].rate if rows else rate
            rows.append(BatchRow(count, len(files), seconds, rate, rate / (count * alone)))
    return {"rows": [asdict(row) for row in rows], "settings": settings.as_dict(), "machine": machine()}


def batch_text(done: dict) -> str:
    """What `bench_batch` found, as a table."""
    lines = [
        (f"{row['jobs']}", f"{row['files']}", f"{row['seconds']:.2f} s", f"{row['rate']:.3g}",
         f"{100 * row['efficiency']:.0f} %")
        for row in done["rows"]
    ]  # fmt: skip
    header = ("processes", "files", "time", "files a second", "of N times one")
    return f"On {done['machine']}, one thread each\n\n{table(lines, header)}"


def usual_jobs() -> list[int]:
    """1, 2, 4, ... up to the cores, and these."""
    cores = core_count()
    return sorted({cores, *(1 << power for power in range(cores.bit_length()) if 1 << power <= cores)})


def _copy(paths: Sequence[Path], number: int, scratch: Path) -> Path:
    path = scratch / f"{number}{paths[number % len(paths)].suffix}"
    if not path.exists():
        shutil.copyfile(paths[number % len(paths)], path)
    return path


def _least(files: Sequence[Path], jobs: int, repeats: int, settings: EncodeSettings, scratch: Path) -> float:
    def works(sources: Sequence[Path]) -> list[Work]:
        request = EncodeRequest("", "", settings)
        targets = (str(scratch / f"{path.stem}{SUFFIX}") for path in sources)
        tasks = (task_of(request, str(path), target) for path, target in zip(sources, targets, strict=True))
        return [Work(number, task) for number, task in enumerate(tasks)]

    with Pool(jobs, "cpu", threads=1, retries=0) as pool:
        _run(pool, works(files[:jobs]))  # each process loads its kernels
        return min(_run(pool, works(files)) for _ in range(repeats))


def _run(pool: Pool, works: Sequence[Work]) -> float:
    began = time.perf_counter()
    for told in pool.results(works):
        if told.row is not None and "failed" in told.row:
            raise DaubError("cannot measure", told.row["failed"], "leave that file out")
    return time.perf_counter() - began
