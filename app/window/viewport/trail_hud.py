"""What Dear ImGui draws of a stroke that the picture does not show yet: its paint, or where it has been."""

from __future__ import annotations

from imgui_bundle import ImVec2, ImVec4, imgui

from daub.app.model.editing.brushing import Brushing, Trail
from daub.app.model.editing.paint_brush import Effect
from daub.app.model.view.camera import Camera
from daub.app.window.viewport.brush_spans import draw_stroke

_PAINT = 0.7  # share of its strength that paint is drawn with: its edge is soft, and the trail's is not
_OTHER = ImVec4(1, 1, 1, 0.15)  # of what leaves no colour


def draw_trails(brushing: Brushing, camera: Camera, dpr: float, left: float) -> None:
    """Draws them.

    Args:
        dpr: device pixels per logical pixel.
        left: of the pane, logical pixels.
    """
    drawing = imgui.get_background_draw_list()
    for trail in brushing.trails:
        ink = imgui.get_color_u32(_ink(trail))
        radius = trail.brush.radius * camera.zoom / dpr
        points = []
        for place in trail.path:
            x, y = camera.to_screen(*place)
            points.append(ImVec2(left + x / dpr, y / dpr))
        draw_stroke(drawing, points, radius, ink)


def _ink(trail: Trail) -> ImVec4:
    brush = trail.brush
    return ImVec4(*brush.colour, _PAINT * brush.strength) if brush.effect is Effect.PAINT else _OTHER
