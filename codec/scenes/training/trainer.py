"""The loop of a training: one photo, one step down its loss, and now and then Gaussians that move and are born."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from daub.codec.evaluation.metrics import psnr_of_error
from daub.codec.progress import Clock
from daub.codec.scenes.loss import loss_of
from daub.codec.scenes.training.checkpoint import checkpoint
from daub.codec.scenes.training.held_out import Measured, measured
from daub.codec.scenes.training.photos import Photo, Photos
from daub.codec.scenes.training.population import change, costs, shake
from daub.codec.scenes.training.schedule import Schedule
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.start import first_state
from daub.codec.scenes.training.state import TrainingState
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats

_LARGEST_LOGIT = 12.0
_SIZES = 1e-7, 10.0  # that standard deviations stay within, of the extent


class TrainingPhase(StrEnum):
    """What a training is doing; the values are shown to people."""

    START = "start"  # the first Gaussians are sought
    TRAIN = "train"
    MEASURE = "measure"  # against the photos that were held out


@dataclass(frozen=True, eq=False)
class TrainingProgress:
    """Where a training stands.

    Args:
        step, steps: how many are done, of how many.
        gaussians: how many there are.
        width, height: pixels of the photo that was seen last.
        psnr: dB, of what the last round of photos has seen while it was trained; None before the first step.
        seconds: of work, pauses left out.
        fraction: of all the work, 0 to 1.
        splats: gives the scene as it is, which later steps do not change; to be called before the next record.
        checkpoint: gives what the training can go on from, likewise.
    """

    phase: TrainingPhase
    step: int
    steps: int
    gaussians: int
    width: int
    height: int
    psnr: float | None
    seconds: float
    fraction: float
    splats: Callable[[], Splats]
    checkpoint: Callable[[], bytes]


@dataclass(frozen=True, eq=False)
class Trained:
    """A scene, and how well it meets the photos.

    Args:
        held_out: those that no step has seen.
        trained: the others.
        seconds: of work.
    """

    splats: Splats
    held_out: tuple[Measured, ...]
    trained: tuple[Measured, ...]
    seconds: float


def training(
    photos: Photos, settings: TrainingSettings, state: TrainingState | None = None
) -> Generator[TrainingProgress, None, Trained]:
    """Trains; stop it between two records to cancel, and go on from the checkpoint of the last one.

    Args:
        state: to go on from, by `checkpoint.resumed`; it is changed. None: from the beginning.

    Yields:
        A record before the first step, after each, and before the end.
    """
    clock = Clock(state.seconds if state else 0.0)
    state = state or first_state(photos, settings)
    schedule = Schedule(settings, photos.extent)
    fingerprint = photos.fingerprint()
    errors: deque[float] = deque(maxlen=len(photos.trained))
    size = photos.trained[0].camera

    def record(phase: TrainingPhase) -> TrainingProgress:
        state.seconds = clock.seconds()
        seen = psnr_of_error(float(np.mean(errors))) if errors else None
        return TrainingProgress(
            phase, state.step, settings.iterations, len(state), size.width, size.height, seen, state.seconds,
            schedule.fraction(state.step), state.splats, lambda: checkpoint(state, settings, fingerprint),
        )  # fmt: skip

    waiting_since = time.perf_counter()
    yield record(TrainingPhase.START)
    clock.outside(waiting_since)
    reduced, pictures = 0, photos.trained
    while state.step < settings.iterations:
        if reduced != schedule.reduction(state.step):
            reduced = schedule.reduction(state.step)
            pictures = tuple(photo.reduced(reduced) for photo in photos.trained)
            errors.clear()
        if not state.waiting:
            state.waiting = state.rng.permutation(len(pictures)).tolist()
        photo = pictures[state.waiting.pop()]
        size = photo.camera
        errors.append(_step(state, photo, schedule))
        record_ = record(TrainingPhase.TRAIN if state.step < settings.iterations else TrainingPhase.MEASURE)
        waiting_since = time.perf_counter()
        yield record_
        clock.outside(waiting_since)
    state.raise_degree(settings.degree)  # where there were too few steps to come to all
    splats = state.splats()
    return Trained(splats, measured(splats, photos.held_out), measured(splats, photos.trained), clock.seconds())


def _step(state: TrainingState, photo: Photo, schedule: Schedule) -> float:
    """One step; returns the mean squared error of the picture before it."""
    state.raise_degree(schedule.degree(state.step))
    values, rates = state.adam.values, schedule.rates(state.step)
    view = CpuScene(state.splats(copied=False)).seen(photo.camera)
    image = view.image()
    loss = loss_of(image, photo.pixels)
    gradient = view.gradient(image, loss.cotangent)._asdict()
    by_logits, by_scales = costs(values, schedule.extent)
    gradient["logits"] += by_logits
    gradient["log_scales"] += by_scales
    state.adam.step(gradient, rates)
    np.clip(values["logits"], -_LARGEST_LOGIT, _LARGEST_LOGIT, out=values["logits"])
    np.clip(values["log_scales"], *np.log(np.multiply(_SIZES, schedule.extent)), out=values["log_scales"])
    if schedule.shakes(state.step):
        shake(values, rates["means"], schedule.extent, state.rng)
    if schedule.changes(state.step):
        change(state.adam, schedule.count_after(state.step, len(state)), state.rng)
    state.step += 1
    return loss.error
