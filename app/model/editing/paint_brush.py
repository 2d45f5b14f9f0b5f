"""The brush that paints with Gaussians, and what else it can do to those that are there.

>>> brush = PaintBrush(diameter=9000.0, strength=0.0).within_limits()
>>> brush.diameter, brush.strength
(4000.0, 0.05)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from daub.app.model.picture.brush import LARGEST, LEAST_STRENGTH, SMALLEST

Colour = tuple[float, float, float]  # red, green and blue, 0 to 1

_BLUR = 0.25  # of the brush's radius, deviation of the strongest blur in its middle


class Effect(StrEnum):
    """What the brush does; the values are shown to people."""

    PAINT = "Paint"
    SMEAR = "Smear"
    BLUR = "Blur"


@dataclass(frozen=True)
class PaintBrush:
    """What one works with.

    Args:
        diameter: image pixels, SMALLEST to LARGEST.
        colour: of the paint.
        hardness: of the edge of the paint, 0, it fades from the middle on, to 1.
        strength: LEAST_STRENGTH to 1: how much of the colour is laid on, how far what lies under a smear goes along,
            how wide a blur is.
    """

    effect: Effect = Effect.PAINT
    diameter: float = 32.0
    colour: Colour = (0.85, 0.2, 0.15)
    hardness: float = 0.5
    strength: float = 1.0

    @property
    def radius(self) -> float:
        """Image pixels."""
        return self.diameter / 2

    @property
    def deviation(self) -> float:
        """Of a blur in the middle of the brush, image pixels."""
        return _BLUR * self.strength * self.radius

    def within_limits(self) -> PaintBrush:
        """The same, what is out of range at its end."""
        return replace(
            self, diameter=min(max(self.diameter, SMALLEST), LARGEST), hardness=min(max(self.hardness, 0.0), 1.0),
            strength=min(max(self.strength, LEAST_STRENGTH), 1.0),
        )  # fmt: skip


def hexadecimal(colour: Colour) -> str:
    """As people write it.

    >>> hexadecimal((1.0, 0.5, 0.0))
    '#ff8000'
    """
    return "#" + "".join(f"{round(255 * value):02x}" for value in colour)
