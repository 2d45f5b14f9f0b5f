"""Where a picture comes from: enough to read it again, on another background or in another run of the program."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class FileOrigin:
    """A file.

    Args:
        path: absolute, or relative to the folder the program was started in.
    """

    path: Path

    @property
    def name(self) -> str:
        """Shown in the title."""
        return self.path.name

    def stamp(self) -> tuple[int, int]:
        """(time of the last change in nanoseconds, bytes): another one means other content; (0, 0) without a file."""
        try:
            status = os.stat(self.path)
        except (OSError, ValueError):  # ValueError: a NUL character in the name
            return 0, 0
        return status.st_mtime_ns, status.st_size


@dataclass(frozen=True, eq=False)
class PixelOrigin:
    """Pixels that are in no file: pasted, or dropped by another program.

    Args:
        pixels: (H, W, 4) uint8, red, green, blue and alpha, sRGB; they do not change any more.
        name: shown in the title.
        notices: what was changed on the way here, one phrase each.
    """

    pixels: np.ndarray
    name: str = "pasted picture"
    notices: tuple[str, ...] = ()

    def stamp(self) -> tuple[int, int]:
        """As of a file; these never change."""
        return 0, 0


@dataclass(frozen=True)
class CopyOrigin:
    """A file that only a project holds: a copy of it, in a folder that goes with the window.

    Args:
        path: of the copy.
        name: of the file that it was, shown in the title.
    """

    path: Path
    name: str

    def stamp(self) -> tuple[int, int]:
        """As of a file."""
        return FileOrigin(self.path).stamp()


@dataclass(frozen=True)
class MissingOrigin:
    """A file that a project names, and that is not there, or not as it was.

    Args:
        path: where it was.
        name: shown in the list.
        bytes, sha256: of its content as it was, in hexadecimal digits; -1 and "" where nobody knows.
    """

    path: Path
    name: str
    bytes: int = -1
    sha256: str = ""

    def stamp(self) -> tuple[int, int]:
        """As of a file that is not there."""
        return 0, 0


Origin = FileOrigin | PixelOrigin | CopyOrigin | MissingOrigin
