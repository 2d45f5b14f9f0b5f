"""What the bars of all brushes have in common: the size and the strength of the brush."""

from __future__ import annotations

from typing import Any, Protocol

from daub.app.model.picture.brush import LARGEST, LEAST_STRENGTH, SMALLEST
from daub.app.model.work.signal import Signal
from daub.app.window.panels.bar import Bar, BarSlider
from daub.app.window.panels.log_scale import from_slider, to_slider

PERCENT = 100
_TICKS = 200  # of the slider of the size


class Brush(Protocol):
    """A brush as it is set. Args: diameter: image pixels; strength: 0 to 1."""

    diameter: float
    strength: float


class Strokes(Protocol):
    """What is painted by strokes: `changed` tells that the brush is another one, is at hand or put away."""

    changed: Signal
    is_on: bool
    brush: Any

    def choose(self, **values: object) -> None:
        """Another field of the brush."""


class StrokeBar(Bar):
    """Seen while the brush is at hand.

    Args:
        title, name: as of `Bar`.
    """

    def __init__(self, title: str, name: str, strokes: Strokes):
        super().__init__(title, name)
        self._strokes = strokes

    def add_sliders(self, hint: str, longest: str) -> None:
        """Those of size and strength. Args: hint: what the strength does; longest: words of it."""
        choose = self._strokes.choose
        self.size = self.add_slider(
            "Size", (0, _TICKS), "Diameter of the brush, image pixels", "4000 px",
            lambda tick: choose(diameter=from_slider(tick, SMALLEST, LARGEST, _TICKS)),
        )  # fmt: skip
        self.strength = self.add_slider(
            "Strength", (round(PERCENT * LEAST_STRENGTH), PERCENT), hint, longest,
            lambda percent: choose(strength=percent / PERCENT),
        )  # fmt: skip

    def add_slider(self, name: str, span: tuple[int, int], hint: str, longest: str, move) -> BarSlider:
        """As `BarSlider` says. Args: hint: what it does."""
        slider = BarSlider(self, name, f"{name} of the brush", span, longest, move)
        slider.explain(hint)
        return slider

    def show_brush(self, brush: Brush, strength: str) -> None:
        """The brush as it is. Args: strength: in words."""
        self.setVisible(self._strokes.is_on)
        self.size.show(to_slider(brush.diameter, SMALLEST, LARGEST, _TICKS), f"{brush.diameter:.0f} px")
        self.strength.show(round(PERCENT * brush.strength), strength)
