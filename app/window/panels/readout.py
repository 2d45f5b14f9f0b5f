"""The value of the picture at one pixel, for the read-out under the cursor."""

from __future__ import annotations

import numpy as np

from daub.render.gaussians import SUPPORT, Gaussians


def decoded_at(gaussians: Gaussians, x: int, y: int) -> np.ndarray:
    """(3,) float64 in [0, 1]: the decoded value of the pixel in column x, row y, in time linear in N."""
    l1, l3 = np.exp(gaussians.log_scale).T
    z1 = (x - gaussians.mean[:, 0]) / l1
    z2 = (y - gaussians.mean[:, 1]) / l3 - gaussians.shear * z1
    q = z1 * z1 + z2 * z2
    near = q < SUPPORT
    weight = np.exp(-q[near].astype(np.float64) / 2) - np.exp(-SUPPORT / 2)
    return np.clip(weight @ Gaussians(gaussians.parameters[near]).colour, 0, 1)


def levels(value: np.ndarray) -> tuple[int, int, int]:
    """A colour in [0, 1] as 8-bit levels."""
    return tuple(int(v) for v in np.round(np.clip(value, 0, 1) * 255))
