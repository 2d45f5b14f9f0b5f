"""Documents to pixels, at any size: the one way, for files and for a fit under way.

    document --> dequantise --> resize --> render --> clip --> stages of optional chunks --> 8 bits
                '---------- on the device ------------'                                       decode
                '-------------------------------------------------------------------'          render

Where a document asks for no stage, a device goes on to the 8 bits: only those leave it. On a CPU the picture is made in
strips of rows, each straight to 8 bits: beside the 3 bytes of every pixel there are those of a strip (`cpu.backend`),
and Ctrl-C is heard within half a second. A stage sees the whole picture, so with one there are 12 bytes a pixel more.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from daub.codec.container import Document, check_work
from daub.codec.decode_stages import stages_of
from daub.render.devices import with_fallback
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser
from daub.render.strips import assembled


def decode(
    document: Document,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    *,
    large: bool = False,
    progress: Callable[[float], None] = lambda fraction: None,
    name: str = "the image",
) -> np.ndarray:
    """The picture of a document, rendered anew at the size asked for rather than resized.

    Args:
        document: what `container.read` has made of a file, or `Document.unwritten` of Gaussians.
        size: (width, height), pixels; by default that of the document.
        large: also what `container.limits` has done only when it is asked for.
        progress: is given the fraction of the rows that are done, now and then.
        name: of the file, for the error.

    Returns:
        (height, width, 3) uint8.

    Raises:
        DaubError: the output is too large, or an optional chunk makes no sense.
        Large: there are more pixels, or more work, than is done unasked.
    """
    if stages_of(document):
        return to_8bit(render(document, rasteriser, size, large=large, name=name))
    return with_fallback(rasteriser, lambda backend: _decode_8bit(document, backend, size, large, progress, name))


def render(
    document: Document,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    *,
    large: bool = False,
    name: str = "the image",
) -> np.ndarray:
    """What `decode` gives before it is rounded to 8 bits.

    Returns:
        (height, width, 3) float32 in [0, 1].

    Raises:
        DaubError: as `decode`.
    """
    width, height = size or (document.width, document.height)
    gaussians = _at_size(document, document.gaussians, width, height, large, name)
    pixels = with_fallback(rasteriser, lambda backend: backend.forward(gaussians, width, height))
    np.clip(pixels, 0, 1, out=pixels)
    for stage, chunk in stages_of(document):
        pixels = np.clip(stage.apply(pixels, chunk, document), 0, 1)
    return pixels


def _decode_8bit(
    document: Document,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None,
    large: bool,
    progress: Callable[[float], None],
    name: str,
) -> np.ndarray:
    width, height = size or (document.width, document.height)
    # What numpy has made is kept, as others ask for it too.
    gaussians = document.gaussians if rasteriser.xp is np else document.payload.gaussians(rasteriser.xp)
    gaussians = _at_size(document, gaussians, width, height, large, name)
    return assembled(rasteriser.strips_8bit(gaussians, width, height), height, progress)


def _at_size(document: Document, gaussians: Gaussians, width: int, height: int, large: bool, name: str) -> Gaussians:
    """The Gaussians of a document on another grid of pixels, unless more is asked for than is done unasked."""
    if (width, height) != (document.width, document.height) and width >= 1 and height >= 1:
        gaussians = gaussians.resized(width / document.width, height / document.height)
    check_work(gaussians, width, height, name, large)
    return gaussians
