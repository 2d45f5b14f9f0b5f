"""What training and restoring make smaller: (1 - l) |I - P|_1 + l (1 - SSIM(I, P)) (Kerbl et al. 2023, equation 7).

I is the picture of the scene, not clamped, P the photo, or what stands for one; both terms are means over all pixels
and channels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from daub.codec.evaluation.ssim import add_ssim

STRUCTURE = 0.2  # l, as published


class Loss(NamedTuple):
    """Of a picture."""

    value: float
    error: float  # mean squared error
    cotangent: np.ndarray  # (H, W, 3) float32, d(value)/d(picture)


def loss_of(image: np.ndarray, photo: np.ndarray, structure: float = STRUCTURE) -> Loss:
    """
    Args:
        image: (H, W, 3) float32.
        photo: (H, W, 3) uint8.
        structure: l.
    """
    target = photo * np.float32(1 / 255)
    difference = image - target
    cotangent = np.sign(difference)
    cotangent *= np.float32((1 - structure) / image.size)
    similarity = add_ssim(np.ascontiguousarray(image), target, -structure, cotangent)
    distance = float(np.mean(np.abs(difference), dtype=np.float64))
    error = float(np.mean(np.square(difference), dtype=np.float64))
    return Loss((1 - structure) * distance + structure * (1 - similarity), error, cotangent)


def structural_similarity(image: np.ndarray, target: np.ndarray) -> float:
    """The mean SSIM of pictures (H, W, 3) float32."""
    return add_ssim(np.ascontiguousarray(image), np.ascontiguousarray(target), 0.0, np.zeros_like(target))
