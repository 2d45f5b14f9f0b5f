"""How large the exported picture shall be: the Gaussians have no resolution of their own."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QWidget

from daub.app.model.picture.picture import scaled_size

_SCALES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


class ExportDialog(QDialog):
    """Asks for one of some scales.

    Args:
        width, height: of the picture, pixels.
    """

    def __init__(self, width: int, height: int, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Export PNG")
        self._size = (width, height)
        form = QFormLayout(self)
        self.scale = QComboBox()
        for scale in _SCALES:
            wide, high = scaled_size(width, height, scale)
            self.scale.addItem(f"{scale:g} ×   {wide} × {high}", scale)
        self.scale.setCurrentIndex(_SCALES.index(1.0))
        form.addRow("Size", self.scale)
        hint = QLabel("Drawn anew from the Gaussians at that size, not enlarged pixels.")
        hint.setProperty("role", "dim")
        form.addRow(hint)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def chosen(self) -> float:
        """How many times as large the picture shall be."""
        return self.scale.currentData()
