"""The views that a scene is encoded for, measured by or shown from: its own cameras, or made ones."""

from __future__ import annotations

import numpy as np

from daub.codec.scenes.cameras.made import made_views
from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats


def views_of(splats: Splats, cameras: tuple[Camera, ...], count: int, longest: int) -> tuple[Camera, ...]:
    """Views of a scene, the same for the same input.

    Args:
        cameras: its own; with none, views are made, square.
        count: of views; of more cameras that many are taken, evenly over their order.
        longest: pixels of the longer side, which larger ones are reduced to.
    """
    if not cameras:
        return made_views(splats, count, longest, longest)
    chosen = np.unique(np.linspace(0, len(cameras) - 1, min(count, len(cameras))).round().astype(int))
    return tuple(_reduced(cameras[index], longest) for index in chosen)


def _reduced(camera: Camera, longest: int) -> Camera:
    share = longest / max(camera.width, camera.height)
    if share >= 1:
        return camera
    return camera.resized(max(1, round(camera.width * share)), max(1, round(camera.height * share)))
