"""Icons from resources/icons, in the colour of the text around them."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from daub.resources import ROOT

_SIZES = (16, 20, 24, 32, 48)  # Qt picks; doubled ones serve fractional and high resolution


@cache
def icon(name: str, colour: str, disabled: str) -> QIcon:
    """Args: colour, disabled: "#rrggbb" of the enabled and the disabled icon."""
    result = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for size in _SIZES:
            result.addPixmap(_drawn(name, tint, size), mode)
    return result


def application_icon() -> QIcon:
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_drawn("daub", "#000000", size))
    return result


def pixmap(name: str, colour: QColor, size: int, dpr: float) -> QPixmap:
    drawn = _drawn(name, colour.name(), round(size * dpr))
    drawn.setDevicePixelRatio(dpr)
    return drawn


def _drawn(name: str, colour: str, size: int) -> QPixmap:
    svg = (ROOT / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    result = QPixmap(size, size)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result
