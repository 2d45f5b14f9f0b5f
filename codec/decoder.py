"""Files back to pixels, at any size."""

from __future__ import annotations

import numpy as np

from daub.codec.container import Decoded, check_work
from daub.render.devices import with_fallback
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser


def render(
    gaussians: Gaussians,
    size: tuple[int, int],
    rasteriser: Rasteriser,
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
    gaussians = _resized(gaussians, size, (width, height))
    check_work(gaussians, width, height)
    image = with_fallback(rasteriser, lambda backend: backend.forward(gaussians, width, height))
    return np.clip(image, 0, 1, out=image)


def pixels_of(decoded: Decoded, rasteriser: Rasteriser, output_size: tuple[int, int] | None = None) -> np.ndarray:
    """The picture of a file, likewise; on a device everything after the entropy decoder is done there.

    Returns:
        (height, width, 3) uint8.

    Raises:
        DaubError: as `render`.
    """
    return with_fallback(rasteriser, lambda backend: _pixels_of(decoded, backend, output_size))


def _pixels_of(decoded, rasteriser, output_size):
    own = decoded.width, decoded.height
    width, height = output_size or own
    # What numpy has made is kept, as others ask for it too.
    gaussians = decoded.gaussians if rasteriser.xp is np else decoded.gaussians_of(rasteriser.xp)
    gaussians = _resized(gaussians, own, (width, height))
    check_work(gaussians, width, height)
    return rasteriser.forward_8bit(gaussians, width, height)


def _resized(gaussians: Gaussians, size: tuple[int, int], output_size: tuple[int, int]) -> Gaussians:
    width, height = output_size
    if output_size == size or width < 1 or height < 1:  # `check_work` refuses those
        return gaussians
    return gaussians.resized(width / size[0], height / size[1])
