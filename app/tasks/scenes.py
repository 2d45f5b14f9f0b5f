"""What a file of 3D Gaussians says of itself, and such a file in another format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daub.app.tasks.telling import reading
from daub.codec.scenes.cameras.made import extent_of
from daub.codec.scenes.claims import fewer_harmonics
from daub.codec.scenes.importance import most_important
from daub.codec.scenes.scene_files import format_to_write, read_scene, write_scene
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target


@dataclass(frozen=True)
class SceneDescription:
    """What a file says of itself; lengths are the scene's own, axes x right, y down, z forward."""

    format: str
    gaussians: int
    degree: int  # of the harmonics
    antialiased: bool
    bytes: int  # of all its files
    bits_per_gaussian: float
    low: list[float]  # corner of the box of all centres, x y z
    high: list[float]
    middle_low: list[float]  # and of the box that leaves out 5 % of the weight, which is opacity, on each side
    middle_high: list[float]
    cameras: int  # that lie beside it
    remarks: tuple[str, ...]


def describe_scene(source: str, say: Callable[[str], None]) -> SceneDescription:
    """
    Args:
        say: is told what goes on.

    Raises:
        DaubError: it cannot be read.
    """
    scene = read_scene(source, reading(say))
    means = scene.splats.means
    extent = extent_of(scene.splats)
    return SceneDescription(
        format=scene.format,
        gaussians=len(means),
        degree=scene.splats.degree,
        antialiased=scene.splats.antialiased,
        bytes=scene.bytes,
        bits_per_gaussian=8 * scene.bytes / len(means),
        low=means.min(axis=0).tolist(),
        high=means.max(axis=0).tolist(),
        middle_low=extent.low.tolist(),
        middle_high=extent.high.tolist(),
        cameras=len(scene.cameras),
        remarks=scene.remarks,
    )


@dataclass(frozen=True)
class ConvertRequest:
    """A scene to be written in another format.

    Args:
        source, target: paths; the format follows the name of the target.
        degree: harmonics above it are dropped.
        keep: so many Gaussians, the most important.
        spz_version: 4 or 3.
        replacing: what the file may take the place of.
    """

    source: str
    target: str
    degree: int | None = None
    keep: int | None = None
    spz_version: int | None = None
    replacing: Replacing = ANYTHING_BUT_SOURCES


@dataclass(frozen=True)
class Conversion:
    """A scene that was written anew."""

    format: str
    gaussians: int
    degree: int
    bytes: int
    bits_per_gaussian: float
    source_format: str
    source_gaussians: int
    source_bytes: int
    remarks: tuple[str, ...]  # of the source


def convert_scene(
    request: ConvertRequest, say: Callable[[str], None], progress: Callable[[str, float], None]
) -> Conversion:
    """
    Args:
        say: is told what goes on.
        progress: is told the stage and the share of the work that is done, 0 to 1.

    Raises:
        DaubError: the source cannot be read or the target not written.
    """
    format_ = format_to_write(request.target)
    check_target(request.target, [request.source], request.replacing)
    scene = read_scene(request.source, reading(say))
    splats = scene.splats
    if request.keep is not None:
        splats = most_important(splats, request.keep)
    if request.degree is not None:
        splats = fewer_harmonics(splats, request.degree)
    say("writing")
    size = write_scene(
        splats, request.target, spz_version=request.spz_version, replace=request.replacing.files,
        progress=lambda fraction: progress("writing", fraction),
    )  # fmt: skip
    return Conversion(
        format_.name, len(splats), splats.degree, size, 8 * size / len(splats), scene.format, len(scene.splats),
        scene.bytes, scene.remarks,
    )  # fmt: skip
