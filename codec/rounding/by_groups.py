"""The quantiser as a part of a profile: quantisers for its columns, and from when on they are in the loop.

Every parametrisation has two columns of position, three of shape and three of colour.
"""

from __future__ import annotations

from dataclasses import dataclass

from daub.codec.errors import DaubError
from daub.codec.rounding.trained import ByColumns, Half, LogUniform, ResidualVector, Uniform


@dataclass(frozen=True)
class Own:
    """Daub's own: a quantiser or coder that follows the fit, with a file of its own (packing.py)."""


@dataclass(frozen=True)
class ByGroups:
    """A quantiser each for position, shape and colour.

    Each is "fp16"; "uniform", LSQ+ of so many bits; or "residual-vector", of all columns of the group together. The
    shape may be "log-uniform": of a covariance, whose variances are then rounded in the logarithm.
    """

    position: str = "fp16"
    shape: str = "fp16"
    colour: str = "fp16"
    position_bits: int = 12
    shape_bits: int = 10
    colour_bits: int = 6
    stages: int = 2
    entries: int = 8
    trained_from: float = 0.0  # share of the steps before it is in the loop; the last step always has it

    def __post_init__(self):
        for group, more in (("position", ()), ("shape", ("log-uniform",)), ("colour", ())):
            kinds = ("fp16", "uniform", "residual-vector", *more)
            if getattr(self, group) not in kinds:
                what = f"the quantiser {getattr(self, group)!r} of the {group} is unknown"
                raise DaubError(what, "it is none of those there are", f"choose one of {', '.join(kinds)}")

    @property
    def takes_variances(self) -> bool:
        return self.shape == "log-uniform"

    def quantiser(self) -> ByColumns:
        """A new one, which has not begun."""
        shape = [(3, self._of(self.shape, self.shape_bits))]
        if self.takes_variances:
            shape = [(1, kind(self.shape_bits)) for kind in (LogUniform, Uniform, LogUniform)]
        position = self._of(self.position, self.position_bits)
        return ByColumns((2, position), *shape, (3, self._of(self.colour, self.colour_bits)))

    def _of(self, kind: str, bits: int) -> Half | Uniform | ResidualVector:
        if kind == "fp16":
            return Half()
        return Uniform(bits) if kind == "uniform" else ResidualVector(self.stages, self.entries)


# Zhang et al., ECCV 2024, section 3.3: after 50 000 steps another 50 000 with quantisation in the loop.
GAUSSIANIMAGE = ByGroups("fp16", "uniform", "residual-vector", shape_bits=6, trained_from=0.5)
# Li et al., AAAI 2026: in the loop after 6000 of 50 000 steps.
GAUSSIANIMAGE_PLUS = ByGroups("uniform", "log-uniform", "uniform", trained_from=0.12)
HALF_FLOAT = ByGroups()
# SmartSplat quantises nothing: fine enough for a whole fit. FP16 positions would be 2 pixels apart in an 8K image.
FINE = ByGroups("uniform", position_bits=16)
