"""Quaternions and rotations of many Gaussians at once."""

from __future__ import annotations

import numpy as np


def rotations(quaternions: np.ndarray) -> np.ndarray:
    """(N, 3, 3) float64 rotations of (N, 4) quaternions w, x, y, z of any length but zero; its columns are the axes."""
    w, x, y, z = (quaternions / np.linalg.norm(quaternions.astype(np.float64), axis=1, keepdims=True)).T
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def quaternions(rotations: np.ndarray) -> np.ndarray:
    """(N, 4) float64 unit quaternions w, x, y, z of (N, 3, 3) rotations."""
    from scipy.spatial.transform import Rotation

    return Rotation.from_matrix(rotations).as_quat(scalar_first=True)
