"""What a difference of the two sides is: what is taken of each pixel, and what numbers its colours stand for.

    pixels of A and B --> difference --> times the gain --> a colour of the table
                          signed, absolute, squared: in the shader of the display, at once
                          FLIP, SSIM: worked out beside the window (`difference_maps.py`)

>>> scale = scale_of(Difference.SIGNED, gain=8.0)
>>> scale.low, scale.high, scale.unit
(-31.875, 31.875, 'levels')
>>> scale_of(Difference.FLIP, gain=2.0).high
0.5
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from daub.app.model.compare.colour_tables import SIGNED, ColourMap

GAINS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)  # factors of a difference


class Difference(Enum):
    """How B is compared with A, pixel by pixel; the values are shown to people."""

    SIGNED = "Signed"  # B - A
    ABSOLUTE = "Absolute"  # |B - A|
    SQUARED = "Squared"  # (B - A)^2, of which the mean is what PSNR tells
    FLIP = "FLIP"  # what is seen when the two are flipped to and fro
    SSIM = "SSIM"  # 1 - SSIM: what of the structure is another

    @property
    def is_measured(self) -> bool:
        """It looks at more than one pixel, and is worked out beside the window."""
        return self in (Difference.FLIP, Difference.SSIM)

    @property
    def usual_gain(self) -> float:
        """One of GAINS: with it the errors of ordinary files fill the scale."""
        return 2.0 if self.is_measured else 8.0


@dataclass(frozen=True)
class Scale:
    """What the ends of a table of colours stand for.

    Args:
        title: what is shown.
        low, high: numbers of the first and the last colour, in that unit.
        unit: "levels" of the 255 of 8 bits, "levels²", or "" for a number of its own.
    """

    title: str
    low: float
    high: float
    unit: str


def scale_of(kind: Difference, gain: float) -> Scale:
    """The scale on which a difference is drawn with that gain."""
    levels = 255 / gain
    if kind is Difference.SIGNED:
        return Scale("B - A", -levels, levels, "levels")
    if kind is Difference.ABSOLUTE:
        return Scale("|B - A|", 0.0, levels, "levels")
    if kind is Difference.SQUARED:  # with the gain squared too, what saturates is the same
        return Scale("(B - A)²", 0.0, levels**2, "levels²")
    return Scale("FLIP" if kind is Difference.FLIP else "1 - SSIM", 0.0, 1 / gain, "")


def table_of(kind: Difference, chosen: ColourMap) -> str:
    """Name of the table for a difference: what has a sign needs two sides."""
    return SIGNED if kind is Difference.SIGNED else chosen.value


def between(kind: Difference, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The numbers that a difference has in the pixels.

    Args:
        kind: one that is not measured.
        a, b: (..., 3) uint8, levels.

    Returns:
        int32, the same shape, in the unit of its scale with the gain 1.
    """
    difference = b.astype(np.int32) - a
    if kind is Difference.SIGNED:
        return difference
    return abs(difference) if kind is Difference.ABSOLUTE else difference**2
