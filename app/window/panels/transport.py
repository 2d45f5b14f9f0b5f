"""Play, step, stop, and how far the fit is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from daub.app.model.fit_state import FitState, Phase
from daub.app.window.viewport.hud import time_left

_STEPS = 1000  # of the bar
_JOINED = "\u2060"  # no line is broken here; it has no width


class Transport(QWidget):
    """Args: actions: by name; the buttons are theirs."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None):
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        row = QHBoxLayout()
        row.setSpacing(6)
        for name in ("play", "step", "stop", "restart"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(20, 20))
            button.setProperty("transport", True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFixedHeight(34)
            button.setAccessibleName(actions[name].text())
            row.addWidget(button)
        column.addLayout(row)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        line = QHBoxLayout()
        self.phase = QLabel()
        self.phase.setMinimumWidth(1)  # a long one must not widen the panel
        self.left = QLabel()
        self.left.setProperty("role", "dim")
        self.left.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.addWidget(self.phase, 1)
        line.addWidget(self.left)
        column.addLayout(line)
        self.writer = QLabel()
        self.writer.setProperty("role", "dim")
        self.writer.setWordWrap(True)
        self.writer.hide()
        column.addWidget(self.writer)

    def show_state(self, state: FitState) -> None:
        self.bar.setValue(round(_STEPS * state.fraction))
        text = state.phase.value
        if state.phase in (Phase.FITTING, Phase.PAUSED) and state.steps:
            text += f" · step {state.step} of {state.steps}"
        elif state.phase is Phase.STOPPED and state.encoded is not None:
            text += f" at step {state.step} · file is ready"
        elif state.phase is Phase.FINISHED:
            text += " · file is ready"
        self.phase.setText(text)
        left = time_left(state)
        self.left.setText(f"{left} left" if left and state.phase is not Phase.PAUSED else "")
        note = writer_note(state)
        self.writer.setText(note.replace("+", f"{_JOINED}+"))  # no line ends within gaussianimage++
        self.writer.setVisible(bool(note))


def writer_note(state: FitState) -> str:
    """Who writes the file, where it is not the method that fits."""
    if not state.written_by_us:
        return ""
    file = "A file made before the end" if state.encoded is None else "The file"
    return f"{file} is refined and written by Daub's own quantiser and coder, not by {state.method}"
