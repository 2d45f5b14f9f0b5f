"""The process of `pool`: tasks in, rows out, as `app/model/work/answering.py` sends them.

    request   {"task", "device", "threads", "gpu"}
    answer    {"fraction"}, as often as there is something to tell; and then {"row"}, or {"line"}: what is wrong here
"""

from __future__ import annotations

import os
import time

from daub.app import process


def main() -> None:
    """Answers until stdin ends; a signal takes along what is half written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # one process alone has something to say to a person
    process.guard()
    from daub.app.model.work.answering import Answers
    from daub.codec.part_files import abandon_all

    process.at_stop(abandon_all)
    answers = Answers()
    for request, _ in answers.requests():
        if request["gpu"] is not None:
            os.environ["CUDA_VISIBLE_DEVICES"] = request["gpu"]  # before CUDA is loaded
        from daub.app.batch.doing import do  # in the first request: what is wrong with an import is an answer

        try:
            row = do(request["task"], request["device"], request["threads"], _Telling(answers))
        except Exception as error:
            from daub.app.model.work.failure import failure_of_work

            answers.send({"line": failure_of_work(error).line})
        else:
            answers.send({"row": row})


class _Telling:
    """Tells how far it is, not oftener than anybody can see."""

    def __init__(self, answers):
        self._answers = answers
        self._next = 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.25
            self._answers.send({"fraction": fraction})


if __name__ == "__main__":
    main()
