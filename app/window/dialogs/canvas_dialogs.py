"""How the canvas shall be cropped, or how large it shall be, in numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from daub.app.model.editing.canvas import LARGEST
from daub.app.model.picture.box import Box


class CropDialog(QDialog):
    """Asks for a rectangle on the canvas.

    Args:
        whole: the canvas, pixels.
        usual: what is left unless somebody chooses.
    """

    def __init__(self, whole: Box, usual: Box, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Crop")
        form = QFormLayout(self)
        self._whole = whole
        self.left, self.top, self.width, self.height = (
            _field(form, name, value)
            for name, value in (
                ("Left", usual.left), ("Top", usual.top),
                ("Width", usual.right - usual.left), ("Height", usual.bottom - usual.top),
            )
        )  # fmt: skip
        for field in (self.left, self.top):
            field.setMinimum(0)
            field.valueChanged.connect(self._limit)
        self._limit()
        hint = QLabel("The source is cropped along with it, so that both can still be compared.")
        hint.setWordWrap(True)
        hint.setProperty("role", "dim")
        form.addRow(hint)
        _add_buttons(self, form, "Crop")
        _begin_at(self.left)

    def chosen(self) -> Box:
        """What is left."""
        left, top = self.left.value(), self.top.value()
        return Box(left, top, left + self.width.value(), top + self.height.value())

    def _limit(self) -> None:
        """All of it lies on the canvas."""
        self.left.setMaximum(self._whole.right - 1)
        self.top.setMaximum(self._whole.bottom - 1)
        self.width.setMaximum(self._whole.right - self.left.value())
        self.height.setMaximum(self._whole.bottom - self.top.value())


class ResizeDialog(QDialog):
    """Asks for another size of the canvas. Args: width, height: as it is, pixels."""

    def __init__(self, width: int, height: int, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Resize canvas")
        self._size = width, height
        form = QFormLayout(self)
        self.width, self.height = _field(form, "Width", width), _field(form, "Height", height)
        self.percent = QLabel()
        self.percent.setProperty("role", "dim")
        self.keeps = QCheckBox("Keep proportions")
        self.keeps.setChecked(True)
        form.addRow(self.percent)
        form.addRow(self.keeps)
        hint = QLabel("Gaussians have any size: nothing is resampled but the source, to be looked at beside them.")
        hint.setWordWrap(True)
        hint.setProperty("role", "dim")
        form.addRow(hint)
        _add_buttons(self, form, "Resize")
        self.width.valueChanged.connect(lambda value: self._follow(self.height, value * height / width))
        self.height.valueChanged.connect(lambda value: self._follow(self.width, value * width / height))
        self.keeps.toggled.connect(lambda on: on and self._follow(self.height, self.width.value() * height / width))
        self._tell()
        _begin_at(self.width)

    def chosen(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.width.value(), self.height.value()

    def _follow(self, other: QSpinBox, value: float) -> None:
        if self.keeps.isChecked():
            other.blockSignals(True)
            other.setValue(max(1, round(value)))
            other.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        shares = [100 * now / before for now, before in zip(self.chosen(), self._size, strict=True)]
        self.percent.setText(" × ".join(f"{share:.4g} %" for share in shares))


def _field(form: QFormLayout, name: str, value: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(1, LARGEST)
    field.setMinimum(min(1, value))
    field.setValue(value)
    field.setSuffix(" px")
    field.setAccelerated(True)
    form.addRow(name, field)
    return field


def _begin_at(field: QSpinBox) -> None:
    """What is typed first takes the place of its number; unless that is selected, the digits go before it."""
    field.setFocus()
    field.selectAll()


def _add_buttons(dialog: QDialog, form: QFormLayout, word: str) -> None:
    """Args: word: what is done."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    buttons.button(QDialogButtonBox.StandardButton.Ok).setText(word)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    form.addRow(buttons)
