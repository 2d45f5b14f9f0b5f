"""The bar of the brush that paints Gaussians: what it does, its size, strength and hardness, and its colours."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap

from daub.app.model.editing.brushing import RECENT, Brushing
from daub.app.model.editing.paint_brush import Colour, Effect, hexadecimal
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import TOOL_ICON
from daub.app.window.panels.stroke_bar import PERCENT, StrokeBar

_SWATCH = 14  # logical pixels, of a recent colour
_STRENGTHS = {
    Effect.PAINT: "How much of the colour is laid on",
    Effect.SMEAR: "How far what lies under the brush goes along with it",
    Effect.BLUR: "How wide Gaussians become in the middle of the brush",
}


class PaintBar(StrokeBar):
    """Seen while the brush is at hand.

    Args:
        actions: some of its buttons are theirs.
    """

    def __init__(self, actions: Actions, brushing: Brushing):
        super().__init__("Painting", "painting", brushing)
        self._brushing = brushing
        self._shown: tuple[Colour, ...] | None = None  # colours on the buttons
        for name, words in (("tool_paint", "Paint"), ("tool_smear", "Smear"), ("tool_blur", "Blur")):
            self.add_worded(actions[name], words)
        self.addSeparator()
        self.add_sliders(_STRENGTHS[Effect.PAINT], "100 %")
        self.hardness = self.add_slider(
            "Hardness", (0, PERCENT), "How sharp the edge of the paint is", "100 %",
            lambda percent: brushing.choose(hardness=percent / PERCENT),
        )  # fmt: skip
        self._of_paint = [self.addSeparator()]
        self._colour = actions["brush_colour"]
        self.add_worded(self._colour, "Colour")
        self.recent = [self._recent(place) for place in range(RECENT)]
        self._of_paint += self.recent  # the colour's button is enabled as its command is
        brushing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the brush as it is."""
        brush = self._brushing.brush
        self.show_brush(brush, f"{PERCENT * brush.strength:.0f} %")
        self.strength.explain(_STRENGTHS[brush.effect])
        self.hardness.show(round(PERCENT * brush.hardness), f"{PERCENT * brush.hardness:.0f} %")
        paints = brush.effect is Effect.PAINT
        self.hardness.enable(paints)
        for action in self._of_paint:
            action.setEnabled(paints)
        self._show_colours(brush.colour, self._brushing.recent)

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
        self.widgetForAction(action).setProperty("role", "swatch")
        return action


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
