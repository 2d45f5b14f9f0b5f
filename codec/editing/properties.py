"""What there is to measure of each Gaussian by itself: its size, its light, its energy."""

from __future__ import annotations

import numpy as np

from daub.render.gaussians import Gaussians


def light(gaussians: Gaussians) -> np.ndarray:
    """(N,) mean over the channels of what each adds at its centre, levels of 0 to 255; negative where it takes away."""
    return 255 * gaussians.colour.mean(1, dtype=np.float64)


def size(gaussians: Gaussians) -> np.ndarray:
    """(N,) pixels: of the disc with the area of the ellipse at one standard deviation, the radius."""
    return np.exp(gaussians.log_scale.astype(np.float64).mean(1))


def energy(gaussians: Gaussians) -> np.ndarray:
    """(N,) |e|^2: what each would add to the sum of squares of a black picture, before the cut at three sigma."""
    return (gaussians.coefficient.astype(np.float64) ** 2).sum(1)
