"""The page Inspect: the Gaussian that is picked, in numbers, in bits, and in what the picture is without it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from daub.app.model.gaussians.inspector import Inspector
from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.picking import Inspection, Shape
from daub.app.model.gaussians.properties import Property
from daub.app.window.actions import Actions
from daub.app.window.dialogs.clipboard import to_qimage
from daub.app.window.panels.action_button import ActionButton

_CROP = 84  # logical pixels, side of a crop
_BAR = 6  # logical pixels, height of a bar
_ROWS = ("Position", "Axes", "Angle", "Light", "Energy", "Birth", "Bits", "PSNR")
_TOOL_TIPS = {
    "Position": "Of its centre, from the centre of the first pixel",
    "Axes": "Standard deviations along its two axes; it ends at three of them",
    "Angle": "Of its long axis, counter-clockwise from the right",
    "Light": "What it adds to red, green and blue at its centre, or takes away, levels of 0 to 255",
    "Energy": Property.ENERGY.value.note,
    "Birth": "Step of the fit at which it was put where it is, or near it",
    "Bits": "What it has cost in the file, as it was really coded",
    "PSNR": "Of the whole picture before it is rounded, and without this Gaussian; "
    "to the source, or to the other side where there is none",
}


class InspectPanel(QWidget):
    """Says how to pick one while none is.

    Args:
        actions: the buttons are theirs.
    """

    def __init__(self, actions: Actions, overlay: Overlay, inspector: Inspector):
        super().__init__()
        self._overlay, self._inspector = overlay, inspector
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.hint = QLabel("Take the tool and click on the picture: here stands what there is to say of a Gaussian.")
        self.hint.setProperty("role", "dim")
        self.hint.setWordWrap(True)
        column.addWidget(ActionButton(actions["pick"], "plain"))
        column.addWidget(self.hint)
        self.facts = QWidget()
        column.addWidget(self.facts)
        column = QVBoxLayout(self.facts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        self.title = QLabel()
        self.title.setWordWrap(True)
        head.addWidget(self.title, 1)
        for name, arrow in (("pick_stronger", Qt.ArrowType.LeftArrow), ("pick_weaker", Qt.ArrowType.RightArrow)):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setArrowType(arrow)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(actions[name].text())
            head.addWidget(button)
        column.addLayout(head)
        self.values = self._rows(column)
        self.bars = BitBars()
        column.addWidget(self.bars)
        self.why = QLabel()
        self.why.setProperty("role", "dim")
        self.why.setWordWrap(True)
        column.addWidget(self.why)
        self.crops = self._crops(column)
        column.addWidget(ActionButton(actions["without"], "plain"))
        inspector.changed.connect(self.refresh)
        overlay.changed.connect(self._show_why)
        self.refresh()

    def refresh(self) -> None:
        """Shows what is picked."""
        shape, found = self._inspector.shape, self._inspector.found
        self.hint.setVisible(shape is None)
        self.facts.setVisible(shape is not None)
        if shape is None:
            return
        gaussians, index = self._inspector.picked
        rank, count = self._inspector.rank
        self.title.setText(f"Gaussian {index + 1:,} of {len(gaussians):,}, {rank + 1} of {count} at this place")
        self._show_shape(shape)
        self._show_found(found)
        self._show_why()

    def _show_shape(self, shape: Shape) -> None:
        self.values["Position"].setText(f"x {shape.x:.2f}  y {shape.y:.2f} px")
        self.values["Axes"].setText(f"{shape.long:.2f} × {shape.short:.2f} px")
        self.values["Angle"].setText(f"{shape.angle:z.1f}°".replace("-", "−"))
        self.values["Light"].setText("  ".join(f"{each:+.0f}" for each in shape.colour).replace("-", "−"))
        self.values["Energy"].setText(f"{shape.energy:.3g}")

    def _show_found(self, found: Inspection | None) -> None:
        for name in ("Birth", "Bits", "PSNR"):
            self.values[name].setText("…" if found is None else "–")
        self.bars.show_parts({} if found is None else found.bits)
        if found is None:
            return
        if found.born is not None:
            self.values["Birth"].setText(f"step {found.born:,}")
        if found.bits:
            bits = sum(found.bits.values())
            self.values["Bits"].setText(f"{bits:.1f}, {100 * bits / found.total_bits:.3g} % of all")
        if found.psnr is not None:
            loss = found.psnr_without - found.psnr
            words = f"{found.psnr:.2f} dB, {found.psnr_without:.2f} without ({loss:+.3f})"
            self.values["PSNR"].setText(words.replace("-", "−"))
        for name, pixels in (("with", found.picture), ("without", found.without), ("difference", found.difference)):
            self.crops[name].setPixmap(_enlarged(pixels, self.devicePixelRatio()))

    def _show_why(self) -> None:
        """What is not known of it, and why."""
        if self._inspector.shape is None:
            return
        lines, found = [], self._inspector.found
        for which, known in (
            (Property.BITS, found is not None and found.bits),
            (Property.BIRTH, found is not None and found.born is not None),
        ):
            why = "" if known else self._overlay.why_not(which)
            if why:
                lines.append(f"{which.value.title} not known: {why}.")
        account = self._overlay.account
        if account is not None and account.given_back and found is not None and found.bits:
            lines.append(
                f"All Gaussians together save {account.given_back / 8:,.0f} bytes, as the file keeps no order of them; "
                "no one of them has its share."
            )
        self.why.setText("\n".join(lines))
        self.why.setVisible(bool(lines))

    def _rows(self, column: QVBoxLayout) -> dict[str, QLabel]:
        grid, values = QGridLayout(), {}
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(_ROWS):
            label, value = QLabel(name), QLabel("–")
            label.setProperty("role", "dim")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setWordWrap(name == "PSNR")
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
            for widget in (label, value):
                widget.setToolTip(_TOOL_TIPS[name])
            values[name] = value
        column.addLayout(grid)
        return values

    def _crops(self, column: QVBoxLayout) -> dict[str, QLabel]:
        grid, crops = QGridLayout(), {}
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        for place, (name, words) in enumerate(
            (("with", "with it"), ("without", "without it"), ("difference", "difference × 4"))
        ):
            crop, label = QLabel(), QLabel(words)
            crop.setFixedSize(_CROP, _CROP)
            crop.setAccessibleName(f"The picture {words}" if name != "difference" else "Difference of the two")
            label.setProperty("role", "dim")
            grid.addWidget(crop, 0, place)
            grid.addWidget(label, 1, place, Qt.AlignmentFlag.AlignHCenter)
            crops[name] = crop
        column.addLayout(grid)
        return crops


class BitBars(QWidget):
    """What bits say and how many they are, each with a bar, the longest of which is for the most."""

    def __init__(self):
        super().__init__()
        self._parts: dict[str, float] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: dict[str, float]) -> None:
        """Args: parts: bits by what they say."""
        if parts != self._parts:
            self._parts = parts
            self.setAccessibleName(", ".join(f"{name} {bits:.1f} bits" for name, bits in parts.items()))
            self.setVisible(bool(parts))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._row * len(self._parts))

    @property
    def _row(self) -> int:
        return self.fontMetrics().height() + 3

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, most = self.palette(), max(self._parts.values(), default=1.0) or 1.0
        names = max((self.fontMetrics().horizontalAdvance(name) for name in self._parts), default=0) + 10
        numbers = self.fontMetrics().horizontalAdvance("000.0") + 8
        room = max(self.width() - names - numbers, 10)
        dim, ink = palette.placeholderText().color(), palette.text().color()
        for row, (name, bits) in enumerate(self._parts.items()):
            top, align = row * self._row, Qt.AlignmentFlag.AlignVCenter
            painter.setPen(dim)
            painter.drawText(QRectF(0, top, names, self._row), align, name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.highlight())
            bar = QRectF(names, top + (self._row - _BAR) / 2, max(room * bits / most, 1), _BAR)
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(ink)
            where = QRectF(self.width() - numbers, top, numbers, self._row)
            painter.drawText(where, align | Qt.AlignmentFlag.AlignRight, f"{bits:.1f}")
        painter.end()


def _enlarged(pixels: np.ndarray, dpr: float) -> QPixmap:
    """A crop (h, w, 3) uint8, its pixels square, in the middle of a square of _CROP logical pixels."""
    side = round(_CROP * dpr)
    image: QImage = to_qimage(np.ascontiguousarray(pixels))
    how = (
        Qt.TransformationMode.FastTransformation
        if max(pixels.shape) <= side
        else Qt.TransformationMode.SmoothTransformation
    )
    scaled = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, how)
    square = QPixmap(side, side)
    square.fill(QColor(0, 0, 0, 0))
    painter = QPainter(square)
    painter.drawImage((side - scaled.width()) // 2, (side - scaled.height()) // 2, scaled)
    painter.end()
    square.setDevicePixelRatio(dpr)
    return square
