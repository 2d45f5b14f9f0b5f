"""Trainings of the window as files, from which they go on when the same folder of photos is opened again."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from daub.app.model.work.state_folder import state_folder

SUFFIX = ".training"
_MOST = 3  # of them that stay, those that were written last: each has some tens of MB


def kept_training(folder: Path) -> Path:
    """The file of the training on the photos of a folder, whether or not there is one."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return state_folder("trainings") / (name + SUFFIX)


def make_room(path: Path) -> None:
    """Makes the folder for that file where it is missing, and takes away the oldest of the others."""
    with suppress(OSError):  # then nothing is kept
        path.parent.mkdir(parents=True, exist_ok=True)
        others = sorted(
            (each for each in path.parent.glob("*" + SUFFIX) if each != path), key=lambda each: each.stat().st_mtime
        )
        for each in others[: max(0, len(others) - _MOST + 1)]:
            each.unlink()
