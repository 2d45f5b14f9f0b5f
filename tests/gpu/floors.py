"""The least that the kernels of a step can take, from the bytes they move and the instructions they run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daub.render.cuda import source
from daub.render.gaussians import SUPPORT, Gaussians


@dataclass(frozen=True)
class KernelTime:
    """Microseconds of one launch, the least that its bytes and its instructions would take, and what else there is.

    `launching` is what a launch that does nothing takes.
    """

    kernel: str
    took: float
    by_bytes: float
    by_instructions: float
    launching: float
    gap: str


# What a kernel does that its floors do not count.
GAPS = {
    "derive": "fewer threads than the GPU has room for: one load, one row of arithmetic, one store after the other",
    "collect": "a warp waits for its loads, twice; one block of the grid scans the pieces alone",
    "count": "a warp waits for each load of 32 rectangles, and takes the hits one by one",
    "scan": "one block on one processor: barriers, and loads that wait for those before",
    "fill": "as `count`",
    "rasterise": "pixels of a tile beyond the edge of an ellipse; tiles come in waves of as many as fit at once; "
    "filling shared memory, barriers, testing for the tile",
    "backward": "lanes beyond the edge of an ellipse, the ends of each row, finding the Gaussian of a piece",
    "step": "one lane of 32 takes the step, and the loads of its state wait for the gradient",
}


def needs_of(gaussians: Gaussians, drawing) -> dict[str, tuple[float, float]]:
    """Kernel -> bytes it cannot help moving, and instructions, a multiply-add being one.

    Bytes are those of arguments read once and results written once: what is read again is taken to come from a cache.
    Instructions are those of the kernels' inner loops alone; exp2f counts four, as it runs at a quarter rate.

    Args:
        drawing: with these Gaussians drawn, without bands.
    """
    n, pixels = len(gaussians), drawing.width * drawing.height
    runs, pieces = drawing.runs, drawing.read_lengths()[1]
    listed = listed_in(drawing.device.host(drawing.rectangles)[:n])
    tiles, starts = drawing.squares.size, 4 * runs.entries
    inside = pairs_of(gaussians, drawing.width, drawing.height)
    tests = n * runs.rows * runs.columns  # rectangles against runs of tiles, by a lane each
    return {
        "derive": (n * (32 + 32 + 16 + 4), 40 * n),
        "collect": (24 * n + 4 * runs.rows * runs.columns + 4 * listed, 16 * tests),
        "count": (16 * n + starts, 8 * tests / source.WARP),
        "scan": (2 * (starts + 4 * n), 0),
        "fill": (16 * n + starts + 4 * listed, 8 * tests / source.WARP),
        "rasterise": (32 * n + starts + 4 * listed + 24 * pixels, 17 * inside),
        "backward": (12 * pixels + 36 * n + 32 * pieces + 4 * tiles, 30 * inside),
        "step": (32 * pieces + n * (36 + 2 * 32 + 2 * 40), 0),
    }


def listed_in(rectangles: np.ndarray) -> int:
    """How many entries the lists of all runs have, from the rectangles (N, 4) of tiles."""
    left, top, right, bottom = rectangles.T
    return int(((bottom - top) * (-(-right // source.RUN) - left // source.RUN)).sum())


def pairs_of(gaussians: Gaussians, width: int, height: int) -> float:
    """How many pairs there are of a Gaussian and a pixel of the image in its ellipse."""
    parameters = gaussians.parameters.astype(np.float64)
    x, y, k = parameters[:, 0], parameters[:, 1], parameters[:, 4]
    l1, l3 = np.exp(parameters[:, 2:4]).T
    flat, pairs = 1 / (1 + k * k), 0.0
    for row in range(height):
        v = (row - y) / l3
        half = np.sqrt(np.maximum(SUPPORT - v * v * flat, 0) * flat) * l1
        middle = x + k * v * flat * l1
        pairs += np.maximum(np.minimum(middle + half, width) - np.maximum(middle - half, 0), 0).sum()
    return pairs
