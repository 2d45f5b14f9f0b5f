"""A scene of 3D Gaussians to a .daub that is smaller."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daub.app.tasks.telling import reading
from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.goal import Goal
from daub.codec.progress import drive
from daub.codec.restoration.stage import obstacle_of
from daub.codec.restoration.weights import newest_of_scenes
from daub.codec.scenes.cameras.beside import read_cameras
from daub.codec.scenes.cameras.chosen import views_of
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.encoder import LONGEST, VIEWS, EncodedScene, encode_scene
from daub.codec.scenes.restoration.guidance import Guidance, layer_for
from daub.codec.scenes.restoration.layer import check_views
from daub.codec.scenes.restoration.refined import restoring
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.view_scores import pictures_of, score_views
from daub.codec.targets import ANYTHING_BUT_SOURCES, Replacing, check_target
from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats

SUFFIX = ".daub"


@dataclass(frozen=True)
class SceneEncodeRequest:
    """A scene to be encoded.

    Args:
        source, target: paths; the target is a .daub.
        goal: quality, bytes or PSNR.
        cameras: path of the cameras that it is encoded for; None: those beside it, or made ones.
        views: how many of them.
        longest: pixels of the longer side of a view.
        guided: share of the views whose coarse residual the file holds, for decoders that restore the scene, 0 to 1;
            None or 0: none of them.
        network: a network corrects the views besides, all of them, in decoders that restore the scene.
        replacing: what the file may take the place of.
    """

    source: str
    target: str
    goal: Goal
    cameras: str | None = None
    views: int = VIEWS
    longest: int = LONGEST
    guided: float | None = None
    network: bool = False
    replacing: Replacing = ANYTHING_BUT_SOURCES


@dataclass(frozen=True)
class SceneRestoration:
    """What restores a scene."""

    bytes: int  # that it takes, of those of the file
    views: int  # it is restored from
    psnr: float  # dB, of the views that the scene was made for, once it is restored


@dataclass(frozen=True)
class SceneEncoding:
    """A scene that was encoded."""

    gaussians: int
    bytes: int
    bits_per_gaussian: float  # of the source
    psnr: float  # dB, of the views that it was made for
    views: int
    made: bool  # nobody gave them
    seconds: float
    source_format: str
    source_gaussians: int
    source_bytes: int
    missed: str | None  # what is to be said where the goal is not met
    restored: SceneRestoration | None  # None: it holds no views
    remarks: tuple[str, ...]  # of the source


def encode_scene_file(
    request: SceneEncodeRequest, say: Callable[[str], None], progress: Callable[[str, float], None]
) -> SceneEncoding:
    """
    Args:
        say: is told what goes on.
        progress: is told the stage and the share of the work that is done, 0 to 1.

    Raises:
        DaubError: the source or the cameras cannot be read, or the target not written.
    """
    if not request.target.lower().endswith(SUFFIX):
        raise DaubError(f"cannot write {request.target}", "an encoded scene is a .daub", "give it a name in .daub")
    check_target(request.target, [request.source], request.replacing)
    network = _network() if request.network else None
    scene = read_scene(request.source, reading(say))
    cameras = scene.cameras if request.cameras is None else read_cameras(request.cameras)
    began = time.perf_counter()
    views = views_of(scene.splats, cameras, request.views, request.longest)
    restores = request.guided or network is not None
    if restores:
        check_views(views)  # now rather than after minutes
    encoded = encode_scene(scene.splats, views, request.goal, lambda each: progress(each.stage, each.fraction))
    data, restored = encoded.data, None
    if restores:
        guidance = Guidance(share=request.guided or 0.0, network=network)
        data, restored = _guided(scene.splats, encoded, views, guidance, progress)
    seconds = time.perf_counter() - began
    write_atomic(request.target, data, replace=request.replacing.files)
    count, size = len(scene.splats), len(data)
    return SceneEncoding(
        len(encoded.symbols), size, 8 * size / count, encoded.psnr, len(views), not cameras, seconds,
        scene.format, count, scene.bytes, encoded.missed, restored, scene.remarks,
    )  # fmt: skip


def _guided(
    splats: Splats,
    encoded: EncodedScene,
    views: Sequence[Camera],
    guidance: Guidance,
    progress: Callable[[str, float], None],
) -> tuple[bytes, SceneRestoration]:
    """The file with a layer that restores it, and what that is worth."""
    decoded = encoded.symbols.splats()
    progress("finding what the views lack", 0.0)
    layer = layer_for(splats, decoded, views, guidance)
    chunk = layer.chunk()
    restored = drive(restoring(decoded, layer), lambda done: progress("restoring, to see what it brings", done))
    score = score_views(pictures_of(splats, views), pictures_of(restored, views))
    data = scene_file.write(encoded.symbols, [chunk])
    return data, SceneRestoration(len(data) - len(encoded.data), len(layer.views), score.psnr)


def _network() -> int:
    """The network that new files are made with. Raises DaubError where it cannot run here."""
    network = newest_of_scenes()
    why = "it is not installed" if network is None else obstacle_of(network)
    if why is not None:
        raise DaubError("the network of scenes cannot be used", why, "encode without --network")
    return network
