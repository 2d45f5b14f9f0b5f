"""Samples as a file stores them: what `readers` deliver and `interpret` makes sRGB of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from daub.codec.images.colour.signals import Signal

WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535, np.dtype(np.float32): 1}  # the value of white
ONE_OF_SEVERAL = "it holds several frames or pages, of which the first is used"


@dataclass
class Samples:
    """Decoded, upright, and not yet interpreted.

    Args:
        values: (H, W, C) uint8, uint16 or float32 with white at 255, 65535 or 1. The channels are grey, RGB or CMYK
            (0 is no ink), and then alpha when `alpha` says so. Light that is SCENE_LINEAR may be brighter than 1.
        alpha: whether the last channel is alpha.
        colour: what the file says about its colours, the signal that ranks highest first; nothing stands for sRGB.
        notices: what was lost so far, one phrase each.
        kind: of the file, as `readers.kinds` names it; "" for a picture that was no file.
        orientation: of EXIF, 1 to 8, by which the stored pixels have been turned; 1 where a decoder turned them.
    """

    values: np.ndarray
    alpha: bool = False
    colour: tuple[Signal, ...] = ()
    notices: list[str] = field(default_factory=list)
    kind: str = ""
    orientation: int = 1


def upright(values: np.ndarray, orientation: int) -> np.ndarray:
    """A view of the (H, W, C) `values`, turned and mirrored as EXIF 2.32, section 4.6.5.1 says."""
    if orientation >= 5:
        values = values.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return values[::rows, ::columns]


def as_stored(values: np.ndarray, orientation: int) -> np.ndarray:
    """A view of the (H, W, C) `values` that `upright` has turned, as they were before."""
    inverse = {6: 8, 8: 6}.get(orientation, orientation)  # quarter turns; all others undo themselves
    return upright(values, inverse)


def unpremultiplied(values: np.ndarray) -> np.ndarray:
    """(H, W, C) float32 whose last channel is alpha, with the colours divided by it."""
    alpha = values[..., -1:]
    colours = np.divide(values[..., :-1], alpha, out=np.zeros_like(values[..., :-1]), where=alpha > 0)
    return np.concatenate([np.minimum(colours, 1), alpha], 2)
