"""The quantiser as a part of a profile: quantisers for its columns, and from when on they are in the loop.

Every parametrisation has two columns of position, three of shape and three of colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from codec.methods.quantisers import ByColumns, Half, LogUniform, ResidualVector, Uniform


class Quantisation(Protocol):
    trained_from: float  # share of the steps before the quantiser is in the loop; the last step always has it

    def quantiser(self) -> ByColumns:
        """A new one, which has not begun."""


@dataclass(frozen=True)
class Own:
    """Daub's own: a quantiser or coder that follows the fit, with a file of its own (packing.py)."""


@dataclass(frozen=True)
class GaussianImage:
    """Zhang et al., ECCV 2024, section 3.3: after 50 000 steps another 50 000 with quantisation in the loop."""

    shape_bits: int = 6
    stages: int = 2
    entries: int = 8
    trained_from: float = 0.5

    def quantiser(self):
        return ByColumns((2, Half()), (3, Uniform(self.shape_bits)), (3, ResidualVector(self.stages, self.entries)))


@dataclass(frozen=True)
class GaussianImagePlus:
    """Li et al., AAAI 2026: in the loop after 6000 of 50 000 steps. The variances are rounded in the logarithm."""

    position_bits: int = 12
    shape_bits: int = 10
    colour_bits: int = 6
    trained_from: float = 0.12

    def quantiser(self):
        xx, xy, yy = LogUniform(self.shape_bits), Uniform(self.shape_bits), LogUniform(self.shape_bits)
        position, colour = Uniform(self.position_bits), Uniform(self.colour_bits)
        return ByColumns((2, position), (1, xx), (1, xy), (1, yy), (3, colour))


@dataclass(frozen=True)
class HalfFloat:
    """Sixteen-bit floating point throughout, for methods that quantise nothing: fine enough for a whole fit."""

    trained_from: float = 0.0

    def quantiser(self):
        return ByColumns((8, Half()))
