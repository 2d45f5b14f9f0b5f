"""What Qt paints of an edit: those that are selected, the shape that is drawn, and the frame around the selection."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from daub.app.model.editing.frame import Grip
from daub.app.model.editing.marked import Marked
from daub.app.model.editing.tool import EditTool
from daub.app.model.view.camera import Camera
from daub.app.window.viewport.edit_marks import marks_of
from daub.app.window.viewport.plain_overlay import draw_centres, draw_outlines, image_of

_SHADOW, _INK, _STROKE = QColor(0, 0, 0, 153), QColor(255, 255, 255, 242), QColor(255, 176, 32, 90)
_HANDLE = 3.5  # logical pixels, from the middle of a handle to its side


def draw_selected(painter: QPainter, marked: Marked | None, camera: Camera, width: int, scale: float) -> None:
    """Outlines and centres of what is selected. Args: as of `plain_overlay.draw_overlay`."""
    if marked is None:
        return
    pixels = np.zeros((camera.view[1], width, 4), np.uint8)
    if marked.is_outlined:
        draw_outlines(pixels, marked, camera)
    draw_centres(pixels, marked, camera, max(1, round(scale)))
    painter.drawImage(0, 0, image_of(pixels))


def draw_edit(painter: QPainter, tool: EditTool, camera: Camera, scale: float) -> None:
    """The shape, or the frame. Args: as of `plain_overlay.draw_overlay`."""
    marks = marks_of(tool, camera, scale)
    if marks is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QPolygonF([QPointF(*place) for place in marks.outline])
    if marks.width:
        caps = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(_STROKE, marks.width, Qt.PenStyle.SolidLine, *caps))
        painter.drawPolyline(line)
        return
    for ink, width in ((_SHADOW, 3.5), (_INK, 1.5)):
        painter.setPen(QPen(ink, scale * width))
        (painter.drawPolygon if marks.closed else painter.drawPolyline)(line)
    painter.setPen(QPen(_SHADOW, scale))
    painter.setBrush(_INK)
    for grip, (x, y) in marks.handles.items():
        reach = scale * _HANDLE
        box = QRectF(x - reach, y - reach, 2 * reach, 2 * reach)
        (painter.drawEllipse if grip is Grip.TURN else painter.drawRect)(box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
