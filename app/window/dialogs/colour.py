"""Asks for a colour."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from daub.app.model.editing.paint_brush import Colour


def ask_for_colour(begin: Colour, title: str, parent: QWidget) -> Colour | None:
    """The one that was chosen, None where none was. Args: begin: is chosen at first."""
    picked = QColorDialog.getColor(QColor.fromRgbF(*begin), parent, title)
    return (picked.redF(), picked.greenF(), picked.blueF()) if picked.isValid() else None
