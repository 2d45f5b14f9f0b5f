"""What Dear ImGui draws of an edit: the shape that is drawn, or the frame around what is selected."""

from __future__ import annotations

from imgui_bundle import ImVec2, ImVec4, imgui

from daub.app.model.editing.frame import Grip
from daub.app.model.editing.tool import EditTool
from daub.app.model.view.camera import Camera
from daub.app.window.viewport.brush_spans import draw_stroke
from daub.app.window.viewport.edit_marks import marks_of

_HANDLE = 3.5  # logical pixels, from the middle of a handle to its side
_KNOB = 5.0  # logical pixels, radius


def draw_edit(tool: EditTool, camera: Camera, dpr: float, left: float) -> None:
    """Draws it.

    Args:
        dpr: device pixels per logical pixel.
        left: of the pane, logical pixels.
    """
    marks = marks_of(tool, camera, dpr)
    if marks is None:
        return
    drawing = imgui.get_background_draw_list()
    dark, light = imgui.get_color_u32(ImVec4(0, 0, 0, 0.6)), imgui.get_color_u32(ImVec4(1, 1, 1, 0.95))

    def placed(place: tuple[float, float]) -> ImVec2:
        return ImVec2(left + place[0] / dpr, place[1] / dpr)

    points = [placed(place) for place in marks.outline]
    flags = imgui.ImDrawFlags_.closed if marks.closed else imgui.ImDrawFlags_.none
    if marks.width:
        draw_stroke(drawing, points, marks.width / dpr / 2, imgui.get_color_u32(ImVec4(1, 0.7, 0.13, 0.35)))
        return
    for ink, width in ((dark, 3.5), (light, 1.5)):
        drawing.add_polyline(points, ink, width, flags)
    for place in marks.corners:
        _draw_handle(drawing, placed(place), dark, light)
    for grip, place in marks.handles.items():
        middle = placed(place)
        if grip is Grip.TURN:
            top = placed(marks.handles[Grip.TOP])
            for ink, more in ((dark, 1.0), (light, 0.0)):
                drawing.add_line(top, middle, ink, 1.5 + 2 * more)
                drawing.add_circle_filled(middle, _KNOB + more, ink)
            continue
        _draw_handle(drawing, middle, dark, light)


def _draw_handle(drawing: imgui.ImDrawList, middle: ImVec2, dark: int, light: int) -> None:
    for ink, reach in ((dark, _HANDLE + 1), (light, _HANDLE)):
        low, high = ImVec2(middle.x - reach, middle.y - reach), ImVec2(middle.x + reach, middle.y + reach)
        drawing.add_rect_filled(low, high, ink)
