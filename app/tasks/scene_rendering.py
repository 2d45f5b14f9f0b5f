"""Pictures of a scene of 3D Gaussians: from a camera, or all around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daub.app.tasks.telling import reading
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.beside import read_cameras
from daub.codec.scenes.cameras.chosen import checked, views_of
from daub.codec.scenes.cameras.made import turntable
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.turning import check_turn, names_of, size_for, write_turn
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.eight_bit import to_8bit
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene


@dataclass(frozen=True)
class SceneRenderRequest:
    """Pictures to be made of a scene.

    Args:
        source: path of the scene.
        target: path of the image; of several, their names have a number before the suffix, or it is an .mp4.
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
        DaubError: the source or the cameras cannot be read, there is no such camera, its picture is too large, or an
            image not written.
    """
    if request.turn is None:
        images.check_format(request.target)
    else:
        check_turn(request.target)
    for name in (request.target,) if request.turn is None else names_of(request.target, request.turn):
        check_target(name, [request.source], request.replacing)
    scene = read_scene(request.source, reading(say))
    cameras, splats = checked(_cameras(request, scene)), CpuScene(scene.splats)
    if request.turn is None:
        names = (request.target,)
        picture = splats.seen(cameras[0]).image(request.background)
        images.save(request.target, to_8bit(picture), replace=request.replacing.files)
    else:
        names = write_turn(
            splats, cameras, request.target, request.background, replace=request.replacing.files,
            progress=lambda fraction: progress("rendering", fraction),
        )  # fmt: skip
    return SceneRendering(cameras[0].width, cameras[0].height, names, len(splats), scene.remarks)


def _cameras(request: SceneRenderRequest, scene) -> tuple[Camera, ...]:
    if request.turn is not None:
        size = size_for(request.target, *(request.size or (_USUAL, _USUAL)))
        return turntable(scene.splats, request.turn, *size)
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
