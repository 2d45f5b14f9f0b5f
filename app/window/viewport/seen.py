"""Which pixel of the picture is at which pixel of the screen."""

from __future__ import annotations

import numpy as np

from daub.app.model.view.camera import Camera


def seen_of(camera: Camera, width: int) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """The row and the column of the picture at each pixel of a pane that shows it, and where that begins.

    Args:
        width: of the pane, device pixels.
    """
    found = []
    for offset, size, reach in zip(camera.offset, camera.image, (width, camera.view[1]), strict=True):
        first, last = max(0, round(offset)), min(reach, round(offset + size * camera.zoom))
        at = np.floor((np.arange(first, max(first, last)) + 0.5 - offset) / camera.zoom).astype(int)
        found.append((at.clip(0, size - 1), first))
    (columns, x), (rows, y) = found
    return rows, columns, (x, y)
