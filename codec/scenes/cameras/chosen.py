"""The views that a scene is encoded for, measured by or shown from: its own cameras, or made ones."""

from __future__ import annotations

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.made import made_views
from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats


def views_of(splats: Splats, cameras: tuple[Camera, ...], count: int, longest: int) -> tuple[Camera, ...]:
    """Views of a scene, the same for the same input.

    Args:
        cameras: its own; with none, views are made, square.
        count: of views; of more cameras that many are taken, evenly over their order.
        longest: pixels of the longer side, which larger ones are reduced to.

    Raises:
        DaubError: a side is longer than can be drawn.
    """
    if not cameras:
        return checked(made_views(splats, count, longest, longest))
    chosen = np.unique(np.linspace(0, len(cameras) - 1, min(count, len(cameras))).round().astype(int))
    return checked(tuple(_reduced(cameras[index], longest) for index in chosen))


def checked(cameras: tuple[Camera, ...]) -> tuple[Camera, ...]:
    """The same cameras, whose pictures can be drawn.

    Raises:
        DaubError: a side is longer than `CpuView` draws.
    """
    from daub.render.splats.cpu.scene import MOST_TILES
    from daub.render.splats.kernels import TILE

    most = MOST_TILES * TILE
    for camera in cameras:
        if max(camera.width, camera.height) > most:
            what = f"cannot draw a picture of {camera.width}x{camera.height} pixels"
            raise DaubError(what, f"a side has {most:,} at most", "choose a smaller size")
    return cameras


def _reduced(camera: Camera, longest: int) -> Camera:
    share = longest / max(camera.width, camera.height)
    if share >= 1:
        return camera
    return camera.resized(max(1, round(camera.width * share)), max(1, round(camera.height * share)))
