"""All that is measured of a decoded image beside its source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.codec.evaluation import metrics
from daub.codec.evaluation.perceptual import available, perceptual
from daub.codec.transparency import on_black_and_white
from daub.render.eight_bit import as_real


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
        pixels: (H, W, 3), the source, float32 in [0, 1] or uint8; or (H, W, 4), straight colours and alpha. Of two
            transparent pictures what is seen of them on black and on white is compared: PSNR is of the mean squared
            error of both (`transparency`), the others are means of two.
        image8: (H, W, 3) uint8; or (H, W, 4).
        perceptually: by SSIMULACRA2 and FLIP too, where the packages for them are installed.

    Raises:
        ValueError: shapes differ.
        DaubError: one of those packages does not work.
    """
    if pixels.shape[2] == 4:
        return _score_transparent(pixels, image8, perceptually)
    looks = vars(perceptual(as_real(pixels), as_real(image8))) if perceptually and available() else {}
    return Score(metrics.psnr(pixels, image8), metrics.ms_ssim(pixels, image8), **looks)


def _score_transparent(pixels: np.ndarray, image8: np.ndarray, perceptually: bool) -> Score:
    seen, other = on_black_and_white(pixels), on_black_and_white(image8)
    looks = {}
    if perceptually and available():
        each = [vars(perceptual(seen[..., on : on + 3], other[..., on : on + 3])) for on in (0, 3)]
        looks = {name: None if each[0][name] is None else (each[0][name] + each[1][name]) / 2 for name in each[0]}
    return Score(metrics.psnr(seen, other), metrics.ms_ssim(seen, other), **looks)
