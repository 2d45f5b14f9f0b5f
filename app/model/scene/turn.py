"""A turntable of the scene: pictures all around it, written beside the window as a film or as numbered images."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from daub.app.model.output.slow_files import Report, SlowFiles
from daub.app.model.scene.stage import Stage
from daub.app.model.scene.version import SceneDocument, Version
from daub.app.model.work.failure import Failure

FRAMES, SIDE = 120, 800  # pictures of a turn, and the pixels of their sides


class Turn:
    """Writes them.

    Args:
        stage: whose scene is turned.
        slow: files that take their time.
        notice: is told what was written, in a line.
        fail: is told why nothing was.
    """

    def __init__(
        self, stage: Stage, slow: SlowFiles, notice: Callable[[str], object], fail: Callable[[Failure], object]
    ):
        self._stage, self._slow, self._notice, self._fail = stage, slow, notice, fail

    def write(self, path: Path) -> None:
        """Of the version on side B. Args: path: an .mp4, or an image, whose name gets numbers."""

        def tell(names: tuple[str, ...]) -> None:
            many = f", {len(names)} pictures" if len(names) > 1 else ""
            self._notice(f"Wrote {Path(names[0]).name}{many}")

        work = partial(_write, self._stage.document, self._stage.versions.on("b"), path)
        self._slow.write(path.name, work, tell, self._fail, takes_minutes=True)


def can_film() -> bool:
    """There is what makes a film."""
    from shutil import which

    return which("ffmpeg") is not None


def _write(document: SceneDocument, version: Version, path: Path, report: Report) -> tuple[str, ...]:
    from daub.codec.scenes.cameras.made import turned
    from daub.codec.scenes.turning import is_film, size_for, write_turn

    cameras = turned(document.extent, FRAMES, *size_for(path, SIDE, SIDE))
    # The dialog has asked about a film; what lies there under the names of images nobody was asked about.
    return write_turn(version.drawn, cameras, path, replace=is_film(path), progress=report)
