"""Photos at the sizes that they are trained at, with their cameras."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from daub.codec.scenes.cameras.colmap_points import Points
from daub.render.splats.camera import Camera

_MARGIN = 1.1  # of the extent


@dataclass(frozen=True, eq=False)
class Photo:
    """What is to be seen from a camera.

    Args:
        camera: of as many pixels as the photo.
        pixels: (H, W, 3) uint8 sRGB.
    """

    camera: Camera
    pixels: np.ndarray

    def reduced(self, factor: int) -> Photo:
        """The same with sides that are a whole number of times shorter: means over squares, about."""
        from PIL import Image

        if factor == 1:
            return self
        size = max(1, self.camera.width // factor), max(1, self.camera.height // factor)
        pixels = Image.fromarray(self.pixels).resize(size, Image.Resampling.BOX)
        return Photo(self.camera.resized(*size), np.asarray(pixels))


@dataclass(frozen=True, eq=False)
class Photos:
    """What a scene is trained from.

    Args:
        trained: at least two.
        held_out: those that it is measured by.
        points: what is known of the scene; None where nothing is.
    """

    trained: tuple[Photo, ...]
    held_out: tuple[Photo, ...] = ()
    points: Points | None = None

    @property
    def extent(self) -> float:
        """How far the trained cameras are apart, the scene's lengths: a little more than the largest distance from
        their mean (Kerbl et al. 2023 measure their steps by it); 1 where all are in one place.
        """
        centres = np.array([photo.camera.centre for photo in self.trained])
        farthest = float(np.sqrt(np.square(centres - centres.mean(axis=0)).sum(axis=1)).max())
        return _MARGIN * farthest if farthest > 1e-9 else 1.0

    def fingerprint(self) -> str:
        """Of all pixels, cameras and points that are trained on: another one for anything else."""
        found = hashlib.sha256()
        for photo in self.trained:
            camera = photo.camera
            numbers = (camera.width, camera.height, camera.fx, camera.fy, camera.cx, camera.cy)
            _add(found, (np.float64(numbers), camera.rotation, camera.translation, photo.pixels))
        if self.points is not None:
            _add(found, self.points)
        return found.hexdigest()


def _add(found, arrays: Iterable[np.ndarray]) -> None:
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
