"""The bar of the brush: what it does, its size and strength, and what can be done with the whole map."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QSlider, QToolBar, QToolButton

from daub.app.model.picture.brush import LARGEST, LEAST_STRENGTH, SMALLEST, Effect
from daub.app.model.view.painting import Painting
from daub.app.window.actions import Actions
from daub.app.window.dialogs.clipboard import origins_of
from daub.app.window.look.sizes import TOOL_ICON
from daub.app.window.panels.bar_slider import bar_slider, move
from daub.app.window.panels.log_scale import from_slider, to_slider
from daub.app.window.panels.readout import factor_words
from daub.render.gl.tint import LESS, MORE

_TICKS = 200  # of the slider of the size
_PERCENT = 100
_SWATCH = 14  # logical pixels


class BrushBar(QToolBar):
    """Seen while the brush is at hand. An image file that is dropped on it is imported as a map.

    Args:
        actions: some of its buttons are theirs.
    """

    def __init__(self, actions: Actions, painting: Painting):
        super().__init__("Brush")
        self._painting = painting
        self.setObjectName("brush")
        self.setMovable(False)
        self.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAcceptDrops(True)
        for name, words, effect in (
            ("brush_more", "More", Effect.MORE), ("brush_less", "Less", Effect.LESS), ("brush_erase", "Erase", None),
        ):  # fmt: skip
            if effect is not None:
                self.addWidget(_swatch(effect))
            self._add(actions, name, words)
        self.addSeparator()
        self.size_slider, self.size_words = self._slider("Size", 0, _TICKS, "Size of the brush, image pixels")
        self.strength, self.strength_words = self._slider(
            "Strength",
            round(_PERCENT * LEAST_STRENGTH),
            _PERCENT,
            "How many times as much, or as little, an error weighs",
        )
        self.size_slider.valueChanged.connect(
            lambda tick: painting.choose(diameter=from_slider(tick, SMALLEST, LARGEST, _TICKS))
        )
        self.strength.valueChanged.connect(lambda percent: painting.choose(strength=percent / _PERCENT))
        self.addSeparator()
        for name, words in (
            ("clear_importance", "Clear"), ("import_importance", "Import"), ("export_importance", "Export"),
        ):  # fmt: skip
            self._add(actions, name, words)
        painting.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the brush as it is."""
        brush = self._painting.brush
        self.setVisible(self._painting.is_on)
        move(self.size_slider, to_slider(brush.diameter, SMALLEST, LARGEST, _TICKS))
        move(self.strength, round(_PERCENT * brush.strength))
        self.size_words.setText(f"{brush.diameter:.0f} px")
        self.strength_words.setText(factor_words(1 / brush.factor if brush.effect is Effect.LESS else brush.factor))
        for widget in (self.strength, self.strength_words):
            widget.setEnabled(brush.effect is not Effect.ERASE)

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

    def _add(self, actions: Actions, name: str, words: str) -> None:
        """Args: words: in place of those of the menu."""
        action = actions[name]
        action.setIconText(words)
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _slider(self, name: str, least: int, most: int, hint: str) -> tuple[QSlider, QLabel]:
        label, slider, words = bar_slider(name, least, most, hint, "4000 px")
        for widget in (label, slider, words):
            self.addWidget(widget)
        return slider, words


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
