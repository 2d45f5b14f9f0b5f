"""The picker of the method: a profile, and its parts, which can be changed one by one.

The registries of codec/methods load numba and SciPy, so the picker is filled once the worker has loaded these.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from daub.app.model.wanted import NATIVE
from daub.app.window.panels.parts_list import PartsList
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.errors import DaubError

_FILES = "Profiles (*.toml)"


class ProfilePanel(QWidget):
    chosen = Signal(str, tuple, object)  # profile, parts changed, as in `Wanted`; and the Profile that they make
    read_again = Signal()  # the file of the method, which may hold another by now
    refused = Signal(bool)  # whether the parts, as they are now, do not go together
    failed = Signal(str, str)  # one line, details
    saved = Signal(object)  # the Path that the method shall be written to

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._name = NATIVE
        self._base = None  # Profile of that name
        self._changed: dict[str, str] = {}
        self._folder = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.profiles = QComboBox()
        self.profiles.addItem(NATIVE, NATIVE)
        self.profiles.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.profiles.setAccessibleName("Method")
        self.profiles.setToolTip("Method: what fits the Gaussians, our own or a published one")
        self.profiles.activated.connect(self._pick)
        WheelGuard(self).watch(self.profiles)
        self.parts = PartsList()
        self.parts.chosen.connect(self._change)
        self.parts.reset.connect(self._reset)
        self.save = QPushButton("Save profile as…")
        self.save.setProperty("role", "small")
        self.save.setToolTip("A .toml file that this list and daub encode --profile take")
        self.save.clicked.connect(self._save)
        self.parts.buttons.addWidget(self.save)
        self.error = QLabel()
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        for widget in (self.profiles, self.parts, self.error):
            column.addWidget(widget)
        self._enable(False)

    def fill(self) -> None:
        """Asks the registries what there is."""
        from daub.codec.profiles.profile import PARTS, PROFILES

        self._registered = PARTS
        self._base = PROFILES[NATIVE]
        self.profiles.clear()
        for name in PROFILES:
            self.profiles.addItem(name, name)
        self.profiles.insertSeparator(self.profiles.count())
        self.profiles.addItem("From a file…", None)
        self.parts.fill(PARTS)
        self.parts.show_parts(self._base, PARTS, {})
        self._enable(True)

    def choose(self, name: str) -> None:
        """Args: name: of a profile as registered, or the path of a .toml file."""
        from daub.codec.profiles.profile import PROFILES
        from daub.codec.profiles.profile_file import load_profile

        try:
            base = load_profile(name)
        except DaubError as error:
            self._show_name()
            self.failed.emit(str(error), "")
            return
        again = name == self._name and name not in PROFILES
        self._name, self._base, self._changed = name, base, {}
        if self.profiles.findData(name) < 0:
            self.profiles.insertItem(self.profiles.count() - 2, Path(name).name, name)
        self._show_name()
        self._renew()
        if again:
            self.read_again.emit()

    def _enable(self, on: bool) -> None:
        for widget in (self.profiles, self.parts, self.parts.fold):
            widget.setEnabled(on)

    def _pick(self, index: int) -> None:
        name = self.profiles.itemData(index)
        if name is None:
            self._show_name()
            name, _ = QFileDialog.getOpenFileName(self, "Open a profile", self._folder, _FILES)
            self._folder = str(Path(name).parent) if name else self._folder
        if name:
            self.choose(name)

    def _show_name(self) -> None:
        self.profiles.setCurrentIndex(self.profiles.findData(self._name))

    def _change(self, kind: str, part: str) -> None:
        self._changed.pop(kind, None)
        if part:
            self._changed[kind] = part
        self._renew()

    def _reset(self) -> None:
        self._changed = {}
        self._renew()

    def _renew(self) -> None:
        self.parts.show_parts(self._base, self._registered, self._changed)
        line = ""
        try:
            method = self._base.varied(self._changed)
        except DaubError as error:
            line = str(error)
        self.error.setText(line[:1].upper() + line[1:])
        self.error.setVisible(bool(line))
        self.save.setEnabled(not line)
        if not line:
            self.chosen.emit(self._name, tuple(self._changed.items()), method)
        self.refused.emit(bool(line))

    def _save(self) -> None:
        start = str(Path(self._folder) / f"{Path(self._name).stem}-mine.toml")
        name, _ = QFileDialog.getSaveFileName(self, "Save profile", start, _FILES)
        if name:
            path = Path(name)
            self._folder = str(path.parent)
            self.saved.emit(path if path.suffix else path.with_suffix(".toml"))
