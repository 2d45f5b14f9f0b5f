"""A scene as it came out of a file."""

from __future__ import annotations

from dataclasses import dataclass

from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats


@dataclass(frozen=True, eq=False)
class Scene:
    """What a file holds, in the axes and units of `Splats`.

    Args:
        splats: at least one.
        format: its name, as in `scene_files.FORMATS`.
        bytes: of the file, or of all files that make it up.
        cameras: those beside it, in the order of their file; often none.
        remarks: what a person should know of it, one sentence each: Gaussians left out, cameras that cannot be read.
    """

    splats: Splats
    format: str
    bytes: int
    cameras: tuple[Camera, ...] = ()
    remarks: tuple[str, ...] = ()
