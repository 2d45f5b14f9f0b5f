"""How far the training of a scene is, with buttons that pause and end it; seen while there is one."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from daub.app.model.scene.training import Training
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.section import section

_UNIT = 1000  # of the bar


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
