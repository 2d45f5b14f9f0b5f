"""What Dear ImGui draws of the overlay: its legends, and a mark around the Gaussian that is picked."""

from __future__ import annotations

from imgui_bundle import ImVec2, ImVec4, imgui

from daub.app.model.gaussians.inspector import Inspector
from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.properties import Property
from daub.app.model.view.camera import Camera
from daub.app.window.viewport.legend import Legend

_CROSS = 5  # logical pixels, arm of the cross at the centre of what is picked


def legends_of(overlay: Overlay) -> list[Legend]:
    """What the colours on the picture mean at this moment, the lowest first."""
    found = []
    if overlay.is_drawn:
        found.append(_of_gaussians(overlay))
    if overlay.map is not None:
        low, high = overlay.map.span
        notes = (overlay.map.aside,) if overlay.map.aside else ()
        ends = f"{low:.3g}", f"{high:.3g} and more"
        found.append(Legend(overlay.map.kind.value, ends, overlay.map.colours, notes=notes))
    return found


def _of_gaussians(overlay: Overlay) -> Legend:
    reading, axis = overlay.reading, overlay.reading.which.value
    unit = f", {axis.unit}" if axis.unit else ""
    low, high = (f"{end:.3g}" for end in reading.span)
    ends, middle = (low, high), ""
    if reading.which is Property.LIGHT:
        ends, middle = ("takes away", "adds"), f"± {high}"
    notes = []
    why = overlay.why_not(reading.which)
    if why:
        notes.append(f"not known: {why}")
    elif axis.logarithmic or axis.signed:
        notes.append("equal factors, equal steps" if axis.logarithmic else "equal roots, equal steps")
    if overlay.filters:
        notes.append(f"{int(reading.kept.sum()):,} of {len(reading.kept):,} pass the filters")
    return Legend(f"{axis.title}{unit}", ends, reading.colours, middle, tuple(notes))


def draw_picked(inspector: Inspector, camera: Camera, dpr: float, left: float) -> None:
    """The Gaussian that is picked: its ellipses at one and at three standard deviations, where it ends, and a cross.

    Args:
        dpr: device pixels per logical pixel.
        left: of the pane, logical pixels.
    """
    shape = inspector.shape
    if shape is None:
        return
    drawing = imgui.get_background_draw_list()
    dark, light = imgui.get_color_u32(ImVec4(0, 0, 0, 0.6)), imgui.get_color_u32(ImVec4(1, 1, 1, 0.95))

    def placed(u: float, v: float) -> ImVec2:
        x, y = camera.to_screen(u, v)
        return ImVec2(left + x / dpr, y / dpr)

    for sigmas, wide in ((1.0, 2.0), (3.0, 1.0)):
        points = [placed(u, v) for u, v in shape.outline(sigmas)]
        for ink, width in ((dark, wide + 2), (light, wide)):
            drawing.add_polyline(points, ink, width, imgui.ImDrawFlags_.closed)
    middle = placed(shape.x + 0.5, shape.y + 0.5)
    for ink, width in ((dark, 3.5), (light, 1.5)):
        for dx, dy in ((_CROSS, 0), (0, _CROSS)):
            ends = ImVec2(middle.x - dx, middle.y - dy), ImVec2(middle.x + dx, middle.y + dy)
            drawing.add_line(*ends, ink, width)
