"""The process that trains a scene while a window shows it grow.

    request   {"folder": ..., "settings": {...}, "threads": N}; and later, as often as somebody wants,
              {"shows": true}: the scene as it is; {"paused": true or false}; {"stops": true}
    answer    {"reading": share} while photos are read; {"progress": {...}} after a step, {"scene": {...}} and the
              arrays of `Splats`; at the end {"done": {...}} and arrays, or {"line": ..., "details": ...}
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from daub.app.model.work.answering import Answers
from daub.app.model.work.failure import failure_of_work
from daub.codec.scenes.training.held_out import Measured, measured
from daub.codec.scenes.training.photo_folder import read_photos
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.trainer import Trained, TrainingPhase, TrainingProgress, training
from daub.render.splats.splats import Splats
from daub.render.threads import set_limit

_INTERVAL = 0.1  # seconds between two reports of how far it is
_SCENES = 1.0  # seconds at least between two scenes that are shown: each is drawn whole by the window's own cores


def main() -> None:
    """Trains one scene."""
    answers = Answers()
    request, _ = next(answers.requests())
    set_limit(request["threads"])
    try:
        head, arrays = _trained(request, answers)
    except Exception as error:
        answers.send(vars(failure_of_work(error)))
    else:
        answers.send({"done": head}, arrays)
    for _ in answers.requests():  # nobody is to lose the answer to a process that ends; it is ended by who has it
        pass


@dataclass
class _Wanted:
    """What has been asked for so far."""

    shows: bool = True  # the first scene, which somebody waits for
    paused: bool = False
    stops: bool = False

    def hear(self, answers: Answers, is_new: bool) -> None:
        """Takes what has come; while it is paused, waits for more.

        Args:
            is_new: there is a scene that nobody has seen.
        """
        requests = answers.pending()
        while True:
            for request, _ in requests:
                for name, value in request.items():
                    setattr(self, name, value)
            if not self.paused or self.stops or (self.shows and is_new):
                return
            requests = answers.pending(waits=True)


def _trained(request: dict, answers: Answers) -> tuple[dict, list[np.ndarray]]:
    settings = TrainingSettings(**request["settings"])
    photos, remarks = read_photos(request["folder"], settings, lambda share: answers.send({"reading": share}))
    wanted, told, shown, seen = _Wanted(), -_INTERVAL, -_SCENES, -1
    records = training(photos, settings)
    record: TrainingProgress | None = None
    while True:
        try:
            record = next(records)
        except StopIteration as end:
            return _done(end.value, settings.iterations)
        while True:
            wanted.hear(answers, record.step != seen)
            now = time.monotonic()
            if now >= told + _INTERVAL or wanted.paused or record.phase is TrainingPhase.MEASURE:
                told = now
                answers.send({"progress": _facts(record, wanted.paused)})
            if wanted.shows and record.step != seen and (wanted.paused or now >= shown + _SCENES):
                wanted.shows, shown, seen = False, now, record.step
                answers.send({"scene": {"remarks": remarks}}, arrays_of(record.splats()))
            if wanted.stops:
                splats = record.splats()
                stopped = Trained(
                    splats, measured(splats, photos.held_out), measured(splats, photos.trained), record.seconds
                )
                return _done(stopped, record.step)
            if not wanted.paused:
                break


def _facts(record: TrainingProgress, paused: bool) -> dict:
    return {
        "phase": record.phase.value, "step": record.step, "steps": record.steps, "gaussians": record.gaussians,
        "psnr": record.psnr, "fraction": record.fraction, "paused": paused,
    }  # fmt: skip


def _done(done: Trained, steps: int) -> tuple[dict, list[np.ndarray]]:
    return {
        "steps": steps, "seconds": done.seconds, "psnr": _mean(done.held_out), "trained_psnr": _mean(done.trained),
    }, arrays_of(done.splats)  # fmt: skip


def _mean(found: tuple[Measured, ...]) -> float | None:
    return float(np.mean([each.psnr for each in found])) if found else None


def arrays_of(splats: Splats) -> list[np.ndarray]:
    """Those of `Splats`, in the order of its arguments."""
    return [splats.means, splats.log_scales, splats.rotations, splats.logits, splats.dc, splats.sh]


if __name__ == "__main__":
    main()
