"""The process that `jobs` works in.

    request   {"work": a name of WORK, "given": {...}} and arrays
    answer    {"progress": {...}}, as often as there is something to tell; and then
              {"done": {...}} and arrays, or {"line": ..., "details": ...}: why nothing came of it

Encoders of ordinary codecs, plots and fits of a curve hold the interpreter's lock or all cores for seconds, and none of
them can be stopped from within: here they hold up nobody and are killed in a moment.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable

import numpy as np

from daub.app.model.work.answering import Answers
from daub.app.model.work.failure import failure_of_work
from daub.render.threads import set_limit

# Each is (given, arrays, tell) to (done, arrays); `tell` is given what is to be told on the way.
WORK = {
    "match": "daub.app.model.rivals.rival_work:match",
    "decode": "daub.app.model.rivals.rival_work:decode",
    "curve": "daub.app.model.rivals.rival_work:curve",
    "own curve": "daub.app.model.rivals.rival_work:own_curve",
    "figure": "daub.app.model.figures.figure_page:draw",
    "scene version": "daub.app.model.scene.version_work:make",
    "scene restored": "daub.app.model.scene.version_work:restore",
    "plot": "daub.app.model.rivals.rd_page:draw",
}
Tell = Callable[[dict], None]
Done = tuple[dict, list[np.ndarray]]

_INTERVAL = 0.1  # seconds between two reports of how far it is


def main() -> None:
    """Answers until stdin ends."""
    answers = Answers()
    for request, arrays in answers.requests():
        module, _, function = WORK[request["work"]].partition(":")
        set_limit(request["threads"])
        try:
            work = getattr(importlib.import_module(module), function)
            done, results = work(request["given"], arrays, _Telling(answers))
        except Exception as error:
            answers.send(vars(failure_of_work(error)))
        else:
            answers.send({"done": done}, results)
        arrays = results = None  # their memory is for the next one


class _Telling:
    """Tells how far it is, not oftener than anybody can see; whatever else there is to tell, at once."""

    def __init__(self, answers: Answers):
        self._answers = answers
        self._next = 0.0

    def __call__(self, progress: dict) -> None:
        now = time.monotonic()
        if progress.keys() != {"fraction"} or now >= self._next:
            self._next = now + _INTERVAL
            self._answers.send({"progress": progress})


if __name__ == "__main__":
    main()
