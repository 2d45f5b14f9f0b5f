"""A version of a scene: what was opened, what a format has made of it, or another file of the same scene."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.sources.source import size_text
from daub.app.model.work.failure import by_name
from daub.codec.errors import DaubError

if TYPE_CHECKING:
    from daub.codec.scenes.cameras.made import Extent
    from daub.codec.scenes.scene import Scene
    from daub.render.splats.camera import Camera
    from daub.render.splats.cpu.scene import CpuScene
    from daub.render.splats.splats import Splats

ORIGINAL = "original"  # key of what was opened


@dataclass(frozen=True, eq=False)
class Version:
    """One of them, ready to be drawn.

    Args:
        key: its identity for as long as the scene is open.
        name: for people.
        format: as in `codec.scenes.scene_files.FORMATS`.
        bytes: of its file, or of all its files.
        degree: of its harmonics.
        drawn: it.
        data: its file, where it is on no disk.
        path: of its file, where it is on one.
        views: that its file says how to restore it from; 0: it says nothing of that.
        is_growing: it is trained at this moment, and soon becomes another.
    """

    key: str
    name: str
    format: str
    bytes: int
    degree: int
    drawn: CpuScene
    data: bytes | None = None
    path: Path | None = None
    views: int = 0
    is_growing: bool = False

    @property
    def gaussians(self) -> int:
        """How many it has."""
        return len(self.drawn)

    @property
    def bits_per_gaussian(self) -> float:
        """Of its own."""
        return 8 * self.bytes / self.gaussians

    @property
    def suffix(self) -> str:
        """Of its file."""
        from daub.codec.scenes.scene_files import FORMATS

        return next(each.suffixes[0] for each in FORMATS if each.name == self.format)

    @property
    def facts(self) -> tuple[str, ...]:
        """Bytes and Gaussians, a phrase each."""
        if self.is_growing:
            return "in training", f"{self.gaussians:,} Gaussians"
        return size_text(self.bytes), f"{self.gaussians:,} Gaussians"


@dataclass(frozen=True, eq=False)
class SceneDocument:
    """A scene that is open.

    Args:
        path: of its file or folder; of a scene that is trained, of the folder of photos.
        original: what stands in it.
        low, high: (3,) corners of the box of all centres.
        extent: where it is, outliers left out.
        cameras: those that lie beside it, often none.
        antialiased: as of `Splats`.
        remarks: what a person should know of the reading.
        views: from where it can be looked at: its cameras, or made ones.
    """

    path: Path
    original: Version
    low: np.ndarray
    high: np.ndarray
    extent: Extent
    cameras: tuple[Camera, ...]
    antialiased: bool
    remarks: tuple[str, ...]
    views: tuple[Camera, ...]

    @property
    def name(self) -> str:
        """Shown in the title."""
        return self.path.name

    @property
    def stem(self) -> str:
        """The same without the suffix of a scene, whether or not the file is still there."""
        from daub.codec.scenes.scene_files import FORMATS

        suffixes = sorted((suffix for each in FORMATS for suffix in each.suffixes), key=len, reverse=True)
        found = next((suffix for suffix in suffixes if self.name.lower().endswith(suffix)), "")
        return self.name[: len(self.name) - len(found)]


_MADE, _SIDE = 24, 800  # views of a scene without cameras, and the pixels of their sides
_TINY = 32  # pixels of a side of a picture that nobody looks at


def open_scene(path: Path, progress: Callable[[float], None] | None = None) -> SceneDocument:
    """Reads one; takes seconds where it is large. Raises DaubError. Args: progress: as of `read_scene`."""
    from daub.codec.scenes.cameras.made import extent_of, made_views

    scene = _read(path, progress)
    splats, extent = scene.splats, extent_of(scene.splats)
    original = version_of(ORIGINAL, path.name, scene, path=path)
    _look(original, extent)
    return SceneDocument(
        path, original, splats.means.min(0), splats.means.max(0), extent, scene.cameras,
        splats.antialiased, scene.remarks, scene.cameras or made_views(splats, _MADE, _SIDE, _SIDE),
    )  # fmt: skip


def trained_scene(folder: Path, splats: Splats, cameras: tuple[Camera, ...], remarks: tuple[str, ...]) -> SceneDocument:
    """A scene that is trained from a folder of photos, as it is at first."""
    from daub.codec.scenes.cameras.made import extent_of

    original, extent = trained_version(folder.name, splats, is_growing=True), extent_of(splats)
    _look(original, extent)
    return SceneDocument(
        folder, original, splats.means.min(0), splats.means.max(0), extent, cameras,
        splats.antialiased, remarks, cameras,
    )  # fmt: skip


def grown(document: SceneDocument, splats: Splats, is_growing: bool) -> SceneDocument:
    """The same scene when it has been trained further. Args: is_growing: and will be yet."""
    from daub.codec.scenes.cameras.made import extent_of

    return replace(
        document, original=trained_version(document.name, splats, is_growing), low=splats.means.min(0),
        high=splats.means.max(0), extent=document.extent if is_growing else extent_of(splats),
    )  # fmt: skip


def trained_version(name: str, splats: Splats, is_growing: bool) -> Version:
    """A scene that is trained, as the PLY that it shall be; with its file once it does not grow any more."""
    from daub.codec.scenes.formats import ply
    from daub.codec.scenes.scene_files import PLY
    from daub.render.splats.cpu.scene import CpuScene

    drawn = CpuScene(splats)
    if is_growing:
        return Version(ORIGINAL, name, PLY, 0, splats.degree, drawn, is_growing=True)
    data = b"".join(ply.pieces(splats))
    return Version(ORIGINAL, name, PLY, len(data), splats.degree, drawn, data)


def open_version(key: str, path: Path, progress: Callable[[float], None] | None = None) -> Version:
    """Reads another file of a scene; raises DaubError. Args: progress: as of `read_scene`."""
    return version_of(key, path.name, _read(path, progress), path=path)


def version_of(key: str, name: str, scene: Scene, data: bytes | None = None, path: Path | None = None) -> Version:
    """A scene that was read, made ready to be drawn.

    Args:
        data, path: its file, or where that lies; of a version without a file of its own neither.
    """
    from daub.render.splats.cpu.scene import CpuScene

    drawn, views = CpuScene(scene.splats), _views_in(scene, data, path)
    return Version(key, name, scene.format, scene.bytes, scene.splats.degree, drawn, data, path, views)


def _views_in(scene: Scene, data: bytes | None, path: Path | None) -> int:
    """Those that its file says how to restore it from."""
    from daub.codec.scenes.restoration.layer import layer_of
    from daub.codec.scenes.scene_files import DAUB

    if scene.format != DAUB or (data is None and path is None):
        return 0
    with suppress(DaubError, OSError):  # what cannot restore it is no reason not to show it
        layer = layer_of(path.read_bytes() if data is None else data)
        return 0 if layer is None else len(layer.views)
    return 0


def _look(version: Version, extent: Extent) -> None:
    """Has the kernels loaded, or compiled: until then nothing can be shown, and so nothing is open."""
    from daub.app.model.scene.viewpoint import Viewpoint

    version.drawn.seen(Viewpoint.framing(extent).camera(_TINY, _TINY)).image()


def _read(path: Path, progress: Callable[[float], None] | None = None) -> Scene:
    from daub.codec.scenes.scene_files import read_scene

    with by_name(path):
        return read_scene(path, progress)
