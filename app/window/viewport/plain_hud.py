"""What is said on a picture that Qt paints: which side is where, the split line, the brush, and what is not shown."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from daub.app.model.compare.modes import Mode, Pane
from daub.app.model.sources.sides import Sides
from daub.app.model.workbench import Workbench
from daub.app.window.viewport.marks import EDGE, GRIP, PAD, beside_line
from daub.app.window.viewport.picture_hud import words_of
from daub.app.window.viewport.plain_scene import PlainScene

_INK = QColor(255, 255, 255, 242)
_GROUND = QColor(13, 15, 20, 184)
_SHADOW = QColor(0, 0, 0, 128)


class PlainHud:
    """Draws it all, once in a frame, in logical pixels.

    Args:
        bench: what is told of.
        scene: what is drawn below.
    """

    def __init__(self, bench: Workbench, scene: PlainScene):
        self._bench, self._view, self._scene = bench, bench.view, scene

    def draw(
        self, painter: QPainter, sides: Sides, bottom: float, brush: QPointF | None, diameter: float = 0.0
    ) -> None:
        """Draws it.

        Args:
            bottom: y where the picture ends.
            brush: where the brush is, None for nowhere.
            diameter: of the brush, image pixels.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pane in self._view.panes:
            self._draw_labels(painter, pane, sides, bottom)
        if brush is not None:
            radius = diameter / 2 * self._view.camera.zoom / self._view.scale
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for ink, width in ((_SHADOW, 3.0), (_INK, 1.2)):
                painter.setPen(QPen(ink, width))
                painter.drawEllipse(brush, radius, radius)

    def _draw_labels(self, painter: QPainter, pane: Pane, sides: Sides, bottom: float) -> None:
        left, width = pane.left / self._view.scale, pane.width / self._view.scale
        mode, metrics = self._scene.shown(pane.mode), QFontMetricsF(painter.font())
        a, b = (words_of(letter, side) for letter, side in zip("AB", sides, strict=True))
        notes = self._notes()
        if mode is Mode.SPLIT and self._view.compares:
            x = self._view.split_at / self._view.scale
            _draw_line(painter, x, bottom)
            sizes = [_size(metrics, words) for words in (a, b)]
            for words, place in zip((a, b), beside_line(x, width, *sizes), strict=True):
                _draw_chip(painter, words, *place)
            y = EDGE + max(height for _, height in sizes)
        else:
            words = {Mode.A: a, Mode.B: b}.get(mode, f"{b}\nagainst {a}")
            y = _draw_chip(painter, words, left + EDGE, EDGE) if self._view.compares else EDGE - PAD / 2
        for note in notes:
            y = _draw_chip(painter, note, left + EDGE, y + PAD / 2)

    def _notes(self) -> list[str]:
        """What is selected, and what is asked for and needs OpenGL."""
        notes = [self._bench.editing.summary] if self._bench.editing.summary else []
        if "filled" in self._bench.overlay.styles:
            notes.append("Not drawn without OpenGL: filled ellipses")
        return notes


def _size(metrics: QFontMetricsF, words: str) -> tuple[float, float]:
    size = metrics.size(0, words)
    return size.width() + 2 * PAD, size.height() + PAD


def _draw_chip(painter: QPainter, words: str, x: float, y: float) -> float:
    """Returns the y of its lower edge."""
    width, height = _size(QFontMetricsF(painter.font()), words)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(QRectF(x, y, width, height), 5, 5)
    painter.setPen(_INK)
    painter.drawText(QRectF(x + PAD, y + PAD / 2, width, height), Qt.AlignmentFlag.AlignLeft, words)
    return y + height


def _draw_line(painter: QPainter, x: float, bottom: float) -> None:
    """The line between the sides, with its grip."""
    for ink, width in ((_SHADOW, 3.5), (_INK, 1.5)):
        painter.setPen(QPen(ink, width))
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom))
    painter.setPen(QPen(_SHADOW, 1.5))
    painter.setBrush(_INK)
    painter.drawEllipse(QPointF(x, bottom / 2), GRIP, GRIP)
