"""A scene of 3D Gaussians from a folder of photos whose cameras are known; stopped, it goes on where it was."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from daub.codec.files import write_atomic
from daub.codec.progress import drive
from daub.codec.scenes.reading import telling
from daub.codec.scenes.scene_files import format_to_write, write_scene
from daub.codec.scenes.training.checkpoint import resumed
from daub.codec.scenes.training.held_out import Measured
from daub.codec.scenes.training.photo_folder import read_photos
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.trainer import TrainingPhase, TrainingProgress, training
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target

CHECKPOINT = ".training"  # behind the name of the target, while it is trained
_EVERY = 30.0  # seconds from one checkpoint to the next


@dataclass(frozen=True)
class SceneTrainRequest:
    """A scene to be trained.

    Args:
        folder: of photos and cameras.
        target: path of the scene; the format follows the name.
        restart: disregard a checkpoint beside the target, begin anew, and write others in its place.
        replacing: what the file may take the place of.
    """

    folder: str
    target: str
    settings: TrainingSettings = field(default_factory=TrainingSettings)
    restart: bool = False
    replacing: Replacing = ANYTHING_BUT_SOURCES


@dataclass(frozen=True)
class SceneTraining:
    """A scene that was trained.

    Args:
        psnr, ssim: means over the photos that were held out; None where none was.
        trained_psnr, trained_ssim: over the others.
        resumed_at: steps that an earlier run had done; 0: none.
        seconds: of work, those of earlier runs included.
        views: of those that were held out: name, psnr and ssim.
    """

    format: str
    gaussians: int
    degree: int
    bytes: int
    iterations: int
    trained_on: int
    held_out: int
    width: int
    height: int
    psnr: float | None
    ssim: float | None
    trained_psnr: float
    trained_ssim: float
    resumed_at: int
    seconds: float
    views: tuple[dict[str, Any], ...]
    remarks: tuple[str, ...]


def train_scene(request: SceneTrainRequest, say: Callable[[str], None], progress: Callable[..., None]) -> SceneTraining:
    """
    Args:
        say: is told what goes on.
        progress: is told the stage, the share of the work that is done, 0 to 1, and facts in words.

    Raises:
        DaubError: the folder cannot be trained on, a checkpoint belongs to something else, or the target cannot be
            written, or not with so many harmonics.
    """
    settings, kept = request.settings, f"{request.target}{CHECKPOINT}"
    format_ = format_to_write(request.target, settings.degree)  # before the work, and not behind it
    check_target(request.target, [], request.replacing)
    say("reading photos")
    photos, remarks = read_photos(request.folder, settings, lambda share: progress("reading", share))
    state = None
    if os.path.lexists(kept) and not request.restart:
        state = resumed(kept, settings, photos.fingerprint())
    begun = state.step if state else 0
    written = time.monotonic()

    def report(record: TrainingProgress) -> None:
        nonlocal written
        facts = [f"{record.gaussians:,} Gaussians", f"{record.width}x{record.height}"]
        progress(record.phase, record.fraction, *facts, *([f"{record.psnr:.2f} dB"] if record.psnr else []))
        if time.monotonic() - written > _EVERY:
            write_atomic(kept, record.checkpoint())
            written = time.monotonic()

    with telling(lambda share: progress(TrainingPhase.START, share)):
        done = drive(training(photos, settings, state), report)
    size = write_scene(done.splats, request.target, replace=request.replacing.files)
    with suppress(OSError):
        os.unlink(kept)
    camera = photos.trained[0].camera
    return SceneTraining(
        format_.name, len(done.splats), done.splats.degree, size, settings.iterations, len(done.trained),
        len(done.held_out), camera.width, camera.height, *_means(done.held_out), *_means(done.trained), begun,
        done.seconds, tuple(map(asdict, done.held_out)), remarks,
    )  # fmt: skip


def _means(found: tuple[Measured, ...]) -> tuple[float | None, float | None]:
    if not found:
        return None, None
    return float(np.mean([each.psnr for each in found])), float(np.mean([each.ssim for each in found]))
