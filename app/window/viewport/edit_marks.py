"""Where the marks of an edit lie on the screen: a shape under way, and the frame around what is selected."""

from __future__ import annotations

from dataclasses import dataclass

from daub.app.model.editing.frame import CORNERS, HANDLES, Frame, Grip, Point
from daub.app.model.editing.gestures import Kind
from daub.app.model.editing.tool import EditTool
from daub.app.model.view.camera import Camera

STEM = 26.0  # logical pixels from the upper edge of the frame to the knob that turns it


@dataclass(frozen=True)
class EditMarks:
    """Positions of the camera, device pixels.

    Args:
        outline: of the shape, or of the frame; while that is pulled, without its handles.
        closed: it comes back to where it began.
        width: of a brush's stroke, device pixels; 0 for a line.
        handles: by what they are.
        corners: that have been set.
    """

    outline: tuple[Point, ...]
    closed: bool
    width: float
    handles: dict[Grip, Point]
    corners: tuple[Point, ...] = ()


def marks_of(tool: EditTool, camera: Camera, scale: float) -> EditMarks | None:
    """What is to be drawn now. Args: scale: device pixels per logical pixel."""
    if tool.path:
        path = [camera.to_screen(*place) for place in tool.path]
        if tool.kind.has_brush:
            return EditMarks(tuple(path), False, tool.diameter * camera.zoom, {})
        if tool.kind is Kind.RECTANGLE:
            (x, y), (u, v) = path[0], path[-1]
            path = [(x, y), (u, y), (u, v), (x, v)]
        if tool.kind.has_corners:
            ahead = [] if tool.pointer is None else [camera.to_screen(*tool.pointer)]
            return EditMarks((*path, *ahead), False, 0.0, {}, tuple(path))
        return EditMarks(tuple(path), True, 0.0, {})
    if tool.pulled:
        return EditMarks(tuple(camera.to_screen(*corner) for corner in tool.pulled), True, 0.0, {})
    frame = tool.frame
    if frame is None:
        return None
    handles = places_of(frame, camera, scale)
    return EditMarks(tuple(handles[grip] for grip in CORNERS), True, 0.0, handles)


def places_of(frame: Frame, camera: Camera, scale: float) -> dict[Grip, Point]:
    """Where the handles are, and the knob. Args: as of `marks_of`."""
    places = {grip: camera.to_screen(*frame.at(grip)) for grip in HANDLES}
    x, y = places[Grip.TOP]
    places[Grip.TURN] = x, y - STEM * scale
    return places
