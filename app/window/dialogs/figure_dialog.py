"""What a figure shows: which sources, and which part of the picture."""

from __future__ import annotations

from collections.abc import Sequence, Set

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from daub.app.model.figures.figure import Place
from daub.app.model.picture.box import Box
from daub.app.model.sources.source import Source


class FigureDialog(QDialog):
    """Asks for rows, in the order of their panels, and for a place.

    Args:
        rows: what can be shown.
        usual: keys of those that are shown unless somebody chooses.
        places: to choose from, the likeliest first.
    """

    def __init__(self, rows: Sequence[Source], usual: Set[str], places: Sequence[Place], parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Export figure")
        column = QVBoxLayout(self)
        column.addWidget(QLabel("Panels, from the left; drag to change their order"))
        self.list = QListWidget()
        self.list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.list.setAccessibleName("Panels")
        for row in rows:
            item = QListWidgetItem("   ".join((row.name, *row.facts)))
            item.setData(Qt.ItemDataRole.UserRole, row.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if row.key in usual else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        column.addWidget(self.list)
        column.addWidget(QLabel("Part of the picture"))
        self.place = QComboBox()
        self.place.setAccessibleName("Part of the picture")
        for place in places:
            left, top, right, bottom = place.box
            self.place.addItem(f"{place.name}   {right - left} × {bottom - top} at {left}, {top}", place.box)
        column.addWidget(self.place)
        hint = QLabel("PNG, PDF or SVG, with a caption of bytes, bits per pixel, PSNR and MS-SSIM under each panel.")
        hint.setProperty("role", "dim")
        hint.setWordWrap(True)
        column.addWidget(hint)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.list.itemChanged.connect(self._refresh)
        self.resize(460, 380)
        self._refresh()

    def chosen(self) -> tuple[list[str], Box]:
        """Keys of the rows, and the part of the picture."""
        return self._keys(), Box(*self.place.currentData())

    def _keys(self) -> list[str]:
        items = [self.list.item(index) for index in range(self.list.count())]
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _refresh(self) -> None:
        self._save.setEnabled(bool(self._keys()) and self.place.count() > 0)
