"""Points of a scene found in its photos, where nobody has found any: rough, but where surfaces are.

A plane sweep (Collins 1996) for single pixels: along the ray of a pixel many depths are tried, and the one is taken at
which the other photos show the same colour. What is plain fits at many depths: of all pixels the half is kept whose
best depth fits better than the mean of all by most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daub.codec.scenes.cameras.colmap_points import Points
from daub.codec.scenes.training.photos import Photo
from daub.render.splats.camera import Camera

_LONGEST = 192  # pixels of the photos that are compared: coarse ones forgive a step of depth
_DEPTHS = 64  # that are tried, evenly in their inverse
_NEAR, _FAR = 0.25, 8.0  # of the distance to what the cameras look at
_AGREEING = 3  # views, of those that agree best: others may see something in front of it
_UNKNOWN = 1.0  # difference of colours, for points that too few others see


def swept_points(photos: Sequence[Photo], count: int, rng: np.random.Generator) -> Points:
    """
    Args:
        photos: at least two.
        count: of points that are wanted.
    """
    small = [photo.reduced(max(1, round(max(photo.pixels.shape) / _LONGEST))) for photo in photos]
    distance = _distance([photo.camera for photo in photos])
    depths = distance / np.linspace(1 / _FAR, 1 / _NEAR, _DEPTHS)
    places, colours = [], []
    for n, photo in enumerate(small):
        share = 2 * (count * (n + 1) // len(small) - count * n // len(small))
        place, colour, gain = _along_rays(photo, [*small[:n], *small[n + 1 :]], depths, share, rng)
        best = np.argsort(-gain, kind="stable")[: share // 2]
        places.append(place[best])
        colours.append(colour[best])
    return Points(np.concatenate(places), np.concatenate(colours).astype(np.float32))


def _along_rays(
    photo: Photo, others: list[Photo], depths: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places (M, 3), colours (M, 3), and how much better than others they fit (M,), for pixels drawn by chance."""
    camera = photo.camera
    column, row = rng.integers(camera.width, size=count), rng.integers(camera.height, size=count)
    across, down = (column + 0.5 - camera.cx) / camera.fx, (row + 0.5 - camera.cy) / camera.fy
    ray = np.stack([across, down, np.ones(count)], axis=1)
    colour = photo.pixels[row, column] / 255
    # In the camera's own axes, and from there to the world: R^T (t - T).
    ray = np.einsum("ni,ij->nj", ray, camera.rotation)
    places = camera.centre + ray[:, None] * depths[:, None]  # (M, D, 3)
    found = np.full((len(others), count, len(depths)), np.inf)
    for view, other in enumerate(others):
        at, seen = _seen(other, places)
        shown = other.pixels.reshape(-1, 3)[at] / 255
        found[view][seen] = np.abs(shown - colour[:, None]).mean(axis=-1)[seen]
    agreeing = min(_AGREEING, len(others))
    cost = np.partition(found, agreeing - 1, axis=0)[:agreeing].mean(axis=0)
    known = np.isfinite(cost)
    mean = np.where(known, cost, 0).sum(axis=1) / np.maximum(1, known.sum(axis=1))
    cost = np.where(known, cost, _UNKNOWN)
    best = cost.argmin(axis=1)
    rows = np.arange(count)
    return places[rows, best], colour, mean - cost[rows, best]


def _seen(photo: Photo, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which pixels places (..., 3) fall on, and which of them do."""
    camera = photo.camera
    t = np.einsum("...j,ij->...i", places, camera.rotation) + camera.translation
    depth = np.where(t[..., 2] > 1e-9, t[..., 2], np.inf)
    u, v = camera.fx * t[..., 0] / depth + camera.cx, camera.fy * t[..., 1] / depth + camera.cy
    seen = np.isfinite(depth) & (u >= 0) & (v >= 0) & (u < camera.width) & (v < camera.height)
    column, row = np.where(seen, u, 0).astype(np.int64), np.where(seen, v, 0).astype(np.int64)
    return row * camera.width + column, seen


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
