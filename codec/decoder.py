"""Files back to pixels, at any size."""

from __future__ import annotations

import numpy as np

from codec.container import check_work
from render.gaussians import Gaussians
from render.rasterizer import Rasterizer, spare


def render(
    gaussians: Gaussians,
    size: tuple[int, int],
    rasterizer: Rasterizer,
    output_size: tuple[int, int] | None = None,
) -> np.ndarray:
    """The picture, rendered anew at the output size rather than resized.

    Args:
        size: (width, height) the Gaussians were fitted at.
        output_size: (width, height) to render at; by default `size`.

    Returns:
        (height, width, 3) float32 in [0, 1].

    Raises:
        DaubError: the output is too large, or the Gaussians are too many and large.
    """
    width, height = output_size or size
    if (width, height) != size and width > 0 and height > 0:
        gaussians = gaussians.resized(width / size[0], height / size[1])
    check_work(gaussians, width, height)
    try:
        image = rasterizer.forward(gaussians, width, height)
    except rasterizer.failures as failure:
        image = spare(rasterizer, failure).forward(gaussians, width, height)
    return np.clip(image, 0, 1, out=image)
