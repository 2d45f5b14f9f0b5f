"""What colours over the picture mean: a bar of them with its ends, drawn with Dear ImGui."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from imgui_bundle import ImVec2, ImVec4, imgui

_BAR = 168, 9  # logical pixels, width and height
_PADDING = 9
_LINE = 17
_PIECES = 42  # rectangles that make the bar


@dataclass(frozen=True, eq=False)
class Legend:
    """One of them.

    Args:
        title: what the colours say.
        ends: words at the ends of the bar.
        middle: words in its middle, "" for none.
        colours: (256, 3) uint8, from one end to the other.
        notes: lines beneath.
    """

    title: str
    ends: tuple[str, str]
    colours: np.ndarray
    middle: str = ""
    notes: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        """Logical pixels."""
        return 2 * _PADDING + _LINE + _BAR[1] + 4 + _LINE * (1 + len(self.notes))

    @property
    def width(self) -> float:
        """Logical pixels; in a frame of Dear ImGui."""
        words = max(imgui.calc_text_size(line).x for line in (self.title, *self.notes))
        return 2 * _PADDING + max(_BAR[0], words)


def draw_legends(legends: list[Legend], left: float, bottom: float, solid: bool = False) -> None:
    """One above the other, up from the lower left corner, which is at (left, bottom), logical pixels.

    Args:
        solid: what lies below does not shine through.
    """
    for legend in legends:
        bottom -= legend.height
        _draw(legend, left, bottom, 0.97 if solid else 0.78)
        bottom -= 6


def _draw(legend: Legend, x: float, y: float, opacity: float) -> None:
    drawing = imgui.get_background_draw_list()
    ink, dim = (imgui.get_color_u32(ImVec4(1, 1, 1, alpha)) for alpha in (0.95, 0.75))
    ground = imgui.get_color_u32(ImVec4(0.05, 0.06, 0.08, opacity))
    drawing.add_rect_filled(ImVec2(x, y), ImVec2(x + legend.width, y + legend.height), ground, 5)
    x, y = x + _PADDING, y + _PADDING - 2
    drawing.add_text(ImVec2(x, y), ink, legend.title)
    y += _LINE + 3
    wide, tall = _BAR
    for piece in range(_PIECES):
        red, green, blue = legend.colours[round(255 * piece / (_PIECES - 1))] / 255
        start, end = (round(x + wide * each / _PIECES) for each in (piece, piece + 1))  # else seams are seen
        colour = imgui.get_color_u32(ImVec4(red, green, blue, 1))
        drawing.add_rect_filled(ImVec2(start, y), ImVec2(end, y + tall), colour)
    y += tall + 2
    low, high = legend.ends
    drawing.add_text(ImVec2(x, y), dim, low)
    drawing.add_text(ImVec2(x + wide - imgui.calc_text_size(high).x, y), dim, high)
    if legend.middle:
        drawing.add_text(ImVec2(x + (wide - imgui.calc_text_size(legend.middle).x) / 2, y), dim, legend.middle)
    for note in legend.notes:
        y += _LINE
        drawing.add_text(ImVec2(x, y), dim, note)
