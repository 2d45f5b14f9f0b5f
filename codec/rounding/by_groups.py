"""The quantiser as a part of a profile: quantisers for its columns, and from when on they are in the loop.

Every parametrisation has two columns of position, three of shape and three of colour.
"""

from __future__ import annotations

from dataclasses import dataclass

from daub.codec.errors import DaubError
from daub.codec.options import option
from daub.codec.parts import Part, by_name, preset
from daub.codec.rounding.residual_vector import LARGEST_ALPHABET, MOST_STAGES
from daub.codec.rounding.trained import MOST_BITS, ByColumns, Half, LogUniform, ResidualVector, Uniform


@dataclass(frozen=True)
class Native:
    """Daub's own rounding and entropy coder, which follow the fit (rate/packing.py), as a part of a profile."""

    name = "native"


@dataclass(frozen=True)
class ByGroups(Part):
    """Columns are quantised in three groups, each by a quantiser that is trained in the loop of the fit.

    - GaussianImage (Zhang et al., ECCV 2024, section 3.3) has 16-bit floats for positions, 6 bits for shapes and two
      stages of 8 codewords for colours; it trains 50 000 steps without them and another 50 000 with them in the loop.
    - GaussianImage++ (Li et al., AAAI 2026) has 12, 10 and 6 bits, variances in the logarithm, in the loop after 6000
      of 50 000 steps.

    Args:
        position, shape, colour: the quantiser of the group. "fp16": 16-bit floats. "uniform": LSQ+ of so many bits.
            "residual-vector": codewords for all columns of the group together. The shape may also be "log-uniform":
            that of a covariance, whose variances are rounded in the logarithm.

    Raises:
        DaubError: there is no such quantiser.

        >>> ByGroups("fp16", "uniform", "residual-vector", shape_bits=6).quantiser().names
        ('fp16', 'uniform', 'residual-vector')
    """

    position: str = "fp16"
    shape: str = "fp16"
    colour: str = "fp16"
    position_bits: int = option(12, 1, MOST_BITS, "bits of each number of a uniform position")
    shape_bits: int = option(10, 1, MOST_BITS, "bits of each number of a uniform or log-uniform shape")
    colour_bits: int = option(6, 1, MOST_BITS, "bits of each number of a uniform colour")
    stages: int = option(2, 1, MOST_STAGES, "stages of a residual vector quantiser")
    entries: int = option(8, 1, LARGEST_ALPHABET, "codewords of each stage")
    trained_from: float = option(0.0, 0, 1, "share of the steps before it is in the loop; the last step always has it")
    name: str = preset("fp16")

    def __post_init__(self) -> None:
        super().__post_init__()
        for group, more in (("position", ()), ("shape", ("log-uniform",)), ("colour", ())):
            kinds = ("fp16", "uniform", "residual-vector", *more)
            if getattr(self, group) not in kinds:
                what = f"the quantiser {getattr(self, group)!r} of the {group} is unknown"
                raise DaubError(what, "it is none of those there are", f"choose one of {', '.join(kinds)}")

    @property
    def takes_variances(self) -> bool:
        """Whether the shape must be a covariance."""
        return self.shape == "log-uniform"

    def quantiser(self) -> ByColumns:
        """Make a new one, which has not begun."""
        shape = [(3, self._of(self.shape, self.shape_bits))]
        if self.takes_variances:
            shape = [(1, kind(self.shape_bits)) for kind in (LogUniform, Uniform, LogUniform)]
        position = self._of(self.position, self.position_bits)
        return ByColumns((2, position), *shape, (3, self._of(self.colour, self.colour_bits)))

    def _of(self, kind: str, bits: int) -> Half | Uniform | ResidualVector:
        if kind == "fp16":
            return Half()
        return Uniform(bits) if kind == "uniform" else ResidualVector(self.stages, self.entries)


QUANTISERS: dict[str, ByGroups | Native] = by_name(
    Native(),
    ByGroups("fp16", "uniform", "residual-vector", shape_bits=6, trained_from=0.5, name="gaussianimage"),
    ByGroups("uniform", "log-uniform", "uniform", trained_from=0.12, name="gaussianimage++"),
    ByGroups(),
    # SmartSplat quantises nothing: fine enough for a whole fit. FP16 positions would be 2 pixels apart in an 8K image.
    ByGroups("uniform", position_bits=16, name="fine"),
)
