"""Fonts a little larger or smaller than those around them."""

from __future__ import annotations

from PySide6.QtGui import QFont


def scaled(font: QFont, factor: float) -> QFont:
    """A copy of that size, whether the size is given in points or, as by a style sheet, in pixels."""
    result = QFont(font)
    if font.pixelSize() > 0:
        result.setPixelSize(max(1, round(factor * font.pixelSize())))
    else:
        result.setPointSizeF(factor * font.pointSizeF())
    return result
