"""How far the training of a scene is, with buttons that pause and end it, and what another goes by; seen while there is
one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QSpinBox, QVBoxLayout, QWidget

from daub.app.model.scene.training import Training
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.goal_field import FIELD_WIDTH
from daub.app.window.panels.section import section
from daub.app.window.panels.wheel_guard import WheelGuard

_UNIT = 1000  # of the bar
# By their names in `TrainingSettings`: on the screen, the smallest, the largest, the step, and what it is.
_FIELDS = {
    "gaussians": ("Gaussians", 100, 5_000_000, 5000, "that are grown to, and kept"),
    "iterations": ("Steps", 1, 10_000_000, 500, "of the training, one photo each"),
    "size": ("Size", 16, 8192, 50, "of the longer side that photos are reduced to, pixels; smaller ones stay"),
    "degree": ("Degree", 0, 4, 1, "of the harmonics: how much a colour may change with the direction"),
}


class TrainingSection(QWidget):
    """See above."""

    def __init__(self, training: Training, actions: Actions):
        super().__init__()
        self._training = training
        self.words, self.bar = QLabel(), QProgressBar()
        self.words.setWordWrap(True)
        self.bar.setRange(0, _UNIT)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Training that is done")
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        rows.addWidget(self.words)
        rows.addWidget(self.bar)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for name in ("pause_training", "stop_training"):
            buttons.addWidget(ActionButton(actions[name], "plain"), 1)
        rows.addLayout(buttons)
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        self._guard, self.fields = WheelGuard(self), {}
        for row, (name, (title, *limits, hint)) in enumerate(_FIELDS.items()):
            field, label = self._field(name, title, limits, hint), QLabel(title)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            self.fields[name] = field
        rows.addLayout(grid)
        self.hint = QLabel("The training that is on goes by others; Train anew goes by these.")
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "dim")
        rows.addWidget(self.hint)
        rows.addWidget(ActionButton(actions["train_anew"], "plain"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(section("TRAINING", content))
        training.advanced.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows it as it is now."""
        self.setVisible(self._training.is_on)
        words = "\n".join(self._training.facts)
        if self.words.text() != words:
            self.words.setText(words)
        self.bar.setValue(round(_UNIT * self._training.fraction))
        for name, field in self.fields.items():
            if not field.hasFocus():  # half a number may have been typed into it
                field.blockSignals(True)
                field.setValue(getattr(self._training.wanted, name))
                field.blockSignals(False)
        self.hint.setVisible(not self._training.is_as_wanted)

    def _field(self, name: str, title: str, limits: list[int], hint: str) -> QSpinBox:
        field = QSpinBox()
        smallest, largest, step = limits
        field.setRange(smallest, largest)
        field.setSingleStep(step)
        field.setGroupSeparatorShown(True)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setKeyboardTracking(False)
        field.setAccessibleName(title)
        field.setToolTip(f"{title}: {hint}; of the next training")
        field.setFixedWidth(FIELD_WIDTH)
        field.valueChanged.connect(partial(self._change, name))
        self._guard.watch(field)
        return field

    def _change(self, name: str, value: int) -> None:
        self._training.change(**{name: value})
