"""What the files of cameras have in common: pinholes that are checked, and lenses that are refused."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from daub.codec.scenes.claims import Refused
from daub.render.splats.camera import Camera

MOST_CAMERAS = 1 << 20
_MOST_PIXELS = 1 << 16  # of a side
_NEARLY = 1e-3  # that a rotation may miss a rotation by: files have six digits


def pinhole(
    width: float, height: float, focal: Sequence[float], centre: Sequence[float], rotation, translation, name: str
) -> Camera:
    """A camera of numbers out of a file.

    Args:
        focal, centre: (x, y) pixels.
        rotation, translation: world to camera; the rotation may be one to some digits, and becomes an exact one.

    Raises:
        Refused: it is none.
    """
    rotation, translation = np.asarray(rotation, np.float64), np.asarray(translation, np.float64)
    numbers = (width, height, *focal, *centre, *rotation.flat, *translation.flat)
    shaped = rotation.shape == (3, 3) and translation.shape == (3,)
    if not shaped or not all(map(math.isfinite, numbers)):
        raise Refused(f"its camera {name!r} is not made of numbers")
    if not (1 <= width <= _MOST_PIXELS and 1 <= height <= _MOST_PIXELS) or min(focal) <= 0:
        raise Refused(f"its camera {name!r} has no pixels or no focal length")
    u, sizes, v = np.linalg.svd(rotation)
    if np.abs(sizes - 1).max() > _NEARLY or np.linalg.det(rotation) < 0:
        raise Refused(f"the rotation of its camera {name!r} is none")
    return Camera(round(width), round(height), *map(float, (*focal, *centre)), u @ v, translation, name)


def check_undistorted(coefficients: Sequence[float], model: str) -> None:
    """
    Raises:
        Refused: one of the coefficients of the lens is not 0.
    """
    if any(coefficients):
        remedy = "undistort the photos first, as COLMAP's image_undistorter does"
        raise Refused(f"its lens is distorted ({model})", remedy)
