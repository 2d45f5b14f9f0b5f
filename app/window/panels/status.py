"""The status bar: the pixel under the cursor, size and zoom of the picture, the device and why it is that one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton

from daub.app.model.fit.device import Device
from daub.app.model.picture.registration import SAME
from daub.app.model.workbench import Workbench
from daub.app.window.panels.readout import factor_words, levels
from daub.app.window.panels.share_slider import ShareSlider
from daub.codec.importance import NEUTRAL, Importance
from daub.render.errors import Reason

_DEVICES = {"cpu": "CPU", "cuda": "GPU, with CUDA"}


class StatusBar(QStatusBar):
    """One line of facts.

    Args:
        cancel: gives up what is being opened.
    """

    def __init__(self, bench: Workbench, cancel: QAction):
        super().__init__()
        self._bench = bench
        self.setSizeGripEnabled(False)
        self.readout, self.size_label, self.zoom, self.device = QLabel(), QLabel(), QLabel(), QLabel("Starting…")
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.give_up = QToolButton()
        self.give_up.setDefaultAction(cancel)
        self.give_up.hide()
        self.addWidget(self.give_up)
        self.addWidget(self.readout, 1)
        self.share = ShareSlider(bench.chrome)
        for widget in (self.share, self.size_label, self.zoom, self.device):
            self.addPermanentWidget(widget)
        self._loading = ""
        bench.workspace.loading.connect(self.show_loading)
        bench.workspace.read_share.connect(lambda share: self.show_loading(self._loading, share))
        bench.sources.pair.changed.connect(self._show_size)
        bench.comparison.changed.connect(self._show_size)
        bench.sources.pair.changed.connect(self.show_pixel)
        bench.view.hovered.connect(self.show_pixel)
        bench.decoded.changed.connect(self.show_pixel)
        bench.painting.painted.connect(lambda _: self.show_pixel())
        bench.view.moved.connect(self._show_zoom)

    def show_loading(self, name: str, share: float | None = None) -> None:
        """Says that something is being opened. Args: name: of that, "" when it is done. share: 0 to 1, if known."""
        self._loading = name
        far = "" if share is None else f", {share:.0%}".replace("%", " %")
        self.readout.setText(f"Opening {name}{far} …" if name else "")
        self.give_up.setVisible(bool(name))

    def show_device(self, device: Device, drawing: Reason) -> None:
        """What the fit runs on and why, and how the viewport adds up the Gaussians where that is a fallback.

        Args:
            drawing: how it does; it has a `why` only where that is a fallback.
        """
        fallback = f" · {drawing.what}" if drawing.why else ""
        self.device.setText(f"{device.name.upper()}: {device.reason.what}{fallback}")
        runs = f"The fit runs on the {_DEVICES[device.name]}: {device.reason}."
        self.device.setToolTip(f"{runs}\nThe menu Fit chooses the device.\nThe picture is {drawing}.")

    def show_pixel(self) -> None:
        """The pixel under the pointer: its place, both sides and their difference as 8-bit levels, what it matters.

        The sides go by their letters, as on the picture: their names would not fit into a small window.
        """
        pixel, (width, height) = self._bench.view.pixel, self._bench.comparison.size
        if self._loading:
            return
        if pixel is None or not (pixel[0] < width and pixel[1] < height):
            self.readout.setText("")  # nothing is laid out anew where that is so already
            return
        parts = ["x {}  y {}".format(*pixel)]
        sides = zip("AB", self._bench.comparison.sides, strict=True)
        seen = [(letter, self._bench.decoded.colour_seen(side, *pixel)) for letter, side in sides if side is not None]
        known = [(letter, levels(colour)) for letter, colour in seen if colour is not None]
        parts += [f"{letter} {r} {g} {b}" for letter, (r, g, b) in known]
        if len(known) == 2:
            (_, a), (_, b) = known
            r, g, b = (there - here for here, there in zip(a, b, strict=True))
            parts.append(f"B − A {r:+d} {g:+d} {b:+d}")
        canvas = self._bench.painting.canvas if self._bench.view.registration == SAME else None
        if canvas is not None and canvas.values[pixel[1], pixel[0]] != NEUTRAL:
            factor = Importance(canvas.values[pixel[1], pixel[0]].reshape(1, 1)).factors[0, 0]
            parts.append(f"importance {factor_words(factor)}")
        self.readout.setText("    ".join(parts))

    def _show_size(self) -> None:
        width, height = self._bench.comparison.size
        self.size_label.setText(f"{width} × {height}" if width else "")

    def _show_zoom(self) -> None:
        if self._bench.view.has_picture:
            zoom = self._bench.view.camera.zoom
            self.zoom.setText(f"{100 * zoom:.{0 if zoom >= 0.1 else 1}f} %")
