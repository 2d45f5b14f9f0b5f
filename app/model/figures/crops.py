"""Parts of the pictures of sources, as they are in their files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.fit.frame import Framing
from daub.app.model.picture.box import Box
from daub.app.model.picture.picture import decode, has_stages
from daub.app.model.sources.source import Kind, Source
from daub.app.model.sources.sources import Sources
from daub.render.eight_bit import to_8bit
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.app.model.picture.picture import Picture
    from daub.codec.container import Document

Crop = Callable[[], np.ndarray]  # (H, W, 3) uint8; takes its time


def crop_of(sources: Sources, row: Source, box: Box) -> Crop | None:
    """What gives that part of a row's picture, to be called beside the window.

    Args:
        row: one that can be compared with what is open.
        box: pixels of that.

    Returns:
        None where the row's picture has to be read or made first.
    """
    if row.kind in (Kind.LIVE, Kind.EDITED):
        side = sources.pair.side(row.key)
        return None if side is None else partial(_of_gaussians, side.gaussians, box)
    read, pixels8 = sources.at_hand.document_of(row.key), sources.at_hand.pixels8_of(row.key)
    if read is not None:
        return lambda: of_document(read(), box)
    if pixels8 is not None:
        return lambda: pixels8[box.slices].copy()
    picture = sources.at_hand.picture_of(row.key)
    return None if picture is None else partial(_of_picture, picture, box)


def _of_picture(picture: Picture, box: Box) -> np.ndarray:
    if picture.document is not None:
        return of_document(picture.document, box)
    return to_8bit(picture.pixels[box.slices])


def of_document(document: Document, box: Box) -> np.ndarray:
    """That part of a .daub, (H, W, 3) uint8."""
    if has_stages(document):
        return decode(document)[box.slices]
    return _of_gaussians(document.gaussians, box)


def _of_gaussians(gaussians: Gaussians, box: Box) -> np.ndarray:
    """Drawn for this part alone, so that it takes milliseconds in a picture of any size."""
    from daub.render.cpu.backend import CpuRasteriser

    width, height = box.right - box.left, box.bottom - box.top
    framed = Framing((box.left, box.top), 1.0, width, height).framed(gaussians)
    return to_8bit(CpuRasteriser().forward(framed, width, height))
