"""How like a scene another one looks: measures over renderings from the same views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.codec.evaluation.metrics import ms_ssim, mse, psnr_of_error
from daub.codec.evaluation.ssimulacra2 import ssimulacra2
from daub.codec.scenes.loss import structural_similarity
from daub.render.eight_bit import to_8bit
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


@dataclass(frozen=True)
class ViewScore:
    """What renderings are worth, all 8-bit sRGB.

    Args:
        psnr: dB of the mean squared error over all pixels of all views.
        ssim, ms_ssim: means over the views, at most 1.
        ssimulacra2: mean over the views, 100 for equal pictures; None where it cannot be had, or was not asked for.
    """

    psnr: float
    ssim: float
    ms_ssim: float
    ssimulacra2: float | None


def pictures_of(splats: Splats, cameras: Sequence[Camera]) -> list[np.ndarray]:
    """(H, W, 3) uint8 of each view, before black."""
    scene = CpuScene(splats)
    return [to_8bit(scene.seen(camera).image()) for camera in cameras]


def score_views(wanted: Sequence[np.ndarray], found: Sequence[np.ndarray], perceptually: bool = False) -> ViewScore:
    """
    Args:
        wanted, found: (H, W, 3) uint8 of the same views, at least one.
        perceptually: SSIMULACRA2 as well, a second for each megapixel or thereabouts.
    """
    pairs = [(a / np.float32(255), b / np.float32(255)) for a, b in zip(wanted, found, strict=True)]
    perceptual = [ssimulacra2(*pair) for pair in pairs] if perceptually else [None]
    return ViewScore(
        psnr_of_error(float(np.mean([mse(*pair) for pair in pairs]))),
        float(np.mean([structural_similarity(*reversed(pair)) for pair in pairs])),
        float(np.mean([ms_ssim(*pair) for pair in pairs])),
        None if None in perceptual else float(np.mean(perceptual)),
    )
