"""The bar of the brush that paints Gaussians: what it does, its size, strength and hardness, and its colours."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSlider, QToolBar, QToolButton

from daub.app.model.editing.brushing import RECENT, Brushing
from daub.app.model.editing.paint_brush import Colour, Effect, hexadecimal
from daub.app.model.picture.brush import LARGEST, LEAST_STRENGTH, SMALLEST
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import TOOL_ICON
from daub.app.window.panels.bar_slider import bar_slider, move
from daub.app.window.panels.log_scale import from_slider, to_slider

_TICKS = 200  # of the slider of the size
_PERCENT = 100
_SWATCH = 14  # logical pixels, of a recent colour
_STRENGTHS = {
    Effect.PAINT: "How much of the colour is laid on",
    Effect.SMEAR: "How far what lies under the brush goes along with it",
    Effect.BLUR: "How wide Gaussians become in the middle of the brush",
}


class PaintBar(QToolBar):
    """Seen while the brush is at hand.

    Args:
        actions: some of its buttons are theirs.
    """

    def __init__(self, actions: Actions, brushing: Brushing):
        super().__init__("Painting")
        self._brushing = brushing
        self._shown: tuple[Colour, ...] | None = None  # colours on the buttons
        self.setObjectName("painting")
        self.setMovable(False)
        self.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name, words in (("tool_paint", "Paint"), ("tool_smear", "Smear"), ("tool_blur", "Blur")):
            actions[name].setIconText(words)
            self.addAction(actions[name])
            self._button(actions[name]).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addSeparator()
        self.size = self._slider("Size", 0, _TICKS, "Diameter of the brush, image pixels", "4000 px")
        least = round(_PERCENT * LEAST_STRENGTH)
        self.strength = self._slider("Strength", least, _PERCENT, _STRENGTHS[Effect.PAINT], "100 %")
        self.hardness = self._slider("Hardness", 0, _PERCENT, "How sharp the edge of the paint is", "100 %")
        self.size[0].valueChanged.connect(
            lambda tick: brushing.choose(diameter=from_slider(tick, SMALLEST, LARGEST, _TICKS))
        )
        self.strength[0].valueChanged.connect(lambda percent: brushing.choose(strength=percent / _PERCENT))
        self.hardness[0].valueChanged.connect(lambda percent: brushing.choose(hardness=percent / _PERCENT))
        self._of_paint = [self.addSeparator()]
        self._colour = actions["brush_colour"]
        self._colour.setIconText("Colour")
        self.addAction(self._colour)
        self._button(self._colour).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.recent = [self._recent(place) for place in range(RECENT)]
        self._of_paint += [self._colour, *self.recent]
        brushing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the brush as it is."""
        brushing, brush = self._brushing, self._brushing.brush
        self.setVisible(brushing.is_on)
        move(self.size[0], to_slider(brush.diameter, SMALLEST, LARGEST, _TICKS))
        move(self.strength[0], round(_PERCENT * brush.strength))
        move(self.hardness[0], round(_PERCENT * brush.hardness))
        self.size[1].setText(f"{brush.diameter:.0f} px")
        self.strength[1].setText(f"{_PERCENT * brush.strength:.0f} %")
        self.hardness[1].setText(f"{_PERCENT * brush.hardness:.0f} %")
        self.strength[0].setToolTip(_STRENGTHS[brush.effect])
        paints = brush.effect is Effect.PAINT
        for widget in self.hardness:
            widget.setEnabled(paints)
        for action in self._of_paint:
            action.setEnabled(paints)
        self._show_colours(brush.colour, brushing.recent)

    def _show_colours(self, colour: Colour, recent: tuple[Colour, ...]) -> None:
        if self._shown == (colour, *recent):
            return
        self._shown = colour, *recent
        self._colour.setIcon(_swatch(colour, TOOL_ICON))
        for place, action in enumerate(self.recent):
            action.setVisible(place < len(recent))
            if place < len(recent):
                words = hexadecimal(recent[place])
                action.setIcon(_swatch(recent[place], _SWATCH))
                action.setText(words)
                action.setToolTip(f"Paint with {words}")

    def _recent(self, place: int) -> QAction:
        """The button of one of the colours of late."""
        action = QAction(self)
        action.triggered.connect(lambda: self._brushing.choose(colour=self._brushing.recent[place]))
        self.addAction(action)
        return action

    def _button(self, action: QAction) -> QToolButton:
        return self.widgetForAction(action)

    def _slider(self, name: str, least: int, most: int, hint: str, longest: str) -> tuple[QSlider, object]:
        label, slider, words = bar_slider(name, least, most, hint, longest)
        for widget in (label, slider, words):
            self.addWidget(widget)
        return slider, words


def _swatch(colour: Colour, size: int) -> QIcon:
    """A square of a colour. Args: size: logical pixels."""
    dpr = 2.0  # sharp on fine screens, and scaled down on others
    pixmap = QPixmap(round(size * dpr), round(size * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(128, 128, 128))
    painter.setBrush(QColor.fromRgbF(*colour))
    painter.drawRoundedRect(1, 1, size - 2, size - 2, 3, 3)
    painter.end()
    return QIcon(pixmap)
