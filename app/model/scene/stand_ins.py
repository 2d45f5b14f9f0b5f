"""What is drawn for a scene of very many Gaussians while it moves: the same with a quarter of them.

Projecting and sorting Gaussians takes most of the time then, whatever the size of the picture. Stand-ins are made
beside the window, one after another; until there is one, the version itself is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from daub.app.model.scene.version import Version
from daub.app.model.work.background import Background

if TYPE_CHECKING:
    from daub.render.splats.camera import Camera
    from daub.render.splats.cpu.scene import CpuScene

MANY = 150_000  # Gaussians from which on a stand-in is made
_SHARE = 4  # Gaussians for each one of the stand-in
_VIEWS, _LONGEST = 6, 320  # cameras that say what a Gaussian is worth, and the pixels of their longer sides


class StandIns:
    """See above."""

    def __init__(self, background: Background):
        self._background = background
        self._wanted: tuple[Version, ...] = ()
        self._cameras: tuple[Camera, ...] = ()
        self._made: dict[Version, CpuScene | None] = {}  # None where none could be made; replaced, never changed
        self._is_busy = False

    def of(self, version: Version) -> CpuScene | None:
        """From any thread."""
        return self._made.get(version)

    def follow(self, versions: Sequence[Version], cameras: tuple[Camera, ...]) -> None:
        """Makes those that are missing, and lets go of the others.

        Args:
            versions: of the scene that is open.
            cameras: from where it is looked at.
        """
        self._wanted = tuple(each for each in versions if each.gaussians > MANY)
        self._cameras = cameras
        self._made = {version: made for version, made in self._made.items() if version in self._wanted}
        self._make_next()

    def _make_next(self) -> None:
        version = next((each for each in self._wanted if each not in self._made), None)
        if version is None or self._is_busy:
            return
        self._is_busy = True

        def take(made: CpuScene | None) -> None:
            self._is_busy = False
            if version in self._wanted:
                self._made = self._made | {version: made}
            self._make_next()

        # Nobody has asked for it, so nobody is told where there is no memory for it.
        self._background.run_alone(partial(_made, version, self._cameras), take, lambda _: take(None))


def _made(version: Version, cameras: tuple[Camera, ...]) -> CpuScene:
    from daub.codec.scenes.cameras.chosen import views_of
    from daub.codec.scenes.fewer import fewer
    from daub.render.splats.cpu.scene import CpuScene

    splats = version.drawn.splats
    return CpuScene(fewer(splats, version.gaussians // _SHARE, views_of(splats, cameras, _VIEWS, _LONGEST)))
