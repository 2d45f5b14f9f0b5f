"""The slider of how the time is shared between fitting and viewing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from daub.app.model.sharing import LEAST, MOST, Sharing
from daub.app.window.panels.wheel_guard import WheelGuard

_WIDTH = 72  # logical pixels
_PERCENT = 100


class ShareSlider(QWidget):
    """To the left the fit is faster, to the right the picture smoother."""

    def __init__(self, sharing: Sharing, parent: QWidget | None = None):
        super().__init__(parent)
        self._sharing = sharing
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(_PERCENT * LEAST), round(_PERCENT * MOST))
        self.slider.setPageStep(10)
        self.slider.setFixedWidth(_WIDTH)
        self.slider.setAccessibleName("Share of viewing")
        WheelGuard(self).watch(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(6)
        for widget in (QLabel("Fit"), self.slider, QLabel("View")):
            row.addWidget(widget)
        self.slider.valueChanged.connect(lambda percent: sharing.choose(percent / _PERCENT))
        sharing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the share as it is."""
        percent = round(_PERCENT * self._sharing.viewing)
        self.slider.blockSignals(True)
        self.slider.setValue(percent)
        self.slider.blockSignals(False)
        self.setToolTip(f"While a fit runs, {percent} % of the time is for drawing it and the rest for fitting")
