"""Pictures of a scene of 3D Gaussians: from a camera, or all around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.beside import read_cameras
from daub.codec.scenes.cameras.chosen import views_of
from daub.codec.scenes.cameras.made import turntable
from daub.codec.scenes.scene_files import read_scene
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene


@dataclass(frozen=True)
class SceneRenderRequest:
    """Pictures to be made of a scene.

    Args:
        source: path of the scene.
        target: path of the image; of several, their names have a number before the suffix.
        size: (width, height) in pixels; None: that of the camera, or 800 x 800.
        view: number of the camera, from 1 on: of those beside the scene, or of made ones.
        turn: so many pictures all around instead.
        cameras: path of the cameras instead of those beside it.
        background: (3,) red, green, blue, 0 to 1.
        replacing: what the images may take the place of.
    """

    source: str
    target: str
    size: tuple[int, int] | None = None
    view: int = 1
    turn: int | None = None
    cameras: str | None = None
    background: tuple[float, float, float] = (0.0, 0.0, 0.0)
    replacing: Replacing = ANYTHING_BUT_SOURCES


@dataclass(frozen=True)
class SceneRendering:
    """Pictures that were made."""

    width: int
    height: int
    files: tuple[str, ...]
    gaussians: int
    remarks: tuple[str, ...]  # of the source


_MADE = 24  # views of a scene without cameras
_USUAL = 800  # pixels


def render_scene(
    request: SceneRenderRequest, say: Callable[[str], None], progress: Callable[[str, float], None]
) -> SceneRendering:
    """
    Args:
        say: is told what goes on.
        progress: is told the stage and the share of the work that is done, 0 to 1.

    Raises:
        DaubError: the source or the cameras cannot be read, there is no such camera, or an image not written.
    """
    images.check_format(request.target)
    names = _names(request)
    for name in names:
        check_target(name, [request.source], request.replacing)
    say("reading")
    scene = read_scene(request.source)
    cameras = _cameras(request, scene)
    splats = CpuScene(scene.splats)
    for n, (name, camera) in enumerate(zip(names, cameras, strict=True)):
        picture = splats.seen(camera).image(request.background)
        images.save(name, np.rint(picture.clip(0, 1) * 255).astype(np.uint8), replace=request.replacing.files)
        progress("rendering", (n + 1) / len(names))
    return SceneRendering(cameras[0].width, cameras[0].height, names, len(splats), scene.remarks)


def _names(request: SceneRenderRequest) -> tuple[str, ...]:
    if request.turn is None:
        return (request.target,)
    path, digits = Path(request.target), len(str(request.turn))
    return tuple(str(path.with_stem(f"{path.stem}-{n:0{digits}}")) for n in range(1, request.turn + 1))


def _cameras(request: SceneRenderRequest, scene) -> tuple[Camera, ...]:
    if request.turn is not None:
        return turntable(scene.splats, request.turn, *(request.size or (_USUAL, _USUAL)))
    own = scene.cameras if request.cameras is None else read_cameras(request.cameras)
    cameras = own or views_of(scene.splats, (), _MADE, _USUAL)
    if not 1 <= request.view <= len(cameras):
        which = f"there are {len(cameras)}" + ("" if own else ", made for a scene without cameras")
        raise DaubError(f"cannot show {request.source} from camera {request.view}", which, "choose another number")
    camera = cameras[request.view - 1]
    if request.size is None:
        return (camera,)
    width, height = request.size
    if not own:  # made for any shape of picture
        focal = camera.fx * min(width, height) / camera.width
        return (Camera(width, height, focal, focal, width / 2, height / 2, camera.rotation, camera.translation),)
    return (camera.resized(width, height),)
