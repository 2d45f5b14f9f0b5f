"""The bar of the brush: what it does, its size and strength, and what can be done with the whole map."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QLabel

from daub.app.model.picture.brush import Effect
from daub.app.model.view.painting import Painting
from daub.app.window.actions import Actions
from daub.app.window.dialogs.clipboard import origins_of
from daub.app.window.panels.readout import factor_words
from daub.app.window.panels.stroke_bar import StrokeBar
from daub.render.gl.tint import LESS, MORE

_SWATCH = 14  # logical pixels


class BrushBar(StrokeBar):
    """Seen while the brush is at hand. An image file that is dropped on it is imported as a map.

    Args:
        actions: some of its buttons are theirs.
    """

    def __init__(self, actions: Actions, painting: Painting):
        super().__init__("Brush", "brush", painting)
        self._painting = painting
        self.setAcceptDrops(True)
        for name, words, effect in (
            ("brush_more", "More", Effect.MORE), ("brush_less", "Less", Effect.LESS), ("brush_erase", "Erase", None),
        ):  # fmt: skip
            if effect is not None:
                self.addWidget(_swatch(effect))
            self.add_worded(actions[name], words)
        self.addSeparator()
        self.add_sliders("How many times as much, or as little, an error weighs", "× 16.0")
        self.addSeparator()
        for name, words in (
            ("clear_importance", "Clear"), ("import_importance", "Import"), ("export_importance", "Export"),
        ):  # fmt: skip
            self.add_worded(actions[name], words)
        painting.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the brush as it is."""
        brush = self._painting.brush
        self.show_brush(brush, factor_words(1 / brush.factor if brush.effect is Effect.LESS else brush.factor))
        self.strength.enable(brush.effect is not Effect.ERASE)

    def dragEnterEvent(self, event) -> None:
        if self._dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        path = self._dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self._painting.load(path)

    def _dropped(self, event) -> Path | None:
        """The file that would be imported."""
        data = event.mimeData()
        return origins_of(data, "")[0].path if any(url.isLocalFile() for url in data.urls()) else None


def _swatch(effect: Effect) -> QLabel:
    """The tint that an effect has on the picture, stripes included."""
    label = QLabel()
    dpr = 2.0  # sharp on fine screens, and scaled down on others
    pixmap = QPixmap(round(_SWATCH * dpr), round(_SWATCH * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addEllipse(1, 1, _SWATCH - 2, _SWATCH - 2)
    painter.setClipPath(shape)
    hue = QColor.fromRgbF(*(MORE if effect is Effect.MORE else LESS))
    if effect is Effect.LESS:
        painter.setPen(QPen(hue, 2.4))
        for place in range(-_SWATCH, 2 * _SWATCH, 5):
            painter.drawLine(QPointF(place, _SWATCH), QPointF(place + _SWATCH, 0))
        hue.setAlphaF(0.45)
    painter.fillPath(shape, hue)
    painter.end()
    label.setPixmap(pixmap)
    label.setContentsMargins(6, 0, 0, 0)
    return label
