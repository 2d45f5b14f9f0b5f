"""A scene with fewer Gaussians, to be drawn sooner: for a picture that a moment later is drawn whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daub.codec.scenes.coding.merging import merged
from daub.codec.scenes.coding.view_energies import resolution_of, with_unframed
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


def fewer(splats: Splats, count: int, cameras: Sequence[Camera]) -> Splats:
    """At most so many Gaussians: those that are worth most to the views, the others merged into them.

    Takes about two pictures' time for each camera, and some seconds for a million Gaussians.

    Args:
        count: 1 or more; the scene itself where it has no more.
        cameras: at least one.
    """
    if len(splats) <= count:
        return splats
    scene = CpuScene(splats)
    seen = sum(scene.seen(camera).energies() for camera in cameras) / len(cameras)
    energies = with_unframed(seen, splats, cameras)
    stays = np.zeros(len(splats), bool)
    stays[np.argsort(-energies[:, 2], kind="stable")[:count]] = True
    return merged(splats, energies, stays, resolution_of(splats, cameras))
