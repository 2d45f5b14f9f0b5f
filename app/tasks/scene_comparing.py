"""Scenes beside the one that they should look like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daub.app.tasks.telling import reading
from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.beside import read_cameras
from daub.codec.scenes.cameras.chosen import views_of
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.view_scores import pictures_of, score_views


@dataclass(frozen=True)
class SceneCompareRequest:
    """Scenes to be compared.

    Args:
        reference: path of the scene as it should be.
        files: paths of others, which lie in the same place.
        cameras: path of the views; None: those beside the reference, or made ones.
        views, longest: as of `views_of`.
        perceptually: SSIMULACRA2 as well, where it can be had.
    """

    reference: str
    files: tuple[str, ...]
    cameras: str | None = None
    views: int = 24
    longest: int = 800
    perceptually: bool = False


@dataclass(frozen=True)
class ComparedScene:
    """A scene beside the reference; figures as of `ViewScore`."""

    file: str
    format: str
    gaussians: int
    bytes: int
    share: float  # of the bytes of the reference
    psnr: float
    ssim: float
    ms_ssim: float
    ssimulacra2: float | None


@dataclass(frozen=True)
class ComparedScenes:
    """Scenes beside one reference.

    Args:
        failures: by its path, why a scene could not be compared; the others were.
        views: how many.
        made: nobody gave them.
    """

    compared: tuple[ComparedScene, ...]
    failures: dict[str, DaubError]
    views: int
    made: bool


def compare_scenes(
    request: SceneCompareRequest, say: Callable[[str], None], progress: Callable[[str, float], None]
) -> ComparedScenes:
    """
    Args:
        say: is told what goes on.
        progress: is told the stage and the share of the work that is done, 0 to 1.

    Raises:
        DaubError: the reference or the cameras cannot be read.
    """
    scene = read_scene(request.reference, reading(say))
    cameras = scene.cameras if request.cameras is None else read_cameras(request.cameras)
    views = views_of(scene.splats, cameras, request.views, request.longest)
    pictures = pictures_of(scene.splats, views)
    compared: list[ComparedScene] = []
    failures: dict[str, DaubError] = {}
    for n, path in enumerate(request.files):
        try:
            other = read_scene(path, reading(say, path))
        except DaubError as error:
            failures[path] = error
            continue
        progress(f"looking at {path}", (n + 1) / (len(request.files) + 1))
        figures = vars(score_views(pictures, pictures_of(other.splats, views), request.perceptually))
        share = other.bytes / scene.bytes
        compared.append(ComparedScene(path, other.format, len(other.splats), other.bytes, share, **figures))
    return ComparedScenes(tuple(compared), failures, len(views), not cameras)
