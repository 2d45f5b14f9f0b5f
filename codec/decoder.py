"""Documents to pixels, at any size: the one way, for files and for a fit under way.

    document --> dequantise --> resize --> render --> clip --> stages of optional chunks --> 8 bits
                '---------- on the device ------------'                                       decode
                '-------------------------------------------------------------------'          render

Where a document asks for no stage, a device goes on to the 8 bits: only those leave it.
"""

from __future__ import annotations

import numpy as np

from daub.codec.container import Document, check_work
from daub.codec.decode_stages import stages_of
from daub.render.devices import with_fallback
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser


def decode(document: Document, rasteriser: Rasteriser, size: tuple[int, int] | None = None) -> np.ndarray:
    """The picture of a document, rendered anew at the size asked for rather than resized.

    Args:
        document: what `container.read` has made of a file, or `Document.unwritten` of Gaussians.
        size: (width, height), pixels; by default that of the document.

    Returns:
        (height, width, 3) uint8.

    Raises:
        DaubError: the output is too large, the Gaussians are too many and large, or an optional chunk makes no sense.
    """
    if stages_of(document):
        return to_8bit(render(document, rasteriser, size))
    return with_fallback(rasteriser, lambda backend: _forward_8bit(document, backend, size))


def render(document: Document, rasteriser: Rasteriser, size: tuple[int, int] | None = None) -> np.ndarray:
    """What `decode` gives before it is rounded to 8 bits.

    Returns:
        (height, width, 3) float32 in [0, 1].

    Raises:
        DaubError: as `decode`.
    """
    width, height = size or (document.width, document.height)
    gaussians = _at_size(document, document.gaussians, width, height)
    pixels = with_fallback(rasteriser, lambda backend: backend.forward(gaussians, width, height))
    np.clip(pixels, 0, 1, out=pixels)
    for stage, chunk in stages_of(document):
        pixels = np.clip(stage.apply(pixels, chunk, document), 0, 1)
    return pixels


def _forward_8bit(document: Document, rasteriser: Rasteriser, size: tuple[int, int] | None) -> np.ndarray:
    width, height = size or (document.width, document.height)
    # What numpy has made is kept, as others ask for it too.
    gaussians = document.gaussians if rasteriser.xp is np else document.payload.gaussians(rasteriser.xp)
    return rasteriser.forward_8bit(_at_size(document, gaussians, width, height), width, height)


def _at_size(document: Document, gaussians: Gaussians, width: int, height: int) -> Gaussians:
    """The Gaussians of a document on another grid of pixels, unless that would take minutes to render."""
    if (width, height) != (document.width, document.height) and width >= 1 and height >= 1:
        gaussians = gaussians.resized(width / document.width, height / document.height)
    check_work(gaussians, width, height)
    return gaussians
