"""A training as a file, to go on from: arrays of numpy, and a text of JSON that says what they belong to."""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.files import read_file
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.state import TrainingState

_VERSION = 1
_LARGEST = 1 << 34  # bytes
_ARRAYS = ("values", "means", "squares")  # of `Adam`
_ANEW = "begin anew with --restart"


def checkpoint(state: TrainingState, settings: TrainingSettings, fingerprint: str) -> bytes:
    """The content of the file.

    Args:
        fingerprint: of the photos.
    """
    about = {
        "version": _VERSION,
        "settings": asdict(settings),
        "photos": fingerprint,
        "step": state.step,
        "adam_steps": state.adam.steps,
        "waiting": state.waiting,
        "seconds": state.seconds,
        "chance": state.rng.bit_generator.state,
    }
    arrays = {f"{part}.{name}": array for part in _ARRAYS for name, array in getattr(state.adam, part).items()}
    file = io.BytesIO()
    np.savez(file, about=np.frombuffer(json.dumps(about).encode(), np.uint8), **arrays)
    return file.getvalue()


def resumed(path: str | os.PathLike, settings: TrainingSettings, fingerprint: str) -> TrainingState:
    """The state that a file holds.

    Raises:
        DaubError: it cannot be read, is damaged, or belongs to other settings or photos.
    """
    what = f"cannot go on from {os.fspath(path)}"
    data = read_file(path, _LARGEST)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(arrays.pop("about").tobytes())
        known, photos = about["settings"], about["photos"]
        if about["version"] != _VERSION:
            raise DaubError(what, "another version of Daub has written it", _ANEW)
        if known != asdict(settings):
            changed = [name for name, value in asdict(settings).items() if known.get(name) != value]
            said = ", ".join(f"{name} was {known.get(name)}" for name in changed)
            raise DaubError(what, f"the settings have changed: {said}", f"give the same ones, or {_ANEW}")
        if photos != fingerprint:
            raise DaubError(what, "the photos or their cameras have changed", _ANEW)
        return _state(about, arrays)
    except (DaubError, MemoryError):
        raise
    except Exception as error:  # of damaged data: BadZipFile, but also RuntimeError, struct.error, zlib.error and more
        raise DaubError(what, "it is damaged", _ANEW) from error


def settings_in(path: str | os.PathLike) -> TrainingSettings | None:
    """Those that a file belongs to; None where it is not there, or cannot be gone on from."""
    try:
        with np.load(path, allow_pickle=False) as file:
            known = json.loads(file["about"].tobytes())["settings"]
        settings = TrainingSettings(**known)
    except Exception:  # of damaged data anything, as above
        return None
    return settings if all(type(value) is int for value in known.values()) else None


def _state(about: dict, arrays: dict[str, np.ndarray]) -> TrainingState:
    parts = {part: {} for part in _ARRAYS}
    for name, array in arrays.items():
        part, _, name = name.partition(".")
        parts[part][name] = np.ascontiguousarray(array, np.float32)
    state = TrainingState.of(parts["values"], np.random.default_rng())
    state.splats(copied=False)  # raises ValueError where the arrays do not fit each other
    for part in ("means", "squares"):
        if {name: a.shape for name, a in parts[part].items()} != {n: a.shape for n, a in state.adam.values.items()}:
            raise ValueError("moments of other shapes")
        getattr(state.adam, part).update(parts[part])
    state.rng.bit_generator.state = about["chance"]
    state.adam.steps, state.step = int(about["adam_steps"]), int(about["step"])
    state.waiting = [int(each) for each in about["waiting"]]
    state.seconds = float(about["seconds"])
    return state
