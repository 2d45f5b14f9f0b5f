"""A small picture, and Gaussians that were fitted to it: what edits in steps are tried on."""

from functools import cache

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.codec.fit import FitSettings, fit
from daub.render.cpu.backend import CpuRasteriser

CPU = CpuRasteriser()
WIDTH, HEIGHT = 96, 64
WIRE = 30  # row of a dark line across a smooth sky


@cache
def sky(wire: bool) -> np.ndarray:
    """(H, W, 3): a ramp, and perhaps a wire across it."""
    y, x = np.mgrid[:HEIGHT, :WIDTH] / WIDTH
    picture = np.stack([0.4 + 0.2 * x, 0.5 + 0.2 * y, 0.8 - 0.2 * x], -1).astype(np.float32)
    if wire:
        picture[WIRE : WIRE + 2] = 0.08
    return picture


@cache
def fitted(wire: bool = True, count: int = 120, steps: int = 120) -> Drawing:
    """Gaussians of that picture."""
    for record in fit(sky(wire), FitSettings(count, steps), CPU):
        last = record
    return Drawing(last.gaussians, WIDTH, HEIGHT)


def distance(first: np.ndarray, second: np.ndarray, region: np.ndarray | None = None) -> float:
    """Root of the mean squared difference of two pictures, perhaps in a region only, levels of 0 to 255."""
    squares = (first.clip(0, 1) - second.clip(0, 1)) ** 2
    return 255 * float(np.sqrt((squares if region is None else squares[region]).mean()))
