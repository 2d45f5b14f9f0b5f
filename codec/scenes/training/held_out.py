"""How well a scene meets photos: of 8-bit pictures, as others measure it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.codec.evaluation.metrics import psnr
from daub.codec.scenes.loss import structural_similarity
from daub.codec.scenes.training.photos import Photo
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


@dataclass(frozen=True)
class Measured:
    """Of one photo.

    Args:
        psnr: dB.
        ssim: mean over the 11x11 windows inside the picture and the channels (Wang et al. 2004).
    """

    name: str
    psnr: float
    ssim: float


def measured(splats: Splats, photos: Sequence[Photo]) -> tuple[Measured, ...]:
    """Each photo against the picture that is seen from its camera."""
    scene, found = CpuScene(splats), []
    for photo in photos:
        image = scene.seen(photo.camera).image().clip(0, 1)
        image = np.rint(image * np.float32(255)) / np.float32(255)
        target = photo.pixels * np.float32(1 / 255)
        found.append(Measured(photo.camera.name, psnr(target, image), structural_similarity(image, target)))
    return tuple(found)
