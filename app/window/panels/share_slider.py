"""How the time of a fit is shared between the fit and painting the picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from daub.app.model.view.chrome import SHARES, Chrome
from daub.app.window.panels.wheel_guard import WheelGuard

_WIDTH = 72  # logical pixels, of the slider
_HEIGHT = 18  # logical pixels, with the handle
_PERCENT = 100


class ShareSlider(QWidget):
    """A slider from the fit to the view. Args: chrome: keeps the share."""

    def __init__(self, chrome: Chrome):
        super().__init__()
        self._chrome = chrome
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(*(round(_PERCENT * share) for share in SHARES))
        self.slider.setPageStep(10)
        self.slider.setFixedSize(_WIDTH, _HEIGHT)
        self.slider.setAccessibleName("Share of the time that painting may take while a fit runs")
        self.slider.valueChanged.connect(lambda percent: chrome.set(share=percent / _PERCENT))
        WheelGuard(self).watch(self.slider)
        for widget in (QLabel("Fit"), self.slider, QLabel("View")):
            row.addWidget(widget)
        chrome.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the share as it is."""
        percent = round(_PERCENT * self._chrome.share)
        self.slider.blockSignals(True)
        self.slider.setValue(percent)
        self.slider.blockSignals(False)
        self.setToolTip(
            f"While a fit runs, painting the picture may take {percent} % of the time:\n"
            "to the left the fit is faster, to the right the picture is smoother"
        )
