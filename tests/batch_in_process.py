"""A batch whose work is done in the process of the test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from daub.app.batch import run
from daub.app.batch.doing import do
from daub.app.batch.pool import Told, Work
from daub.app.batch.run import BatchRequest, run_batch
from daub.app.tasks.encoding import EncodeRequest
from daub.codec.settings import EncodeSettings

ENCODE = EncodeRequest("", "", EncodeSettings(effort=0))


class Here:
    """Does tasks as a process of a batch does, in this one."""

    def results(self, works: Iterable[Work]) -> Iterator[Told]:
        for work in works:
            yield Told(work.number, 1.0, do(json.loads(json.dumps(work.task)), "cpu", 1))


def encoded(source: object, out: object, request: EncodeRequest = ENCODE) -> run.Outcome:
    return run_batch(BatchRequest((str(source),), str(out), request, ".daub"))


def states(outcome: run.Outcome) -> dict[str, str]:
    return {row.target: str(row.state) for row in outcome.rows}


def touch(folder: Path, *names: str) -> None:
    """Makes files that hold their names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
