"""The command that makes a result again, byte for byte on the same device: `daub encode ...`, quoted for the shell.

Where none makes that very file there is the one that comes nearest; what was opened has the line that decodes it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from daub.app.model.picture.origin import FileOrigin
from daub.app.model.picture.picture import Colour
from daub.codec.effort import DEFAULT_EFFORT
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX
from daub.codec.settings import NATIVE, EncodeSettings

if TYPE_CHECKING:
    from daub.app.model.workspace.result import Result

_NONE = "no command makes this file"


def encode_command(result: Result, device: str = "auto") -> str:
    """The line for a shell that makes its picture into a file with its settings.

    A map of importance is expected where `map_path` says. Whether the file is the very same, `unlike` says.

    Args:
        device: one of `device.DEVICES`.

    Raises:
        DaubError: no command does, for its picture is in no file.
    """
    origin = result.picture.origin
    if not isinstance(origin, FileOrigin):
        raise DaubError(_NONE, "its picture is in no file", "save the picture, and open it from there")
    path = origin.path.absolute()
    words = ["daub", "encode", str(path), str(path.with_suffix(SUFFIX)), *_settings_words(result.settings)]
    if result.state.map_digest:
        words += ["--importance", str(map_path(path))]
    if result.picture.background is not None:
        words += ["--background", _hex(result.picture.background)]
    if device != "auto":
        words += ["--device", device]
    return quoted(words)


def unlike(result: Result) -> str:
    """Why the command makes another file than the result, and what it does; "" where it makes the same."""
    if not result.state.whole:
        return "its fit was stopped before the end, the command lets it run to the end"
    if result.origin:
        return f"its fit went on from {result.origin}, the command fits from the start with these settings"
    return ""


def decode_command(path: Path) -> str:
    """The line for a shell that makes a .daub file into a picture beside it."""
    path = path.absolute()
    return quoted(["daub", "decode", str(path), str(path.with_suffix(".png"))])


def map_path(picture: Path) -> Path:
    """Where the command looks for the map of importance of a picture."""
    return picture.with_name(f"{picture.stem}-importance.png")


def quoted(words: list[str]) -> str:
    """The words as one line, for the shell of this system."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _settings_words(settings: EncodeSettings) -> list[str]:
    value = settings.goal.value
    words = [f"--{settings.goal.kind}", str(int(value) if value == int(value) else value)]
    if settings.effort != DEFAULT_EFFORT:
        words += ["--effort", str(settings.effort)]
    if settings.steps is not None:
        words += ["--steps", str(settings.steps)]
    if settings.tune is not None:
        words += ["--tune", str(settings.tune)]
    if settings.restore:
        words += ["--restore", "auto"]
    if settings.profile != NATIVE:
        profile = str(settings.profile)
        words += ["--profile", str(Path(profile).absolute()) if profile.endswith(".toml") else profile]
    for kind, name in settings.parts:
        words += ["--part", f"{kind}={name}"]
    if settings.seed:
        words += ["--seed", str(settings.seed)]
    return words


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(round(255 * channel) for channel in colour))
