"""Documents to pixels, at any size, whole or in part: the one way, for files and for a fit under way.

    document --> dequantise --> resize --> render --> clip --> stages of optional chunks --> 8 bits
                '---------- on the device ------------'                                       decode
                '-------------------------------------------------------------------'          render

A transparent one has an opacity, which is drawn likewise, and either goes along as a fourth channel or lays the colours
on a background.

Where a document asks for no stage, a device goes on to the 8 bits: only those leave it. On a CPU the picture is made in
strips of rows, each straight to 8 bits: beside the 3 bytes of every pixel there are those of a strip (`cpu.backend`),
whoever takes the strips one by one need not have the picture as a whole, and Ctrl-C is heard within half a second. A
region takes the time of the Gaussians that meet it. A stage sees the whole picture, so with one there are 12 bytes a
pixel more, and a region takes as long as the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from daub.codec.container import Document, check_region, check_work
from daub.codec.decode_stages import stages_of
from daub.codec.transparency import WHITE, laid_on
from daub.render.cpu.resizing import resized
from daub.render.devices import fall_back, with_fallback
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser
from daub.render.strips import Region, assembled, rows_from, side_by_side


def decode(
    document: Document,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    *,
    region: Region | None = None,
    large: bool = False,
    restore: bool = True,
    progress: Callable[[float], None] = lambda fraction: None,
    background: tuple[float, float, float] | None = WHITE,
    name: str = "the image",
) -> np.ndarray:
    """The picture of a document, rendered anew at the size asked for rather than resized.

    Args:
        document: what `container.read` has made of a file, or `Document.unwritten` of Gaussians.
        size: (width, height), pixels; by default that of the document.
        region: of the picture at that size, which alone is made; None: all of it.
        large: also what `container.limits` has done only when it is asked for.
        restore: runs the stages that the file asks for and that can run here (`decode_stages`); otherwise it is the
            plain rendering.
        progress: is given the fraction of the rows that are done, now and then; what it raises ends the decode.
        background: red, green and blue in [0, 1] that a transparent picture is laid on; None: it keeps its alpha.
        name: of the file, for the error.

    Returns:
        (height, width, 3) uint8: to the bit what the region has in the whole picture. (height, width, 4), straight
        colours and alpha, of a transparent one without a background.

    Raises:
        DaubError: the output is too large, the region not inside it, or an optional chunk makes no sense.
        Large: there are more pixels, or more work, than is done unasked.
    """
    strips = decode_strips(
        document, rasteriser, size, region=region, large=large, restore=restore, background=background, name=name
    )
    _, height = size or (document.width, document.height)
    return assembled(strips, height if region is None else region.height, progress)


def decode_strips(
    document: Document,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    *,
    region: Region | None = None,
    large: bool = False,
    restore: bool = True,
    background: tuple[float, float, float] | None = WHITE,
    name: str = "the image",
) -> Iterator[np.ndarray]:
    """What `decode` gives, (rows, width, 3 or 4) uint8 at a time from top to bottom, each when it is asked for.

    Raises:
        DaubError, Large: as `decode`, before there is a strip.
    """
    width, height = size or (document.width, document.height)
    if region is not None:
        check_region(region, width, height, name)
    if document.opacity is not None:
        colours, alpha = (
            decode_strips(each, rasteriser, size, region=region, large=large, restore=restore, name=name)
            for each in (document.colours, document.opacity)
        )
        pictures = (np.concatenate([strip, opacity[..., 1:2]], 2) for strip, opacity in side_by_side(colours, alpha))
        return pictures if background is None else (laid_on(picture, background) for picture in pictures)
    if restore and stages_of(document):
        pixels = render(document, rasteriser, size, large=large, name=name)
        return iter([to_8bit(pixels if region is None else region.of(pixels))])

    def ready(backend: Rasteriser) -> tuple[Rasteriser, Gaussians]:
        return backend, _gaussians(document, backend, width, height, region, large, name)

    def strips(backend: Rasteriser, gaussians: Gaussians) -> Iterator[np.ndarray]:
        done = 0
        try:
            for strip in backend.strips_8bit(gaussians, width, height, region):
                done += len(strip)
                yield strip
        except backend.failures as failure:
            backend, gaussians = ready(fall_back(rasteriser, failure))
            yield from rows_from(done, backend.strips_8bit(gaussians, width, height, region))

    return strips(*with_fallback(rasteriser, ready))


def render(
    document: Document,
    rasteriser: Rasteriser,
    size: tuple[int, int] | None = None,
    *,
    large: bool = False,
    restore: bool = True,
    background: tuple[float, float, float] | None = WHITE,
    name: str = "the image",
) -> np.ndarray:
    """What `decode` gives before it is rounded to 8 bits, of the whole picture.

    Returns:
        (height, width, 3) float32 in [0, 1]; or four channels, as of `decode`.

    Raises:
        DaubError: as `decode`.
    """
    if document.opacity is not None:
        colours, opacity = (
            render(each, rasteriser, size, large=large, restore=restore, name=name)
            for each in (document.colours, document.opacity)
        )
        picture = np.concatenate([colours, opacity[..., 1:2]], 2)
        return picture if background is None else laid_on(picture, background)
    width, height = size or (document.width, document.height)
    gaussians = _at_size(document, document.gaussians, width, height, None, large, name)
    pixels = with_fallback(rasteriser, lambda backend: backend.forward(gaussians, width, height))
    np.clip(pixels, 0, 1, out=pixels)
    for stage, chunk in stages_of(document) if restore else ():
        pixels = stage.apply(pixels, chunk, document)
        np.clip(pixels, 0, 1, out=pixels)
    return pixels


def _gaussians(
    document: Document, rasteriser: Rasteriser, width: int, height: int, region: Region | None, large: bool, name: str
) -> Gaussians:
    """Those that a backend is to draw, as arrays of its own where that saves work on the host."""
    # What numpy has made is kept, as others ask for it too.
    gaussians = document.gaussians if rasteriser.xp is np else document.payload.gaussians(rasteriser.xp)
    return _at_size(document, gaussians, width, height, region, large, name)


def _at_size(
    document: Document, gaussians: Gaussians, width: int, height: int, region: Region | None, large: bool, name: str
) -> Gaussians:
    """The Gaussians of a document on another grid of pixels, unless more is asked for than is done unasked."""
    if (width, height) != (document.width, document.height) and width >= 1 and height >= 1:
        scales = width / document.width, height / document.height
        on_host = isinstance(gaussians.parameters, np.ndarray)
        gaussians = resized(gaussians, *scales) if on_host else gaussians.resized(*scales)
    check_work(gaussians, *((width, height) if region is None else region[2:]), name, large)
    return gaussians
