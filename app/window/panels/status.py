"""The status bar: the pixel under the cursor, size and zoom of the picture, the device and why it is that one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from daub.app.model.device import Device
from daub.app.model.picture import Picture
from daub.app.window.panels.readout import levels
from daub.render.errors import Reason

ColourAt = Callable[[int, int], np.ndarray | None]

_DEVICES = {"cpu": "CPU", "cuda": "GPU, with CUDA"}


class StatusBar(QStatusBar):
    def __init__(self):
        super().__init__()
        self.setSizeGripEnabled(False)
        self.readout, self.size_label, self.zoom, self.device = QLabel(), QLabel(), QLabel(), QLabel("Starting…")
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addWidget(self.readout, 1)
        for label in (self.size_label, self.zoom, self.device):
            self.addPermanentWidget(label)
        self._loading = ""

    def show_loading(self, name: str) -> None:
        """Args: name of what is being opened, "" when that is done."""
        self._loading = name
        self.readout.setText(f"Opening {name} …" if name else "")

    def show_picture(self, picture: Picture) -> None:
        self.size_label.setText(f"{picture.width} × {picture.height}")

    def show_zoom(self, zoom: float) -> None:
        """Args: zoom, device pixels per image pixel."""
        self.zoom.setText(f"{100 * zoom:.{0 if zoom >= 0.1 else 1}f} %")

    def show_device(self, device: Device, drawing: Reason) -> None:
        """What the fit runs on and why, and how the viewport adds up the Gaussians where that is a fallback.

        Args:
            drawing: how it does; it has a `why` only where that is a fallback.
        """
        fallback = f" · {drawing.what}" if drawing.why else ""
        self.device.setText(f"{device.name.upper()}: {device.reason.what}{fallback}")
        runs = f"The fit runs on the {_DEVICES[device.name]}: {device.reason}."
        self.device.setToolTip(f"{runs}\nThe menu Fit chooses the device.\nThe picture is {drawing}.")

    def show_pixel(self, pixel: tuple[int, int] | None, picture: Picture | None, decoded_at: ColourAt | None) -> None:
        """Position, source, decoded and difference, as 8-bit levels; nothing beside the picture.

        Args:
            decoded_at: the decoded colour in [0, 1] of column x and row y, None where there is none yet.
        """
        if self._loading:
            return
        if pixel is None or picture is None or not (pixel[0] < picture.width and pixel[1] < picture.height):
            self.readout.clear()
            return
        x, y = pixel
        parts = [f"x {x}  y {y}"]
        source = None if picture.pixels is None else levels(picture.pixels[y, x])
        colour = None if decoded_at is None else decoded_at(x, y)
        decoded = None if colour is None else levels(colour)
        if source is not None:
            parts.append("source {} {} {}".format(*source))
        if decoded is not None:
            parts.append("decoded {} {} {}".format(*decoded))
        if source is not None and decoded is not None:
            parts.append("difference {:+d} {:+d} {:+d}".format(*(d - s for s, d in zip(source, decoded, strict=True))))
        self.readout.setText("    ".join(parts))
