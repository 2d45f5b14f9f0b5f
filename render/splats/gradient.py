"""What a loss asks of a scene."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Gradient(NamedTuple):
    """dL/d of each array of a scene, by the names and in the shapes of `Splats`, float32; zero of what is not seen."""

    means: np.ndarray
    log_scales: np.ndarray
    rotations: np.ndarray
    logits: np.ndarray
    dc: np.ndarray
    sh: np.ndarray
    projected: np.ndarray  # (N, 2), by the projected mean u and v, per pixel: long ones ask for more Gaussians
