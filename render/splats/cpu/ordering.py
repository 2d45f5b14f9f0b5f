"""The order in which the Gaussians of a scene are blended, for whoever draws them elsewhere than on the processor."""

from __future__ import annotations

import numpy as np

from daub.render.jit import get_num_threads, parallel
from daub.render.splats.camera import Camera
from daub.render.splats.cpu import sorting
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.rule import NEAR

_WORK = 2  # pixels whose work is about that of sorting a Gaussian


def nearest_first(scene: CpuScene, camera: Camera) -> np.ndarray:
    """(V,) int32: the indices of the Gaussians in front of a camera, by their depths as float32 and else by index.

    >>> from daub.render.splats.splats import Splats
    >>> scene = CpuScene(Splats.build([[0, 0, 2], [0, 0, -1], [0, 0, 1]], [[0.1] * 3] * 3, [0.9] * 3, [[1, 0, 0]] * 3))
    >>> camera = Camera.looking((0, 0, 0), (0, 0, 1), up=(0, -1, 0), width=32, height=24, vertical_fov=50)
    >>> nearest_first(scene, camera).tolist()
    [2, 0]
    """
    depth = scene.means.astype(np.float64) @ camera.rotation[2] + camera.translation[2]
    seen = np.where(depth >= NEAR, depth, -1).astype(np.float32)
    with parallel(_WORK * len(scene)):
        return sorting.by_depth(seen, get_num_threads())
