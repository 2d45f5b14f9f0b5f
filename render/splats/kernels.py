"""What the kernels of all backends are given alike."""

from __future__ import annotations

import numpy as np

from daub.render.splats.camera import Camera
from daub.render.splats.rule import MARGIN

TILE = 16  # side of a tile, pixels
SLACK = 0.02  # pixels, far more than rounding may take from the reach of an ellipse


def view_of(camera: Camera) -> np.ndarray:
    """(22,) float64 as the kernels take a camera.

    rotation row by row (0 to 8), translation (9 to 11), fx, fy, cx, cy (12 to 15), width, height (16, 17), and the
    bounds of a and b in J (18 to 21).
    """
    across, down = camera.width / camera.fx, camera.height / camera.fy
    left, top = -camera.cx / camera.fx, -camera.cy / camera.fy
    bounds = [
        left - MARGIN / 2 * across, left + (1 + MARGIN / 2) * across, top - MARGIN / 2 * down,
        top + (1 + MARGIN / 2) * down,
    ]  # fmt: skip
    lens = [camera.fx, camera.fy, camera.cx, camera.cy, camera.width, camera.height, *bounds]
    return np.array([*np.ravel(camera.rotation), *camera.translation, *lens], np.float64)
