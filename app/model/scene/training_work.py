"""The process that trains a scene while a window shows it grow.

    request   {"folder": ..., "settings": {...}, "chosen": true or false, "threads": N, "kept": path, "anew": true or
              false}; and later, as often as somebody wants, {"shows": true}: the scene as it is; {"paused": true or
              false}; {"stops": true}
    answer    {"reading": share} until there is a scene; {"progress": {...}} after a step, {"scene": {...}} (how many
              steps had been done at the beginning, the settings, and remarks) and the arrays of `Splats`; at the end
              {"done": {...}} and arrays, or {"line": ..., "details": ...}

What has been done is written to the file "kept" now and then, when it pauses and when it is stopped; the same settings
and photos go on from there, unless that is to begin anew. Where nobody has chosen the settings, those of that file
count, where there is one. A training that is done leaves no file.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from daub.app.model.work.answering import Answers
from daub.app.model.work.failure import failure_of_work
from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.scenes.reading import done, part, telling
from daub.codec.scenes.training.checkpoint import resumed, settings_in
from daub.codec.scenes.training.held_out import Measured, measured
from daub.codec.scenes.training.photo_folder import read_photos
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.state import TrainingState
from daub.codec.scenes.training.trainer import Trained, TrainingPhase, TrainingProgress, training
from daub.render.splats.splats import Splats
from daub.render.threads import set_limit

_INTERVAL = 0.1  # seconds between two reports of how far it is
_READ = 0.3  # of what comes before the first scene: the photos are read
_KEPT = 30.0  # seconds from one checkpoint to the next
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
    kept = Path(request["kept"])
    earlier, settings = None if request["anew"] else settings_in(kept), TrainingSettings(**request["settings"])
    if earlier and not request["chosen"]:
        settings = earlier
    wanted, told, shown, seen = _Wanted(), -_INTERVAL, -_SCENES, -1
    with telling(lambda share: answers.send({"reading": share})):
        with part(0, _READ):
            photos, remarks = read_photos(request["folder"], settings, done)
        state = _kept_state(kept, settings, photos.fingerprint()) if earlier else None
        begun = state.step if state else 0
        records = training(photos, settings, state)
        with part(_READ, 1):
            record: TrainingProgress = next(records)
    written, written_step = time.monotonic(), begun

    def keep() -> None:
        nonlocal written, written_step
        if record.step != written_step:
            with suppress(DaubError):  # without it a training can be done, and only not be gone on with
                write_atomic(kept, record.checkpoint())
            written, written_step = time.monotonic(), record.step

    while True:
        while True:
            wanted.hear(answers, record.step != seen)
            now = time.monotonic()
            if wanted.paused or wanted.stops or now >= written + _KEPT:
                keep()
            if now >= told + _INTERVAL or wanted.paused or record.phase is TrainingPhase.MEASURE:
                told = now
                answers.send({"progress": _facts(record, wanted.paused)})
            if wanted.shows and record.step != seen and (wanted.paused or now >= shown + _SCENES):
                wanted.shows, shown, seen = False, now, record.step
                about = {"remarks": remarks, "begun": begun, "settings": asdict(settings)}
                answers.send({"scene": about}, arrays_of(record.splats()))
            if wanted.stops:
                splats = record.splats()
                stopped = Trained(
                    splats, measured(splats, photos.held_out), measured(splats, photos.trained), record.seconds
                )
                return _done(stopped, record.step)
            if not wanted.paused:
                break
        try:
            record = next(records)
        except StopIteration as end:
            with suppress(OSError):
                kept.unlink(missing_ok=True)
            return _done(end.value, settings.iterations)


def _kept_state(kept: Path, settings: TrainingSettings, fingerprint: str) -> TrainingState | None:
    """None where there is none, or one of other settings or photos."""
    with suppress(DaubError):
        return resumed(kept, settings, fingerprint)
    return None


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
