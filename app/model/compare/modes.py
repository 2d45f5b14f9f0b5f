"""What of the two sides is seen, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from daub.app.model.compare.colour_tables import ColourMap
from daub.app.model.compare.difference import GAINS, Difference

BLINK_PERIODS = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0)  # seconds that each side is seen


class Mode(Enum):
    """What is seen."""

    A = "a"
    B = "b"
    SPLIT = "split"  # A on the left of a line, B on the right
    SIDE_BY_SIDE = "side by side"  # both, moved and enlarged together
    BLINK = "blink"  # one after the other at the same place
    DIFFERENCE = "difference"

    @property
    def compares(self) -> bool:
        """Both sides are looked at."""
        return self not in (Mode.A, Mode.B)


@dataclass(frozen=True)
class Pane:
    """A part of the viewport with the picture in it.

    Args:
        left: screen x of its left edge, device pixels.
        width: device pixels.
        mode: what it shows: A, B, SPLIT or DIFFERENCE.
    """

    left: int
    width: int
    mode: Mode


@dataclass(frozen=True)
class Look:
    """How the picture is shown.

    Args:
        difference: what is shown as the difference.
        gains: factor of each difference, one of GAINS.
        colour_map: of a difference that has no sign.
        by_channel: differences of red, green and blue, as such colours, rather than their mean by a colour map.
        blink: seconds that each side is seen when they blink.
        linear: colours between the pixels are interpolated, on both sides; otherwise pixels are squares.
        at_pixels: Gaussians are drawn at the pixels of the picture, rather than at those of the screen.
        importance: what is more or less important than usual has a tint.
    """

    mode: Mode = Mode.B
    difference: Difference = Difference.ABSOLUTE
    gains: Mapping[Difference, float] = field(default_factory=lambda: {kind: kind.usual_gain for kind in Difference})
    colour_map: ColourMap = ColourMap.VIRIDIS
    by_channel: bool = False
    blink: float = 0.5
    linear: bool = False
    at_pixels: bool = False
    importance: bool = False

    @property
    def gain(self) -> float:
        """Of the difference that is chosen."""
        return self.gains[self.difference]

    def amplified(self, steps: int) -> Look:
        """With a gain of the chosen difference that is so many of GAINS further, as far as they go."""
        return replace(self, gains={**self.gains, self.difference: _further(GAINS, self.gain, steps)})

    def blinking_slower(self, steps: int) -> Look:
        """With a period that is so many of BLINK_PERIODS further, as far as they go."""
        return replace(self, blink=_further(BLINK_PERIODS, self.blink, steps))


def _further(values: tuple[float, ...], value: float, steps: int) -> float:
    return values[min(max(values.index(value) + steps, 0), len(values) - 1)]
