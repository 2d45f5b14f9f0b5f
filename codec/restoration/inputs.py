"""What the network is told beside the picture: the step of the file, and maps of its Gaussians.

All of it is free: the decoder has it whatever the file's layer says. The maps tell where texture was given up, which
the picture itself cannot: many small Gaussians mean detail that was kept, few and large ones a part that is flat, or
was made so.
"""

from __future__ import annotations

import numpy as np

from daub.codec.container import Document, NativePayload
from daub.render.cpu.resizing import resized
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Rasteriser

MAPS = 3  # density, scale, contrast
CONDITIONS = 2  # log2 of the step; whether there is none, in files of the published methods
_CONTRAST = 32.0  # by which amplitudes are multiplied before the logarithm


def conditions(document: Document) -> np.ndarray:
    """(CONDITIONS,) float32: log2(d) of a native file and 0, or 0 and 1 of another."""
    payload = document.payload
    if not isinstance(payload, NativePayload):
        return np.array([0, 1], np.float32)
    return np.array([np.log2(payload.grid.step), 0], np.float32)


def maps(gaussians: Gaussians, width: int, height: int, rasteriser: Rasteriser) -> np.ndarray:
    """What the Gaussians of a picture are like, at half its size, rounded up.

    With w the weight of each Gaussian at a pixel, s the mean of its log l1 and log l3 and a the largest magnitude of
    its amplitudes: log2(1 + sum w) / 4; (sum w s) / (1/16 + sum w) / 4; log2(1 + 32 sum w a) / 4.

    Args:
        width, height: of the picture, pixels.

    Returns:
        (ceil(height / 2), ceil(width / 2), MAPS) float32.
    """
    scale = gaussians.log_scale.mean(1)
    amplitude = np.abs(gaussians.colour).max(1)
    told = gaussians.parameters.copy()
    area = np.sqrt(np.pi * np.exp(gaussians.log_scale.sum(1)))  # a coefficient is an amplitude times this
    told[:, COEFFICIENT] = np.stack([np.ones_like(scale), scale, amplitude], 1) * area[:, None]
    half = -(-width // 2), -(-height // 2)
    weight, weighed_scale, contrast = np.moveaxis(rasteriser.forward(resized(Gaussians(told), 0.5, 0.5), *half), 2, 0)
    np.maximum(weight, 0, out=weight)
    return np.stack(
        [
            np.log2(1 + weight) / 4,
            weighed_scale / (np.float32(1 / 16) + weight) / 4,
            np.log2(1 + _CONTRAST * np.maximum(contrast, 0)) / 4,
        ],
        2,
    ).astype(np.float32)
