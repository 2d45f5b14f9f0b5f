"""What program this is: version, licence, what it runs on, and the versions of what it is made of."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout

from daub.app.window.look.icons import application_icon

if TYPE_CHECKING:
    from daub.app.window.main_window import Window

_ICON = 64  # logical pixels
_PACKAGES = "PySide6-Essentials", "imgui-bundle", "numpy", "numba", "scipy", "pillow", "imagecodecs"
_LICENCE = "MIT: use, change and share it freely, without warranty"


class About(QDialog):
    """Says that, and copies it for a report."""

    def __init__(self, window: Window):
        super().__init__(window)
        self.setWindowTitle("About Daub")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows = rows(window)
        column = QVBoxLayout(self)
        head = QHBoxLayout()
        head.setSpacing(16)
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(_ICON, _ICON))
        head.addWidget(picture)
        title = QLabel(
            f"<b>Daub {_version('daub')}</b><br>Turns images into 2D Gaussians<br>and Gaussians into small files."
        )
        head.addWidget(title, 1)
        column.addLayout(head)
        column.addSpacing(8)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignTop)
        for name, value in self._rows:
            label, words = QLabel(name), QLabel(value)
            label.setProperty("role", "dim")
            words.setWordWrap(True)
            words.setMinimumWidth(340)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label, words)
        column.addLayout(form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        buttons.rejected.connect(self.close)
        column.addWidget(buttons)

    def copy(self) -> None:
        """Puts it on the clipboard."""
        lines = [f"Daub {_version('daub')}", *(f"{name}: {value}" for name, value in self._rows)]
        QGuiApplication.clipboard().setText("\n".join(lines))


def rows(window: Window) -> list[tuple[str, str]]:
    """What is said, by name."""
    return [
        ("Licence", _LICENCE),
        ("Fit", window.status.device.toolTip().partition("\n")[0] or "not started yet"),
        ("Picture", f"{str(window.viewport.reason)[:1].upper()}{str(window.viewport.reason)[1:]}"),
        ("OpenGL", window.viewport.surface.driver()),
        ("System", f"{platform.platform(terse=True)}, {QGuiApplication.platformName()}"),
        ("Python", platform.python_version()),
        ("Qt", qVersion()),
        ("Packages", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "(not installed)"
