"""Points of a scene found in its photos, where nobody has found any: rough, but where surfaces are.

A plane sweep (Collins 1996) for single pixels: along the ray of a pixel many depths are tried, and the one is taken at
which the patch around it is most like what other photos show there, by normalised cross-correlation. What is plain fits
at any depth or at none: of all pixels the half is kept that fits best.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daub.codec.scenes.cameras.colmap_points import Points
from daub.codec.scenes.reading import done
from daub.codec.scenes.training.photos import Photo
from daub.render.splats.camera import Camera

_LONGEST = 256  # pixels of the photos that are compared: so coarse that a step of depth is about one of them
_DEPTHS = 128  # that are tried, evenly in their inverse
_NEAR, _FAR = 0.4, 6.0  # of the distance to what the cameras look at
_OTHERS, _AGREEING = 4, 2  # photos that each is compared with, the nearest ones; and of these the ones that fit best
_REACH = 2  # pixels of a patch on either side of its middle
_AT_ONCE = 128  # pixels that are worked on at a time, which bounds the memory
_PLAIN = 0.01  # standard deviation of a patch below which nothing is to be seen in it


def swept_points(photos: Sequence[Photo], count: int, rng: np.random.Generator) -> Points:
    """Takes seconds, and tells how far it is as readers of scenes do (`reading.done`).

    Args:
        photos: at least two.
        count: of points that are wanted.
    """
    small = [photo.reduced(max(1, round(max(photo.pixels.shape) / _LONGEST))) for photo in photos]
    centres = np.array([photo.camera.centre for photo in small])
    distance = _distance([photo.camera for photo in photos])
    depths = distance / np.linspace(1 / _FAR, 1 / _NEAR, _DEPTHS)
    places, colours = [], []
    for n, photo in enumerate(small):
        away = np.square(centres - centres[n]).sum(axis=1)
        away[n] = np.inf
        others = [small[m] for m in np.argsort(away, kind="stable")[: min(_OTHERS, len(small) - 1)]]
        wanted = count * (n + 1) // len(small) - count * n // len(small)
        column, row = (rng.integers(side, size=2 * wanted) for side in (photo.camera.width, photo.camera.height))
        depth, likeness = np.empty(2 * wanted), np.empty(2 * wanted)
        for start in range(0, 2 * wanted, _AT_ONCE):
            done((n + start / (2 * wanted)) / len(small))
            some = slice(start, start + _AT_ONCE)
            depth[some], likeness[some] = _depths(photo, others, column[some], row[some], depths)
        best = np.argsort(-likeness, kind="stable")[:wanted]
        rays = _rays(photo.camera, column[best], row[best])
        places.append(photo.camera.centre + rays * depth[best, None])
        colours.append(photo.pixels[row[best], column[best]] / np.float32(255))
    return Points(np.concatenate(places), np.concatenate(colours).astype(np.float32))


def _depths(
    photo: Photo, others: list[Photo], column: np.ndarray, row: np.ndarray, depths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(M,) the depth at which each pixel fits best, and (M,) how well, -1 to 1."""
    camera, n = photo.camera, len(column)
    down, across = np.mgrid[-_REACH : _REACH + 1, -_REACH : _REACH + 1].reshape(2, -1)
    columns, rows = column[:, None] + across, row[:, None] + down  # (M, P), which may lie outside of the photo
    at = rows.clip(0, camera.height - 1) * camera.width + columns.clip(0, camera.width - 1)
    wanted = _standardised(_grey(photo)[at])
    rays = _rays(camera, columns, rows)
    places = camera.centre + rays[:, None] * depths[:, None, None]  # (M, D, P, 3)
    likeness = np.empty((len(others), n, len(depths)))
    for view, other in enumerate(others):
        at, seen = _seen(other.camera, places)
        shown = _standardised(_grey(other)[at])
        likeness[view] = np.where(seen.all(axis=-1), (shown * wanted[:, None]).mean(axis=-1), -1)
    agreeing = min(_AGREEING, len(others))
    fit = np.partition(likeness, len(others) - agreeing, axis=0)[len(others) - agreeing :].mean(axis=0)
    best = fit.argmax(axis=1)
    return depths[best], fit[np.arange(n), best]


def _grey(photo: Photo) -> np.ndarray:
    """(H * W,) float32, 0 to 1."""
    return photo.pixels.reshape(-1, 3).mean(axis=1, dtype=np.float32) / np.float32(255)


def _standardised(patches: np.ndarray) -> np.ndarray:
    """(..., P) of mean 0 and standard deviation 1; plain ones of less."""
    patches = patches - patches.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.square(patches).mean(axis=-1, keepdims=True))
    return patches / np.maximum(deviation, np.float32(_PLAIN))


def _rays(camera: Camera, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """(..., 3) from the camera through the middles of pixels, in the axes of the world, of depth 1."""
    across, down = (column + 0.5 - camera.cx) / camera.fx, (row + 0.5 - camera.cy) / camera.fy
    return np.einsum("...i,ij->...j", np.stack([across, down, np.ones(across.shape)], axis=-1), camera.rotation)


def _seen(camera: Camera, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which pixels places (..., 3) fall on, and which of them do."""
    x, y, z = (np.einsum("...j,j->...", places, axis) for axis in camera.rotation)
    x, y, z = x + camera.translation[0], y + camera.translation[1], z + camera.translation[2]
    inverse = 1 / np.where(z > 1e-9, z, np.inf)
    u, v = camera.fx * x * inverse + camera.cx, camera.fy * y * inverse + camera.cy
    seen = (z > 1e-9) & (u >= 0) & (v >= 0) & (u < camera.width) & (v < camera.height)
    return np.where(seen, v, 0).astype(np.int64) * camera.width + np.where(seen, u, 0).astype(np.int64), seen


def _distance(cameras: list[Camera]) -> float:
    """How far away that is what cameras look at: the point next to all their axes, or as far as they are apart."""
    centres = np.array([camera.centre for camera in cameras])
    axes = np.array([camera.rotation[2] for camera in cameras])
    across = np.eye(3) - axes[:, :, None] * axes[:, None]
    matrix, vector = across.sum(axis=0), np.einsum("nij,nj->i", across, centres)
    apart = max(float(np.ptp(centres, axis=0).max()), 1e-9)
    if np.linalg.cond(matrix) < 1e4:
        depths = np.einsum("nj,nj->n", np.linalg.solve(matrix, vector) - centres, axes)
        if np.median(depths) > 0.1 * apart:
            return float(np.median(depths))
    return 3 * apart
