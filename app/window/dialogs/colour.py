"""Asks for a colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from daub.app.model.editing.paint_brush import Colour


def ask_for_colour(begin: Colour, title: str, parent: QWidget) -> Colour | None:
    """The one that was chosen, None where none was. Args: begin: is chosen at first."""
    picked = QColorDialog.getColor(QColor.fromRgbF(*begin), parent, title)
    return _colour(picked) if picked.isValid() else None


def try_colours(
    begin: Colour,
    title: str,
    parent: QWidget,
    show: Callable[[Colour], None],
    keep: Callable[[], None],
    give_up: Callable[[], None],
) -> None:
    """A dialog beside the picture, that shows what comes of every colour before one is chosen.

    Args:
        begin: is chosen at first.
        show: is given each that is tried.
        keep, give_up: called at the end.
    """
    dialog = QColorDialog(QColor.fromRgbF(*begin), parent)
    dialog.setWindowTitle(title)
    dialog.currentColorChanged.connect(lambda picked: show(_colour(picked)))
    dialog.accepted.connect(keep)
    dialog.rejected.connect(give_up)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _colour(picked: QColor) -> Colour:
    return picked.redF(), picked.greenF(), picked.blueF()
