"""Versions of a scene that are made of it: a .daub of some quality, SOG, SPZ; and what a .daub is restored to.

All in the process of the jobs, one by one:

commands --- make ---> Making --- Job ---> version_work ---> file and Gaussians ---> Versions, on side B
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from daub.app.model.scene.stage import Stage
from daub.app.model.scene.version import Version, version_of
from daub.app.model.sources.source import size_text
from daub.app.model.work.background import Background
from daub.app.model.work.jobs import Job, Jobs

QUALITIES = (1, 100)  # least and most that is asked of a .daub


@dataclass(frozen=True)
class Format:
    """What can be made. Args: name: for people; suffix: of its files; options: what the work is given."""

    name: str
    suffix: str
    options: tuple[tuple[str, int], ...] = ()


SOG, SPZ = Format("SOG", ".sog"), Format("SPZ", ".spz")


def daub(quality: int) -> Format:
    """A .daub of that quality."""
    return Format(f"Daub, quality {quality}", ".daub", (("quality", quality),))


class Making:
    """See above.

    Args:
        stage: whose scene it is.
        jobs: does the work.
        background: reads and writes files.
        notice: is told what was done, in a line.

    Attributes:
        quality: of the next .daub, within QUALITIES.
    """

    def __init__(self, stage: Stage, jobs: Jobs, background: Background, notice: Callable[[str], object]):
        self.quality = 50
        self._stage, self._jobs, self._background, self._notice = stage, jobs, background, notice

    def make(self, wanted: Format) -> None:
        """Makes that of what is open; the versions have it when it is done."""
        document = self._stage.document
        original, arrays = document.original, ()
        given = {"path": str(document.path), "suffix": wanted.suffix, **dict(wanted.options)}
        if original.data is not None:  # it was trained here, of the photos there
            given |= {"own_suffix": original.suffix}
            arrays = (np.frombuffer(original.data, np.uint8),)
        deliver = partial(self._take, original, wanted)
        self._jobs.add(Job(f"{wanted.name} of {document.name}", "scene version", given, arrays, deliver=deliver))

    def restore(self, version: Version) -> None:
        """Restores a version from the views that its file tells of; what comes of that is a version, too."""
        path = None if version.path is None else str(version.path)
        arrays = () if version.data is None else (np.frombuffer(version.data, np.uint8),)
        name = f"{version.name}, restored"
        deliver = partial(self._take_restored, self._stage.versions.original, name, version.bytes)
        self._jobs.add(Job(name, "scene restored", {"name": version.name, "path": path}, arrays, deliver=deliver))

    def save(self, version: Version, path: Path) -> None:
        """Writes the file of a version that was made here."""
        from daub.codec.files import write_atomic

        def tell(_: object) -> None:
            self._stage.versions.note_saved(version.key)
            self._notice(f"Saved {path.name}, {size_text(version.bytes)}")

        self._background.write(partial(write_atomic, path, version.data), tell)

    def _take(self, original: Version, wanted: Format, done: dict, arrays: Sequence[np.ndarray]) -> None:
        data, *of_splats = arrays
        self._show(original, wanted.name, len(data), done, of_splats, data.tobytes())

    def _take_restored(self, original: Version, name: str, size: int, done: dict, arrays: Sequence[np.ndarray]) -> None:
        self._show(original, name, size, done, arrays)

    def _show(
        self, original: Version, name: str, size: int, done: dict, arrays: Sequence[np.ndarray],
        data: bytes | None = None,
    ) -> None:  # fmt: skip
        """Adds a version to those of the scene, where that is still open."""
        key = self._stage.versions.new_key()

        def show(version: Version) -> None:
            if self._stage.versions.original is original:
                self._stage.versions.add(version)

        self._background.run(partial(_version, key, name, size, done, arrays, data), show)


def _version(
    key: str, name: str, size: int, done: dict, arrays: Sequence[np.ndarray], data: bytes | None
) -> Version:  # fmt: skip
    from daub.codec.scenes.scene import Scene
    from daub.render.splats.splats import Splats

    return version_of(key, name, Scene(Splats(*arrays, done["antialiased"]), done["format"], size), data)
