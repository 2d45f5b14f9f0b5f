"""The parts of a method, one below the other, behind a heading that unfolds them; changed ones are marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from daub.app.window.panels.wheel_guard import WheelGuard

if TYPE_CHECKING:
    from daub.codec.profiles.profile import Profile

_LABEL_WIDTH = 110  # logical pixels


class PartsList(QWidget):
    chosen = Signal(str, str)  # kind, name as registered, "" for the profile's own part
    reset = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._guard = WheelGuard(self)
        self.labels: dict[str, QLabel] = {}
        self.fields: dict[str, QComboBox] = {}
        self.fold = QToolButton()  # stands beside the heading of the panel
        self.fold.setProperty("role", "fold")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setCheckable(True)
        self.fold.setToolTip("What the method is made of; each part can be another")
        self.fold.toggled.connect(self._unfold)
        self.undo = QPushButton("Reset")
        self.undo.setProperty("role", "small")
        self.undo.setToolTip("Take all changes of the parts back")
        self.undo.clicked.connect(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnMinimumWidth(0, _LABEL_WIDTH)  # the fields stay where they are when a mark is set
        self._grid.setColumnStretch(1, 1)
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(self.undo)
        self.buttons.addStretch(1)
        column.addLayout(self._grid)
        column.addLayout(self.buttons)
        self._head(0)
        self._unfold(False)

    def fill(self, registered: Mapping[str, Mapping[str, object]]) -> None:
        """Args: registered: the parts by kind and name."""
        for row, kind in enumerate(registered):
            label, field = QLabel(), QComboBox()
            label.setBuddy(field)
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMinimumContentsLength(8)
            field.setAccessibleName(kind.capitalize())
            field.activated.connect(lambda _, kind=kind, field=field: self.chosen.emit(kind, field.currentData()))
            self._guard.watch(field)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(field, row, 1)
            self.labels[kind], self.fields[kind] = label, field

    def show_parts(
        self, profile: Profile, registered: Mapping[str, Mapping[str, object]], changed: Mapping[str, str]
    ) -> None:
        """Args:
        registered: the parts by kind and name.
        changed: the names of those that are others than the profile's.
        """
        for kind, field in self.fields.items():
            own = profile.settled_name(kind)
            field.clear()
            if own is None:
                field.addItem("its own settings", "")
            for name in registered[kind]:
                field.addItem(name, "" if name == own else name)
            field.setCurrentIndex(field.findData(changed.get(kind, "")))
            own = own or "settings of its own"
            self._mark(kind, f"{profile.name} has {own}" if kind in changed else f"as in {profile.name}")
        self._head(len(changed))

    def _mark(self, kind: str, hint: str) -> None:
        label, changed = self.labels[kind], not hint.startswith("as in ")
        label.setText(f"● {kind.capitalize()}" if changed else kind.capitalize())
        label.setProperty("changed", changed)
        label.style().polish(label)
        label.setToolTip(hint)
        self.fields[kind].setToolTip(f"{kind.capitalize()}: {hint}")

    def _head(self, changed: int) -> None:
        self.fold.setText(f"Building blocks, {changed} changed" if changed else "Building blocks")
        self.undo.setEnabled(changed > 0)

    def _unfold(self, on: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.setVisible(on)
