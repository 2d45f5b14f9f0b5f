"""The picker of the method: a profile, and its parts, which can be changed one by one.

The registries of profiles load numba and SciPy, so the picker is filled once the worker has loaded these.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from daub.app.model.fit.method_words import line_of, name_of
from daub.app.model.work.failure import by_name, failure_of_work
from daub.app.model.workspace.workspace import Workspace
from daub.app.window.panels.parts_list import PartsList
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.errors import DaubError
from daub.codec.settings import NATIVE, EncodeSettings


class ProfilePanel(QWidget):
    """Shows the method of the workspace. Parts that do not go together stay here, and no fit starts meanwhile.

    Args:
        ask_for_file: gives a profile's file that somebody has chosen, or None.

    Attributes:
        save: the button that writes the method; what it does is for others to say.
    """

    def __init__(self, workspace: Workspace, ask_for_file: Callable[[], Path | None], parent: QWidget | None = None):
        super().__init__(parent)
        self._workspace, self._ask_for_file = workspace, ask_for_file
        self._name = NATIVE
        self._base = None  # Profile of that name
        self._changed: dict[str, str] = {}  # parts as they are chosen here
        self._accepted: tuple[str, tuple[tuple[str, str], ...]] = NATIVE, ()  # what the settings were given
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.profiles = QComboBox()
        self.profiles.addItem(name_of(NATIVE), NATIVE)
        self.profiles.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.profiles.setAccessibleName("Method")
        self.profiles.setToolTip("Method: what fits the Gaussians, our own or a published one")
        self.profiles.activated.connect(self._pick)
        WheelGuard(self).watch(self.profiles)
        self.about = QLabel(line_of(NATIVE))
        self.about.setProperty("role", "dim")
        self.about.setWordWrap(True)
        self.parts = PartsList()
        self.parts.chosen.connect(self._change)
        self.parts.reset.connect(self._reset)
        self.save = QPushButton("Save profile as…")
        self.save.setProperty("role", "small")
        self.save.setToolTip("A .toml file that this list and daub encode --profile take")
        self.parts.buttons.addWidget(self.save)
        self.error = QLabel()
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        for widget in (self.profiles, self.about, self.parts, self.error):
            column.addWidget(widget)
        self._enable(False)
        workspace.ready.connect(self.fill)
        workspace.settings_changed.connect(self.show_settings)

    def fill(self) -> None:
        """Asks the registries what there is."""
        from daub.codec.profiles.profile import PARTS, PROFILES

        self._registered = PARTS
        self._base = PROFILES[NATIVE]
        self.profiles.clear()
        for name in PROFILES:
            self.profiles.addItem(name_of(name), name)
            self.profiles.setItemData(self.profiles.count() - 1, line_of(name), Qt.ItemDataRole.ToolTipRole)
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
            with by_name(name):
                base = load_profile(name)
        except DaubError as error:
            self._show_name()
            self._workspace.failed.emit(failure_of_work(error))
            return
        again = name == self._name and name not in PROFILES and not self._changed
        self._name, self._base, self._changed = name, base, {}
        self._renew()
        if again:
            self._workspace.read_method_again()

    def show_settings(self, settings: EncodeSettings) -> None:
        """The method of these settings, where it is another than before."""
        from daub.codec.profiles.profile_file import load_profile

        if self._base is None or (settings.profile, settings.parts) == self._accepted:
            return
        self._name, self._changed = settings.profile, dict(settings.parts)
        self._base = load_profile(settings.profile)
        self._show()

    def _enable(self, on: bool) -> None:
        for widget in (self.profiles, self.parts, self.parts.fold):
            widget.setEnabled(on)

    def _pick(self, index: int) -> None:
        name = self.profiles.itemData(index)
        if name is None:
            self._show_name()
            name = self._ask_for_file()
        if name:
            self.choose(str(name))

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
        """Wants the method as it is chosen here, or says why that is none."""
        line = ""
        try:
            self._base.varied(self._changed)
        except DaubError as error:
            line = str(error)
        else:
            self._accepted = self._name, tuple(self._changed.items())
            self._workspace.choose_method(*self._accepted)
        self._show(line)

    def _show(self, error: str = "") -> None:
        if self.profiles.findData(self._name) < 0:
            self.profiles.insertItem(self.profiles.count() - 2, name_of(self._name), self._name)
        self._show_name()
        self.about.setText(line_of(self._name))
        self.about.setVisible(bool(self.about.text()))
        self.parts.show_parts(self._base, self._registered, self._changed)
        self.error.setText(error[:1].upper() + error[1:])
        self.error.setVisible(bool(error))
        self.save.setEnabled(not error)
        if not error:
            self._accepted = self._name, tuple(self._changed.items())
        self._workspace.fitting.hold(bool(error))
