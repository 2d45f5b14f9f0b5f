"""All that is measured of a decoded image beside its source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.codec.evaluation import metrics
from daub.codec.evaluation.perceptual import available, perceptual


@dataclass(frozen=True)
class Score:
    """How close an image is.

    Args:
        psnr: dB, infinity for equal images.
        ms_ssim: 1 for equal images.
        ssimulacra2, flip: None where they were not measured; the first also where an image is too small for it.
    """

    psnr: float
    ms_ssim: float
    ssimulacra2: float | None = None
    flip: float | None = None


def score(pixels: np.ndarray, image8: np.ndarray, perceptually: bool = False) -> Score:
    """Measure an image, rounded to 8 bits.

    Args:
        pixels: (H, W, 3) float32 in [0, 1], the source.
        image8: (H, W, 3) uint8.
        perceptually: by SSIMULACRA2 and FLIP too, where the packages for them are installed.

    Raises:
        ValueError: shapes differ.
        DaubError: one of those packages does not work.
    """
    looks = vars(perceptual(pixels, image8 / np.float32(255))) if perceptually and available() else {}
    return Score(metrics.psnr(pixels, image8), metrics.ms_ssim(pixels, image8), **looks)
