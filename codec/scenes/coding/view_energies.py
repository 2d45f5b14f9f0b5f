"""What a scene is worth to views of it: energies of its Gaussians, and how finely the views tell lengths apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daub.render.splats.camera import Camera
from daub.render.splats.rule import DILATION, NEAR
from daub.render.splats.splats import Splats


def with_unframed(energies: np.ndarray, splats: Splats, cameras: Sequence[Camera]) -> np.ndarray:
    """The same, but that Gaussians which no camera has in its picture are worth as much as the nearest that one sees.

    Args:
        energies: (N, 3) float64 of `CpuView.energies`, means over the views.

    Nothing is known of what they are worth, other than of those that are hidden, which is nothing.
    """
    framed = np.zeros(len(splats), bool)
    for camera in cameras:
        u, v, depth = camera.project(splats.means).T
        framed |= (depth > NEAR) & (u > 0) & (u < camera.width) & (v > 0) & (v < camera.height)
    seen = np.flatnonzero(energies[:, 0] > 0)
    unknown = np.flatnonzero(~framed & (energies[:, 0] == 0))
    if not len(unknown) or not len(seen):
        return energies
    from scipy.spatial import cKDTree

    _, nearest = cKDTree(splats.means[seen]).query(splats.means[unknown])
    energies = energies.copy()
    energies[unknown] = energies[seen[nearest]]
    return energies


def resolution_of(splats: Splats, cameras: Sequence[Camera]) -> float:
    """The standard deviation, in lengths of the scene, that every Gaussian has on the screen at least.

    That of the renderer's filter at the distance in the middle of all pairs of a camera and an opaque Gaussian which it
    has in sight; 1 where no camera sees any.
    """
    found = []
    opaque = np.flatnonzero(splats.opacity > 0.1)
    some = splats.means[opaque[:: max(1, len(opaque) // 4096)]]
    for camera in cameras:
        u, v, depth = camera.project(some).T
        seen = (depth > 0) & (u > 0) & (u < camera.width) & (v > 0) & (v < camera.height)
        found.append(depth[seen] / np.sqrt(camera.fx * camera.fy))
    distances = np.concatenate(found)
    return float(np.sqrt(DILATION) * np.median(distances)) if len(distances) else 1.0
