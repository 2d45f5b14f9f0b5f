"""What Gaussians can be coloured and filtered by: each a number of every Gaussian, with its name, unit and axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.editing.properties import energy, light, size
from daub.render.gaussians import COEFFICIENT, Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document


@dataclass(frozen=True)
class Axis:
    """How a property is read.

    Args:
        title: its name, on the screen.
        unit: behind its numbers, "" for none.
        note: what it is, in a line.
        logarithmic: equal factors are equal steps.
        signed: it goes both ways from 0.
    """

    title: str
    unit: str
    note: str
    logarithmic: bool = False
    signed: bool = False

    def words(self, value: float) -> str:
        """A value with its unit.

        >>> Property.SIZE.value.words(2.3456), Property.BITS.value.words(31.28)
        ('2.35 px', '31.3')
        """
        return f"{value:.3g} {self.unit}".rstrip()


class Property(Enum):
    """One of them."""

    LIGHT = Axis("Light", "levels", "Light it adds at its centre, or takes away, on the scale of 0 to 255", signed=True)
    SIZE = Axis("Size", "px", "Geometric mean of its two standard deviations", logarithmic=True)
    ENERGY = Axis("Energy", "", "Sum of its squared values over all pixels, which are 0 to 1 each", logarithmic=True)
    BITS = Axis("Bits", "", "What it has cost in the file, as it was really coded")
    BIRTH = Axis("Birth step", "", "Step of the fit at which it was put where it is, or near it")
    ERROR = Axis("Error", "levels", "Difference of A and B under it, root mean square", logarithmic=True)


@dataclass(frozen=True, eq=False)
class Subject:
    """Gaussians and what can be asked about them.

    Args:
        gaussians: (N, 8).
        width, height: of the picture, pixels.
        bits: (N,) that each has cost, None where that is not known.
        born: (N,) steps, None where they are not known.
        reference: (H, W, 3) in [0, 1] that the picture is compared with, or Gaussians that make it; None without.
        is_live: there will be others soon.
        document: of a file whose picture is more than the sum of its Gaussians; None of others.
        source: (H, W, 3) in [0, 1] that the picture shall be like, whatever is on the other side; None without.
    """

    gaussians: Gaussians
    width: int
    height: int
    bits: np.ndarray | None = None
    born: np.ndarray | None = None
    reference: np.ndarray | Gaussians | None = None
    is_live: bool = False
    document: Document | None = None
    source: np.ndarray | None = None


def error_under(subject: Subject) -> np.ndarray:
    """(N,) root of the mean squared error under each, by its weights, levels of 0 to 255; NaN beside the picture.

    Takes two renderings. Runs beside the window.
    """
    from daub.render.cpu.backend import CpuRasteriser

    rasteriser, frame = CpuRasteriser(), (subject.width, subject.height)
    picture, reference = rasteriser.forward(subject.gaussians, *frame).clip(0, 1), subject.reference
    if isinstance(reference, Gaussians):
        reference = rasteriser.forward(reference, *frame).clip(0, 1)
    squares = ((picture - reference) ** 2).mean(2)
    # The gradient of a sum of pixels by the coefficient is the sum of the weights, times the same constant in both.
    both = np.stack([squares, np.ones_like(squares), np.zeros_like(squares)], -1).astype(np.float32)
    weighted, weights, _ = rasteriser.backward(subject.gaussians, both)[:, COEFFICIENT].astype(np.float64).T
    with np.errstate(all="ignore"):
        return 255 * np.sqrt(np.where(weights > 0, weighted / weights, np.nan))


def why_not(which: Property, subject: Subject | None) -> str:
    """Why a property is not known of a subject, in words; "" where it is."""
    if subject is None:
        return "there are no Gaussians yet"
    if which is Property.BITS and subject.bits is None:
        return "only a file has bits: let the fit end first" if subject.is_live else "they are in no file"
    if which is Property.BIRTH and subject.born is None:
        return "not while the file is made" if subject.is_live else "a file does not keep when its Gaussians were born"
    if which is Property.ERROR and subject.reference is None:
        return "there is nothing to compare the picture with"
    return ""


def values_of(which: Property, subject: Subject) -> np.ndarray:
    """(N,) float64, that property of each; asked for what is known alone."""
    if which is Property.BITS:
        return subject.bits
    if which is Property.BIRTH:
        return subject.born.astype(np.float64)
    if which is Property.ERROR:
        return error_under(subject)
    return {Property.LIGHT: light, Property.SIZE: size, Property.ENERGY: energy}[which](subject.gaussians)


Filters = Mapping[Property, tuple[float, float]]  # least and greatest value that is kept
