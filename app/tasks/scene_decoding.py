"""A .daub to a scene that other programs read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from daub.app.tasks.telling import reading
from daub.codec.progress import drive
from daub.codec.scenes.formats import daub
from daub.codec.scenes.reading import part, read_in_pieces, telling
from daub.codec.scenes.restoration.layer import layer_of
from daub.codec.scenes.restoration.refined import obstacle_of, restoring
from daub.codec.scenes.scene_files import LARGEST_FILE, format_to_write, write_scene
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target

_LOADED = 0.05  # of the reading: the bytes are there


@dataclass(frozen=True)
class SceneDecodeRequest:
    """A scene to be decoded.

    Args:
        source, target: paths; the format follows the name of the target.
        restore: from the views that the file may hold.
        replacing: what the file may take the place of.
    """

    source: str
    target: str
    restore: bool = True
    replacing: Replacing = ANYTHING_BUT_SOURCES


@dataclass(frozen=True)
class SceneDecoding:
    """A scene that was decoded."""

    format: str
    gaussians: int
    bytes: int
    views: int  # it was restored from; 0: it was not
    seconds: float
    remarks: tuple[str, ...]


def decode_scene_file(
    request: SceneDecodeRequest, say: Callable[[str], None], progress: Callable[[str, float], None]
) -> SceneDecoding:
    """
    Args:
        say: is told what goes on.
        progress: is told the stage and the share of the work that is done, 0 to 1.

    Raises:
        DaubError: the source cannot be read or is no scene of Daub's, or the target cannot be written.
    """
    format_ = format_to_write(request.target)
    check_target(request.target, [request.source], request.replacing)
    with telling(reading(say)):
        with part(0, _LOADED):
            data = read_in_pieces(Path(request.source), LARGEST_FILE)
        began = time.perf_counter()
        with part(_LOADED, 1):
            splats, _ = daub.read(data, request.source)
    layer = layer_of(data, request.source) if request.restore else None
    why = None if layer is None else obstacle_of(layer)
    views = 0
    if layer is not None and why is None:
        splats = drive(restoring(splats, layer), lambda done: progress("restoring", done))
        views = len(layer.views)
    seconds = time.perf_counter() - began
    say("writing")
    size = write_scene(
        splats, request.target, replace=request.replacing.files,
        progress=lambda fraction: progress("writing", fraction),
    )  # fmt: skip
    return SceneDecoding(format_.name, len(splats), size, views, seconds, (f"not restored: {why}",) if why else ())
