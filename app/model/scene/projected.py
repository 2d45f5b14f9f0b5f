"""The Gaussians of a scene as they lie in a picture: 2D ones, which the overlay draws as it does those of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daub.render.gaussians import COEFFICIENT, LOG_SCALE, MEAN, PARAMETERS, SHEAR, Gaussians

if TYPE_CHECKING:
    from daub.render.splats.cpu.scene import CpuView

MOST = 30_000  # that are drawn: of more, those that cover most


def projected(view: CpuView) -> Gaussians:
    """Those in front of the camera, with their middle in the picture.

    What hides others, and what is hidden, is not told apart: the overlay shows through.
    """
    from daub.render.splats.cpu import projecting

    camera = view.camera
    kept = view.numbers[view.depth > 0, : projecting.BLUE + 1].astype(np.float64)
    x, y = kept[:, projecting.X], kept[:, projecting.Y]
    kept = kept[(x >= 0) & (x < camera.width) & (y >= 0) & (y < camera.height)]
    if len(kept) > MOST:
        covered = kept[:, projecting.OPACITY] / (kept[:, projecting.L1] * kept[:, projecting.L3])
        kept = kept[np.sort(np.argpartition(-covered, MOST)[:MOST])]
    l1, l2, l3, opacity = (kept[:, each] for each in (projecting.L1, projecting.L2, projecting.L3, projecting.OPACITY))
    # The whitened frame, z1 = l1 dx + l2 dy and z2 = l3 dy, is upper triangular, that of 2D Gaussians lower.
    across = np.hypot(1 / l1, l2 / (l1 * l3))
    down = 1 / (l1 * l3 * across)
    shear = -l2 / (l1 * l3**2) / (across * down)
    colour = kept[:, [projecting.RED, projecting.GREEN, projecting.BLUE]] * opacity[:, None]
    parameters = np.empty((len(kept), PARAMETERS), np.float32)
    # In a scene the corner of the picture is (0, 0), here the middle of its first pixel.
    parameters[:, MEAN] = kept[:, [projecting.X, projecting.Y]] - 0.5
    parameters[:, LOG_SCALE] = np.log(np.stack([across, down], -1))
    parameters[:, SHEAR] = shear
    parameters[:, COEFFICIENT] = colour * np.sqrt(np.pi * across * down)[:, None]
    return Gaussians(parameters)
