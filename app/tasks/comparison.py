"""An image beside the reference it was made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.codec.evaluation.score import score


@dataclass(frozen=True)
class Comparison:
    """An image beside a reference."""

    file: str
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float
    ssimulacra2: float | None = None  # None where it was not measured, or the image is too small for it
    flip: float | None = None  # None where it was not measured


def compare(name: str, size: int, pixels: np.ndarray, image8: np.ndarray, perceptually: bool = False) -> Comparison:
    """An image beside the reference it was made of.

    Args:
        size: in bytes.
        pixels: (H, W, 3) float32 in [0, 1], the reference; or (H, W, 4), as of `score`.
        image8: (H, W, 3) uint8; or (H, W, 4).
        perceptually: by SSIMULACRA2 and FLIP too, where the packages for them are installed.
    """
    bpp = 8 * size / (pixels.shape[0] * pixels.shape[1])
    return Comparison(name, size, bpp, **vars(score(pixels, image8, perceptually)))
