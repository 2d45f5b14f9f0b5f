"""What lies on the picture: labels, the split line, the ring of the brush. Drawn with Dear ImGui."""

from __future__ import annotations

from dataclasses import dataclass

from imgui_bundle import ImVec2, ImVec4, imgui


@dataclass(frozen=True)
class Label:
    """A word on the picture, logical pixels; `anchor` 0 puts its left edge at x, 1 its right edge."""

    text: str
    x: float
    y: float
    anchor: float = 0.0


def draw_split(x: float, top: float, bottom: float, active: bool) -> None:
    """The line between source and decoded, with a grip; legible on any picture."""
    drawing = imgui.get_background_draw_list()
    dark, light = imgui.get_color_u32(ImVec4(0, 0, 0, 0.45)), imgui.get_color_u32(ImVec4(1, 1, 1, 0.95))
    drawing.add_line(ImVec2(x, top), ImVec2(x, bottom), dark, 3.5)
    drawing.add_line(ImVec2(x, top), ImVec2(x, bottom), light, 1.5)
    middle = (top + bottom) / 2
    radius = 12.5 if active else 10.5
    drawing.add_circle_filled(ImVec2(x, middle), radius + 1.5, dark, 32)
    drawing.add_circle_filled(ImVec2(x, middle), radius, light, 32)
    ink = imgui.get_color_u32(ImVec4(0.2, 0.22, 0.26, 1))
    for side in (-1, 1):
        base = x + side * 2.5
        tip = ImVec2(x + side * 7, middle)
        drawing.add_triangle_filled(tip, ImVec2(base, middle - 4), ImVec2(base, middle + 4), ink)


def draw_ring(x: float, y: float, radius: float) -> None:
    """The edge of a brush; legible on any picture. A brush of less than a few pixels is left to the pointer."""
    if radius < 2:
        return
    drawing, middle = imgui.get_background_draw_list(), ImVec2(x, y)
    segments = min(256, max(24, round(2 * radius)))
    drawing.add_circle(middle, radius, imgui.get_color_u32(ImVec4(0, 0, 0, 0.55)), segments, 3.0)
    drawing.add_circle(middle, radius, imgui.get_color_u32(ImVec4(1, 1, 1, 0.95)), segments, 1.2)


def draw_label(label: Label) -> None:
    drawing = imgui.get_background_draw_list()
    size = imgui.calc_text_size(label.text)
    x = label.x - label.anchor * (size.x + 16)
    end = ImVec2(x + size.x + 16, label.y + size.y + 8)
    drawing.add_rect_filled(ImVec2(x, label.y), end, imgui.get_color_u32(ImVec4(0.05, 0.06, 0.08, 0.72)), 5)
    drawing.add_text(ImVec2(x + 8, label.y + 4), imgui.get_color_u32(ImVec4(1, 1, 1, 0.95)), label.text)
