"""Drawn on the picture, legible on any: labels, lines, a rectangle. Dear ImGui content, logical pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from imgui_bundle import ImVec2, ImVec4, imgui

GRIP = 10.5  # radius of the grip of the split line
PAD = 8.0  # from a chip's edge to its words, across; half of it down
EDGE = 10.0  # from the edge of a pane to what stands in it
_BETWEEN = " · "  # two facts
_HANDLE = 3.5  # from the middle of a rectangle's handle to its side

_INK = ImVec4(1, 1, 1, 0.95)
_GROUND, _SOLID = (ImVec4(0.05, 0.06, 0.08, alpha) for alpha in (0.72, 0.97))
_SHADOW = ImVec4(0, 0, 0, 0.5)


@dataclass(frozen=True)
class Chip:
    """Words on the picture, in one line or more.

    Args:
        x, y: upper left corner.
    """

    text: str
    x: float
    y: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height; to be asked for within a frame."""
        size = imgui.calc_text_size(self.text)
        return size.x + 2 * PAD, size.y + PAD

    @property
    def bottom(self) -> float:
        """y of its lower edge."""
        return self.y + self.size[1]

    def draw(self, solid: bool = False) -> None:
        """Args: solid: what lies below does not shine through."""
        drawing = imgui.get_background_draw_list()
        width, height = self.size
        end, ground = ImVec2(self.x + width, self.y + height), _SOLID if solid else _GROUND
        drawing.add_rect_filled(ImVec2(self.x, self.y), end, imgui.get_color_u32(ground), 5)
        drawing.add_text(ImVec2(self.x + PAD, self.y + PAD / 2), imgui.get_color_u32(_INK), self.text)


def within(text: str, width: float) -> str:
    """The words in lines that a chip of that width, logical pixels, can hold; to be asked for within a frame.

    What is longer is broken between its facts, and a single one that is still too long loses its middle.
    """
    room = width - 2 * PAD
    lines: list[str] = []
    for line in text.splitlines():
        facts = line.split(_BETWEEN)
        lines.append(facts[0])
        for fact in facts[1:]:
            longer = lines[-1] + _BETWEEN + fact
            if imgui.calc_text_size(longer).x <= room:
                lines[-1] = longer
            else:
                lines.append(fact)
    return "\n".join(_shortened(line, room) for line in lines)


def _shortened(line: str, room: float) -> str:
    kept = len(line)
    shown = line
    while kept > 2 and imgui.calc_text_size(shown).x > room:
        kept -= 1
        shown = f"{line[: (kept + 1) // 2]}…{line[len(line) - kept // 2 :]}"
    return shown


Place = tuple[float, float]  # x and y, or width and height


def beside_line(x: float, width: float, left: Place, right: Place) -> tuple[Place, Place]:
    """Where the labels of the two sides of a line stand: as near to it as they can without being cut off by the edges.

    Args:
        x: of the line.
        width: of the viewport.
        left, right: sizes of the labels.

    Returns:
        The upper left corner of each; the right one goes down where the two would meet.
    """
    at_left = max(min(x - EDGE, width - EDGE) - left[0], EDGE)
    at_right = max(min(x + EDGE, width - EDGE - right[0]), EDGE)
    meet = at_left + left[0] > at_right
    return (at_left, EDGE), (at_right, EDGE + left[1] + PAD / 2 if meet else EDGE)


def draw_split(x: float, bottom: float, width: float, active: bool) -> None:
    """The line between the sides, down to `bottom`; its grip stays whole where the line is at an edge."""
    drawing = imgui.get_background_draw_list()
    dark, light = imgui.get_color_u32(_SHADOW), imgui.get_color_u32(_INK)
    drawing.add_line(ImVec2(x, 0), ImVec2(x, bottom), dark, 3.5)
    drawing.add_line(ImVec2(x, 0), ImVec2(x, bottom), light, 1.5)
    radius = GRIP + 2 if active else GRIP
    middle = ImVec2(min(max(x, radius + 2), width - radius - 2), bottom / 2)
    drawing.add_circle_filled(middle, radius + 1.5, dark, 32)
    drawing.add_circle_filled(middle, radius, light, 32)
    ink = imgui.get_color_u32(ImVec4(0.2, 0.22, 0.26, 1))
    for side in (-1, 1):
        base, tip = middle.x + side * 2.5, ImVec2(middle.x + side * 7, middle.y)
        drawing.add_triangle_filled(tip, ImVec2(base, middle.y - 4), ImVec2(base, middle.y + 4), ink)


def draw_gap(left: float, right: float, bottom: float) -> None:
    """Between two panes."""
    dark = imgui.get_color_u32(ImVec4(0, 0, 0, 0.6))
    imgui.get_background_draw_list().add_rect_filled(ImVec2(left, 0), ImVec2(right, bottom), dark)


def draw_ring(x: float, y: float, radius: float) -> None:
    """The edge of a brush. A brush of less than a few pixels is left to the pointer."""
    if radius < 2:
        return
    drawing, middle = imgui.get_background_draw_list(), ImVec2(x, y)
    segments = min(256, max(24, round(2 * radius)))
    drawing.add_circle(middle, radius, imgui.get_color_u32(_SHADOW), segments, 3.0)
    drawing.add_circle(middle, radius, imgui.get_color_u32(_INK), segments, 1.2)


def draw_rectangle(left: float, top: float, right: float, bottom: float) -> None:
    """A rectangle that can be taken at its corners and in the middle of its edges."""
    drawing = imgui.get_background_draw_list()
    dark, light = imgui.get_color_u32(_SHADOW), imgui.get_color_u32(_INK)
    drawing.add_rect(ImVec2(left, top), ImVec2(right, bottom), dark, 0, 3.5)
    drawing.add_rect(ImVec2(left, top), ImVec2(right, bottom), light, 0, 1.5)
    for x in (left, (left + right) / 2, right):
        for y in (top, (top + bottom) / 2, bottom):
            if (x, y) == ((left + right) / 2, (top + bottom) / 2):
                continue
            for reach, ink in ((_HANDLE + 1, dark), (_HANDLE, light)):
                drawing.add_rect_filled(ImVec2(x - reach, y - reach), ImVec2(x + reach, y + reach), ink)


@contextmanager
def clipped(left: float, right: float, bottom: float) -> Iterator[None]:
    """What is drawn meanwhile is seen within a pane alone."""
    drawing = imgui.get_background_draw_list()
    drawing.push_clip_rect(ImVec2(left, 0), ImVec2(right, bottom))
    try:
        yield
    finally:
        drawing.pop_clip_rect()
